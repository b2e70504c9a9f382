/** A finding about a spec, as every front shows it: the terminal, `--json`, the editor. */

/** Lines and columns count from 1, columns in UTF-16 code units; the end is exclusive. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What a related place says where the same is wrong there; its lines are told in one. */
export const AGAIN = "and here";

/** Another place that explains the finding ("first declared here"). */
export interface Related {
  readonly message: string;
  readonly file: string;
  readonly range: Range;
}

export interface Edit {
  readonly file: string;
  readonly range: Range;
  /** Replaces what stands in `range`; an empty range inserts. */
  readonly text: string;
}

/** A change that a machine may make. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** A finding from which another follows; it may follow from a third in turn. */
export interface Cause {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly range: Range;
  readonly because?: Cause;
}

export interface Diagnostic {
  /** `ML2005`; its page is `docs/diagnostics/ML2005.md`. */
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  /** Says what to change, alone on one line. */
  readonly message: string;
  readonly file: string;
  readonly range: Range;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
  /** What this finding follows from; absent where it is a root. */
  readonly because?: Cause;
  /** What to do next, when the message does not say it all. */
  readonly help: string | null;
  /** Facts that bear it out, a line each: places of bad rows, numbers. */
  readonly details?: readonly string[];
  /** What did not run because of it: "model scorer". */
  readonly stops?: readonly string[];
  /** The page that explains the code, relative to the package. */
  readonly page: string;
}

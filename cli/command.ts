/** What every command file exports, and what it is given. */
import type { Command } from "commander";
import type { Program } from "../language/ir/program.ts";

export const EXIT = { done: 0, wrong: 1, refused: 2, outside: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Terminal {
  /** Answers: standard output. With `--json` only the one JSON document. */
  out(text: string): void;
  /** Progress, diagnostics, hints: standard error. */
  err(text: string): void;
  /** Colours are allowed (a terminal, NO_COLOR unset). */
  readonly color: boolean;
  readonly interactive: boolean;
  readonly width: number;
}

export interface Invocation {
  readonly terminal: Terminal;
  readonly cwd: string;
  readonly json: boolean;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /**
   * Parses, checks and lowers a spec. Prints diagnostics and returns null when it has errors (exit code 1).
   */
  load(spec: string, settings?: Settings): Promise<Loaded | null>;
}

/** What the command line says of a spec's values. */
export interface Settings {
  /** `name=value` of each `--set`. */
  readonly set: readonly string[];
  /** Of `--environment`. */
  readonly environment: string | null;
}
export const NO_SETTINGS: Settings = { set: [], environment: null };

export interface Loaded {
  readonly program: Program;
  /** Absolute folder of the spec. */
  readonly project: string;
  /** Absolute path of the spec. */
  readonly spec: string;
}

/** One file of `cli/commands/` exports one of these as `command`. */
export interface CommandModule {
  /** Adds arguments, options and examples; `run` is called with what commander read. */
  define(command: Command): void;
  run(
    invocation: Invocation,
    args: readonly string[],
    options: Readonly<Record<string, unknown>>,
  ): Promise<ExitCode>;
}

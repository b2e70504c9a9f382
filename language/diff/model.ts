/** What differs in meaning between two programs. `before` and `after` are the two sides everywhere. */
import type { Declaration, Program, SourceRange } from "../ir/program.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";

/** Which way a condition moved: what met it before meets it still (looser), or what meets it now met it before (tighter). */
export type Direction = "looser" | "tighter";

/** One attribute, member, rule or column that differs, in the words of the language. */
export interface Change {
  /** As a reader finds it: `trees`, `split.train`, `schema.income`, `require`. */
  readonly path: string;
  /** As it is written; null: not there. */
  readonly before: string | null;
  readonly after: string | null;
  /** The side on which nobody wrote it: it is the default there. */
  readonly defaulted: "before" | "after" | null;
  /** `same`: a rule asks the same, and says something else when it does not hold. */
  readonly direction: Direction | "same" | null;
  /** For a list without an order: what joined and what left; empty otherwise. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** For a text of several lines: the lines, each kept (` `), taken out (`-`) or put in (`+`); empty otherwise. */
  readonly lines: readonly string[];
  /** Where it stands: after, or before when it is gone; null when it is written nowhere. */
  readonly place: SourceRange | null;
}

export type Status = "added" | "removed" | "changed" | "renamed";

/** A declaration that differs by itself, whatever happened above it. */
export interface DeclarationDiff {
  readonly status: Status;
  /** The id after; of a removed one the id before. */
  readonly id: string;
  /** The id before, when it was another: it was renamed, and changed besides when the status is `changed`. */
  readonly was: string | null;
  readonly kind: string;
  readonly variant: string | null;
  readonly before: Declaration | null;
  readonly after: Declaration | null;
  /** What differs; for an added or removed declaration everything that is written in it. */
  readonly changes: readonly Change[];
  /** Models and stateful declarations that follow from it. */
  readonly reaches: readonly Reached[];
}

/** A declaration with a life outside of the spec, or a model, that a change reaches. */
export interface Reached {
  /** The id after; of one that is gone the id before. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** The name outside of stateful kinds. */
  readonly external: string | null;
  readonly gone: boolean;
}

/** A step whose key is another: it runs again unless an earlier result fits. */
export interface Rerun {
  readonly id: string;
  /** It differs by itself. */
  readonly own: boolean;
  /** Ids after of what it names and whose meaning differs. */
  readonly because: readonly string[];
}

export interface ValueDiff {
  readonly name: string;
  /** As it is written; null: not there. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What a reviewer must know beyond what differs. */
export interface Note {
  /** `breaking`: somebody outside is affected; `caution`: numbers or guards do not mean what they meant. */
  readonly level: "breaking" | "caution";
  /** A stable word for machines: `request`, `gate-looser`, `rows`. */
  readonly topic: string;
  /** The id of the declaration that it is about, after (before when it is gone); null: the whole program. */
  readonly declaration: string | null;
  /** One sentence. */
  readonly message: string;
}

export interface OwnersDiff {
  readonly id: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface ProgramDiff {
  readonly before: Program;
  readonly after: Program;
  /** The meaning is the same; names, layout, order and documentation may differ. */
  readonly same: boolean;
  /** In the order in which results flow; removed ones last. */
  readonly declarations: readonly DeclarationDiff[];
  readonly params: readonly ValueDiff[];
  /** Secrets that one side alone names. */
  readonly secrets: readonly ValueDiff[];
  /** Null when it is the same. */
  readonly environment: ValueDiff | null;
  readonly owners: readonly OwnersDiff[];
  /** Tests that differ by themselves: no steps, and in nobody's meaning. */
  readonly tests: readonly DeclarationDiff[];
  /** What environments change where they are chosen: in nobody's meaning either. */
  readonly environments: readonly DeclarationDiff[];
  /** Ids of tests that are new, that differ, or that try something that does. */
  readonly retry: readonly string[];
  /** In the order in which they run. */
  readonly reruns: readonly Rerun[];
  /** All that any change reaches. */
  readonly reached: readonly Reached[];
  readonly notes: readonly Note[];
  /** Those to ask: owners of what differs and of what it reaches. */
  readonly ask: readonly string[];
}

/** Both sides and how they belong together. */
export interface Sides {
  readonly before: Program;
  readonly after: Program;
  readonly vocabulary: Vocabulary;
  /** By id after, the id before. */
  readonly matched: ReadonlyMap<string, string>;
}

/** What a rule about changes is given; each is one small file of `stdlib/changes/`. */
export interface NoteContext extends Sides {
  readonly declarations: readonly DeclarationDiff[];
  /** What matches it before; null when it is new. */
  beforeOf(after: Declaration): Declaration | null;
  /** By id, on either side. */
  find(side: "before" | "after", id: string): Declaration | null;
}
export type NoteRule = (context: NoteContext) => readonly Note[];

/** Owners of a declaration, none where nobody is named. */
export const ownersOf = (declaration: Declaration | null): readonly string[] => declaration?.owners ?? [];

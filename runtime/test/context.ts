/** What trying a test needs. */
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Test } from "../../stdlib/kinds/test.ts";
import type { StepResult } from "../execute/step.ts";
import type { Kinds } from "../plan/meaning.ts";
import type { LocalStore } from "../store/store.ts";

export interface TestContext {
  readonly program: Program;
  readonly declaration: Declaration;
  readonly props: Test;
  /** Results of the steps that the test needs, by id. */
  readonly results: ReadonlyMap<string, StepResult>;
  /** Absolute folder that relative paths of the spec are relative to. */
  readonly project: string;
  readonly store: LocalStore;
  /** The kinds of stdlib, whose schemas say what an attribute is when it is not written. */
  readonly kinds: Kinds;
  readonly signal: AbortSignal;
  readonly threads: number;
  /** A snapshot that differs is written anew. */
  readonly update: boolean;
}

/** A declaration of the program; the checker has seen to it that it is there. */
export function declarationOf(program: Program, id: string): Declaration {
  const found = program.declarations.find((declaration) => declaration.id === id);
  if (found === undefined) throw new Error(`the program does not hold ${id}`);
  return found;
}

/**
 * The steps that a program needs, found by their kinds' names: `runtime/steps/KIND.ts` exports `step`. Nothing lists
 * them, so a new kind is a new file, and a plan loads no step that its program does not have.
 */
import type { Program } from "../../language/ir/program.ts";
import type { Executors } from "../plan/inspect.ts";
import type { StepExecutor } from "./step.ts";

/** The executors of a program's kinds; a kind that this edition does not carry out is not among them. */
export async function executorsOf(program: Pick<Program, "declarations">): Promise<Executors> {
  const kinds = [...new Set(program.declarations.map(({ kind }) => kind))];
  const found = await Promise.all(kinds.map(async (kind) => [kind, await executorOf(kind)] as const));
  return new Map(found.filter((entry): entry is [string, StepExecutor] => entry[1] !== null));
}

async function executorOf(kind: string): Promise<StepExecutor | null> {
  // Kinds are words of stdlib, but an IR may come from elsewhere: no way out of the folder.
  if (!/^[a-z][a-z0-9_]*$/.test(kind)) return null;
  try {
    const { step }: { readonly step: StepExecutor } = await import(`../steps/${kind}.ts`);
    return step;
  } catch (error) {
    if (isAbsent(error, kind)) return null;
    throw error;
  }
}

/** No such file: said by Node, by the bundle that `scripts/build.ts` makes, and by the tests' runner. */
function isAbsent(error: unknown, kind: string): boolean {
  const said = error instanceof Error ? error.message : "";
  const [, path = ""] =
    /^(?:Cannot find module|Module not found in bundle:|Unknown variable dynamic import:) '?([^'\s]+)/.exec(
      said,
    ) ?? [];
  return path.endsWith(`/steps/${kind}.ts`);
}

/** Results of the steps that tests need: what is there is taken, what is missing or stale is carried out. */
import { inOrder } from "../../language/ir/order.ts";
import type { SettledStep } from "../execute/report.ts";
import { type RunOptions, runProgram } from "../execute/run.ts";
import type { StepResult } from "../execute/step.ts";
import { Inspector, type Seen, type Workplace } from "../plan/inspect.ts";

export interface NeededResults {
  readonly results: ReadonlyMap<string, StepResult>;
  /** Steps that were tried and gave no result; none when everything was there. */
  readonly failed: readonly SettledStep[];
  readonly exit: 0 | 1 | 2 | 3 | 130;
}

export async function neededResults(
  options: Omit<RunOptions, "only">,
  needed: ReadonlySet<string>,
): Promise<NeededResults> {
  const there = await resultsThere(options, needed);
  if (there !== null) return { results: there, failed: [], exit: 0 };
  const { steps, exit } = await runProgram({ ...options, only: needed });
  const results = new Map<string, StepResult>();
  for (const step of steps) {
    if (step.result !== null && (step.status === "ran" || step.status === "reused"))
      results.set(step.declaration, step.result);
  }
  return { results, failed: steps.filter((step) => !results.has(step.declaration)), exit };
}

/** Null as soon as one is missing: then a run does the rest, and is tracked as one. */
async function resultsThere(
  place: Workplace,
  needed: ReadonlySet<string>,
): Promise<ReadonlyMap<string, StepResult> | null> {
  if (needed.size === 0) return new Map();
  const inspector = new Inspector(place);
  const seen = new Map<string, Seen>();
  for (const declaration of inOrder(place.program)) {
    if (!needed.has(declaration.id)) continue;
    // A run says of a step that cannot be looked at what is wrong with it.
    const inspection = await inspector.inspect(declaration, seen).catch(() => null);
    const record = inspection?.record ?? null;
    if (record === null) return null;
    seen.set(declaration.id, inspector.see(declaration, record.result, record.outcome, seen));
  }
  return new Map([...seen].map(([id, { result }]) => [id, result]));
}

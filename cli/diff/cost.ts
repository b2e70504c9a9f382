/** What a run would do with the steps that a change touches, as far as earlier runs tell. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import type { ProgramDiff } from "../../language/diff/model.ts";
import { type PlannedStep, planProgram } from "../../runtime/plan/plan.ts";
import { stateOf } from "../project.ts";
import { openWorkplace } from "../workplace.ts";
import type { TwoSides } from "./sides.ts";

/** One step whose key is another, and what becomes of it. */
export interface Step {
  readonly id: string;
  /** `unknown`: nothing has run here, so that nothing can be reused. */
  readonly action: PlannedStep["action"] | "unknown";
  /** Why it may be reused or is blocked; empty otherwise. */
  readonly why: readonly string[];
  /** Seconds the last time; null when it has never run. */
  readonly seconds: number | null;
}

/**
 * The steps of `diff.reruns` as a plan of the side after has them, with the data files that lie here now; without an
 * earlier run all are unknown.
 */
export async function stepsOf(diff: ProgramDiff, { before, after }: TwoSides): Promise<readonly Step[]> {
  const project = dirname(after.spec);
  const unknown = () =>
    diff.reruns.map(({ id }): Step => ({ id, action: "unknown", why: [], seconds: null }));
  if (diff.reruns.length === 0 || !existsSync(stateOf(project))) return unknown();
  // Another file's runs are the earlier ones where that file is what is compared with.
  const spec = dirname(before.spec) === project ? before.spec : after.spec;
  const place = await openWorkplace({ program: diff.after, project, spec });
  try {
    const { steps } = await planProgram(place, availableParallelism());
    const planned = new Map(steps.map((step) => [step.id, step]));
    return diff.reruns.map(({ id }): Step => {
      const step = planned.get(id);
      if (step === undefined) return { id, action: "unknown", why: [], seconds: null };
      const told = step.action === "run" ? [] : step.why;
      return { id, action: step.action, why: told, seconds: step.action === "run" ? step.seconds : 0 };
    });
  } finally {
    place.close();
  }
}

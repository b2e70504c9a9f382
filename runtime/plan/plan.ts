/** What a run would do, and why: every step reused, to be run, or blocked. */
import { entryOf, fill } from "../../language/diagnostics/catalogue.ts";
import { inOrder, spoken } from "../../language/ir/order.ts";
import { failureOf } from "../execute/failure.ts";
import type { StepRecord } from "../store/records.ts";
import { Inspector, type Seen, type Workplace } from "./inspect.ts";

export type Action = "reuse" | "run" | "blocked" | "skip";

export interface PlannedStep {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly variant: string | null;
  readonly action: Action;
  readonly why: readonly string[];
  /** Seconds that it took the last time; null when it has never run. Zero for a reused step. */
  readonly seconds: number | null;
  /** Bytes of memory at most the last time; null when it has never run. */
  readonly memory: number | null;
  /** Ids of the declarations that it names. */
  readonly after: readonly string[];
}

export interface Plan {
  /** Each after those it names. */
  readonly steps: readonly PlannedStep[];
  /** Seconds until the last step ends when as many as `parallel` run side by side; steps never run count nothing. */
  readonly seconds: number;
  /** How many steps to run have never run before, so that `seconds` leaves them out. */
  readonly unknown: number;
}

/** Says of each step what a run would do now. Writes nothing but the cache of file digests. */
export async function planProgram(place: Workplace, parallel = 2): Promise<Plan> {
  const inspector = new Inspector(place);
  const ordered = inOrder(place.program);
  const seen = new Map<string, Seen>();
  const steps = new Map<string, PlannedStep>();
  /** Steps that will run again only to say no again. */
  const refusals = new Set<string>();
  for (const declaration of ordered) {
    const { id, name, kind, variant, refs: after } = declaration;
    const settle = (action: Action, why: readonly string[], previous: StepRecord | null) => {
      const seconds = action === "run" ? (previous?.seconds ?? null) : 0;
      const memory = action === "run" ? (previous?.memory ?? null) : 0;
      steps.set(id, { id, name, kind, variant, action, why, seconds, memory, after });
    };
    if (!place.executors.has(kind)) {
      settle("skip", [`this edition checks ${kind} declarations and does not carry them out`], null);
      continue;
    }
    const stopped = after.filter((ref) => ["blocked", "skip"].includes(steps.get(ref)!.action));
    const refusing = after.filter((ref) => refusals.has(ref) && steps.get(ref)!.action === "run");
    if (stopped.length > 0 || refusing.length > 0) {
      const reasons = [
        ...refusing.map((ref) => `${spoken(ref)} said no to the very same input`),
        ...stopped.map(
          (ref) => `${spoken(ref)} is ${steps.get(ref)!.action === "skip" ? "not carried out" : "blocked"}`,
        ),
      ];
      settle("blocked", reasons, null);
      continue;
    }
    const running = after.filter((ref) => !seen.has(ref));
    if (running.length > 0) {
      const own = await inspector.changesOf(declaration);
      settle(
        "run",
        [...own, ...running.map((ref) => `${spoken(ref)} runs first`)],
        await inspector.previous(declaration),
      );
      continue;
    }
    const inspection = await inspector
      .inspect(declaration, seen)
      .catch((error) => failureOf(error, id, place.store.root));
    if ("diagnostic" in inspection) {
      const { code, values } = inspection.diagnostic;
      settle("blocked", [`${code} ${fill(entryOf(code).message, values)}`], null);
      continue;
    }
    if (inspection.refused !== null) refusals.add(id);
    if (inspection.record !== null) {
      seen.set(id, inspector.see(declaration, inspection.record.result, inspection.record.outcome, seen));
    }
    settle(inspection.record === null ? "run" : "reuse", inspection.why, inspection.previous);
  }
  const list = [...steps.values()];
  return {
    steps: list,
    seconds: makespan(list, parallel),
    unknown: list.filter((step) => step.seconds === null).length,
  };
}

/** List scheduling (Graham 1966): each step starts when those it names are done and a place is free. */
function makespan(steps: readonly PlannedStep[], parallel: number): number {
  const free = new Array<number>(Math.max(1, parallel)).fill(0);
  const ends = new Map<string, number>();
  for (const { id, seconds, after } of steps) {
    const ready = Math.max(0, ...after.map((ref) => ends.get(ref) ?? 0));
    if (seconds === null || seconds === 0) {
      ends.set(id, ready);
      continue;
    }
    const place = free.indexOf(Math.min(...free));
    const end = Math.max(ready, free[place]!) + seconds;
    free[place] = end;
    ends.set(id, end);
  }
  return Math.max(0, ...ends.values());
}

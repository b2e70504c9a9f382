/** Carries a release out: the model becomes a version, and the alias moves to it. */
import type { Evaluation } from "../../stdlib/kinds/evaluation.ts";
import type { Release } from "../../stdlib/kinds/release.ts";
import type { Json, StepContext, StepResult } from "../execute/step.ts";
import { StepFailure } from "../execute/step.ts";
import { manifestOf } from "./manifest.ts";
import { openRegistry } from "./registry.ts";

/** The step of a `release` declaration; the scheduler runs it only behind a gate that passed. */
export async function runRelease(context: StepContext): Promise<StepResult> {
  const { declaration, store, inputs } = context;
  // The planner hands over what stdlib's schema of the kind accepted.
  const props = context.props as unknown as Release;
  const model = inputs.get(props.model.ref);
  if (model === undefined) throw new Error(`no result of ${props.model.ref}`);
  if (inputs.get(props.gate.ref)?.summary["status"] !== "passed") {
    const gate = props.gate.ref.slice(props.gate.ref.indexOf(".") + 1);
    throw new StepFailure(
      {
        code: "ML6034",
        values: { gate, release: declaration.name },
        declaration: declaration.id,
        pointer: "/gate",
      },
      2,
    );
  }
  const name = declaration.external ?? declaration.name;
  await store.put(manifestOf(model.outputs));
  using registry = openRegistry(store.root);
  const version = { name, files: model.outputs, ...measured(context, props), by: "mlops run" };
  const released = registry.release(version, props.alias);
  const moved = released.previous === null ? "" : ` instead of ${released.previous}`;
  return {
    outputs: { "manifest.json": released.model },
    summary: {
      name,
      version: released.version,
      alias: props.alias,
      previous: released.previous,
      model: released.model,
      threshold: released.threshold,
    },
    notes: [`${name}@${released.version} is ${props.alias}${moved}`],
  };
}

/** What the evaluations of the model say of it: their metrics, and the threshold when costs chose it. */
function measured(
  context: StepContext,
  props: Release,
): { threshold: number | null; metrics: Record<string, number | null> } {
  const metrics: Record<string, number | null> = {};
  let threshold: number | null = null;
  const judged = context.program.declarations
    .filter(
      (one) =>
        one.kind === "evaluation" && (one.props as unknown as Evaluation).model.ref === props.model.ref,
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id, name } of judged) {
    const summary = context.inputs.get(id)?.summary;
    if (summary === undefined) continue;
    for (const [key, value] of Object.entries((summary["metrics"] ?? {}) as Record<string, Json>)) {
      metrics[`${name}.${key}`] = typeof value === "number" ? value : null;
    }
    if (summary["threshold_chosen"] !== true) continue;
    const chosen = Number(summary["threshold"]);
    if (threshold !== null && threshold !== chosen) throw twoThresholds(context, threshold, chosen);
    threshold = chosen;
  }
  return { threshold, metrics };
}

function twoThresholds(context: StepContext, one: number, other: number): StepFailure {
  const { name, id } = context.declaration;
  const values = { release: name, thresholds: `${one} and ${other}` };
  return new StepFailure({ code: "ML6035", values, declaration: id, pointer: "/gate" });
}

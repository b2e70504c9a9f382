/** What an evaluation may not ask of a model; known before anything is predicted. */
import type { Declaration } from "../../language/ir/program.ts";
import { metricKey } from "../../language/vocabulary/metric-key.ts";
import type { Evaluation } from "../../stdlib/kinds/evaluation.ts";
import { StepFailure } from "../execute/step.ts";
import type { PortableModel } from "../portable/form.ts";
import { CONFUSION, COST_METRICS, METRICS } from "./metrics/metric.ts";

/** @throws StepFailure ML6002, ML6003 or ML6006 */
export function checkEvaluation(declaration: Declaration, props: Evaluation, model: PortableModel): void {
  const refuse = (code: string, pointer: string, values: Readonly<Record<string, string>>) => {
    throw new StepFailure({
      code,
      values: { evaluation: declaration.name, ...values },
      declaration: declaration.id,
      pointer,
    });
  };
  for (const attribute of ["cost", "threshold", "threshold_on"] as const) {
    if (props[attribute] === undefined || model.task === "binary") continue;
    const found = model.task === "regression" ? "is a number" : `has ${model.classes.length}`;
    refuse("ML6002", `/${attribute}`, { attribute, target: model.target, found });
  }
  props.metrics.forEach((metric, i) => {
    const key = metricKey(metric);
    const binaryOnly = metric.args["top"] !== undefined || metric.args["average"] === "binary";
    const tasks =
      metric.name === CONFUSION ? (["binary", "multiclass"] as const) : (METRICS[metric.name]?.tasks ?? []);
    const fits = tasks.some((task) => task === model.task) && (model.task === "binary" || !binaryOnly);
    if (!fits) {
      const metrics = Object.keys(METRICS).filter((name) => METRICS[name]!.tasks.includes(model.task));
      refuse("ML6003", `/metrics/${i}`, { metric: key, task: model.task, metrics: metrics.join(", ") });
    }
    if (COST_METRICS.has(metric.name) && props.cost === undefined)
      refuse("ML6006", `/metrics/${i}`, { metric: key });
  });
}

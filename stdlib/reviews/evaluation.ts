/** What of an evaluation cannot be computed, told from the model that it judges. */
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import { metricKey } from "../../language/vocabulary/metric-key.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import type { Evaluation } from "../kinds/evaluation.ts";
import { emptyPart, lacking, schemaOf } from "./rows.ts";

type Of = (reference: Reference) => Neighbour | null;

export function reviewEvaluation(props: Evaluation, name: string, of: Of): Objection[] {
  const model = of(props.model);
  if (model === null || model.target === null) return [];
  return [
    ...reviewRows(props, model, of),
    ...reviewClasses(props, name, model),
    ...emptyPart(props.data, "/data", of),
    ...emptyPart(props.threshold_on, "/threshold_on", of),
  ];
}

function reviewRows(props: Evaluation, model: Neighbour, of: Of): Objection[] {
  const data = model.props["data"] as Reference; // every model has it
  const target = schemaOf(data, of)?.find((column) => column.name === model.target);
  if (target === undefined) return [];
  const reader = { name: model.name, data, target };
  const { threshold_on: on } = props;
  return [
    ...lacking(props.data, "/data", reader, of),
    ...(on === undefined ? [] : lacking(on, "/threshold_on", reader, of)),
  ];
}

/** `top` and `average = binary` are of one positive class. */
function reviewClasses(props: Evaluation, name: string, model: Neighbour): Objection[] {
  const { tasks } = model;
  if (tasks === null || !tasks.includes("multiclass") || tasks.includes("binary")) return [];
  return props.metrics.flatMap((metric, index) => {
    if (metric.args["top"] === undefined && metric.args["average"] !== "binary") return [];
    const target = model.target ?? "the target";
    const values = { evaluation: name, attribute: metricKey(metric), target, found: "has more" };
    return [{ code: "ML6002", values, pointer: `/metrics/${index}` }];
  });
}

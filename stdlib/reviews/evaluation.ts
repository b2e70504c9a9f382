/** What of an evaluation cannot be computed, told from the model that it judges. */
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import { metricKey } from "../../language/vocabulary/metric-key.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import type { Evaluation } from "../kinds/evaluation.ts";
import { languageMetrics } from "../metrics/language.ts";
import { reviewJudgedRows } from "./language-data.ts";
import { emptyPart, lacking, schemaOf } from "./rows.ts";

type Of = (reference: Reference) => Neighbour | null;

export function reviewEvaluation(props: Evaluation, name: string, of: Of): Objection[] {
  const model = of(props.model);
  if (model === null) return [];
  if (model.target === null)
    return [
      ...reviewStopped(props, model),
      ...reviewLanguage(props, name, model, of),
      ...emptyPart(props.data, "/data", of),
    ];
  return [
    ...reviewRows(props, model, of),
    ...reviewClasses(props, name, model),
    ...emptyPart(props.data, "/data", of),
    ...emptyPart(props.threshold_on, "/threshold_on", of),
  ];
}

/** Where `patience` chose the weights, the part that it watched flatters them. */
function reviewStopped(props: Evaluation, model: Neighbour): Objection[] {
  const { validate, patience } = model.props as { validate?: Reference; patience?: number };
  if (patience === undefined || validate === undefined || validate.ref !== props.data.ref) return [];
  const both = validate.part === undefined || props.data.part === undefined;
  if (!both && validate.part !== props.data.part) return [];
  const name = props.data.ref.slice(props.data.ref.indexOf(".") + 1);
  const part = props.data.part === undefined ? name : `${name}.${props.data.part}`;
  return [{ code: "ML3012", values: { model: `the model \`${model.name}\``, part }, pointer: "/data" }];
}

const isOfPairs = (metric: string): boolean =>
  languageMetrics.some((spec) => spec.name === metric && spec.tasks.includes("preference"));

/** A model that predicts text: pairs are judged apart, and nothing is sliced. */
function reviewLanguage(props: Evaluation, name: string, model: Neighbour, of: Of): Objection[] {
  const isLanguage = model.tasks?.some((task) => ["language", "sequence", "preference"].includes(task));
  if (isLanguage !== true) return [];
  const found: Objection[] = [];
  if (props.slices !== undefined)
    found.push({ code: "ML6100", values: { evaluation: name, attribute: "slices" }, pointer: "/slices" });
  const others = props.metrics.filter((metric) => !isOfPairs(metric.name)).map((metric) => metric.name);
  if (others.length > 0 && others.length < props.metrics.length) {
    const values = { evaluation: name, others: others.join(", ") };
    return [...found, { code: "ML6101", values, pointer: "/metrics" }];
  }
  return [...found, ...reviewJudgedRows(props, name, model, of)];
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

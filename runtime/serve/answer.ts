/** Predictions as JSON text, written by functions made once for a model. */
import type { PortableModel } from "../portable/form.ts";

/** One prediction inside arrays that may hold many. */
export interface PredictionView {
  /** [learner.outputs] from `rawAt` */
  readonly raw: ArrayLike<number>;
  readonly rawAt: number;
  /** [classes] from `probabilitiesAt`; null for regression */
  readonly probabilities: ArrayLike<number> | null;
  readonly probabilitiesAt: number;
  /** The class's index, or the value. */
  readonly predicted: number;
}

/** Writes the members of one prediction's object, without braces. */
export type PredictionWriter = (view: PredictionView, withRaw: boolean) => string;

/** @returns a writer that has every name and label escaped already */
export function predictionWriter(model: PortableModel): PredictionWriter {
  const outputs = model.learner.outputs;
  const raw = (view: PredictionView): string => {
    let text = `,"raw":[${view.raw[view.rawAt]}`;
    for (let k = 1; k < outputs; k++) text += `,${view.raw[view.rawAt + k]}`;
    return `${text}]`;
  };
  if (model.task === "regression") {
    return (view, withRaw) => `"value":${view.predicted}${withRaw ? raw(view) : ""}`;
  }
  const labels = model.classes.map((name) => `"label":${JSON.stringify(name)},"probability":`);
  const keys = model.classes.map(
    (name, k) => `${k === 0 ? ',"probabilities":{' : ","}${JSON.stringify(name)}:`,
  );
  const classes = model.classes.length;
  return (view, withRaw) => {
    const probabilities = view.probabilities!;
    const at = view.probabilitiesAt;
    let text = labels[view.predicted]! + probabilities[at + view.predicted];
    for (let k = 0; k < classes; k++) text += keys[k]! + probabilities[at + k];
    return `${text}}${withRaw ? raw(view) : ""}`;
  };
}

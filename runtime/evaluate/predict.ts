/** A model's predictions beside the truth. */
import type { PortableModel } from "../portable/form.ts";
import { predictTable } from "../portable/predict.ts";
import type { LabelledRows } from "./labelled-rows.ts";
import type { Scored } from "./scored.ts";

/** Predicts as the server does, through the direct evaluator, at the model's threshold. */
export function predictScored(model: PortableModel, { table, target }: LabelledRows): Scored {
  const { probabilities, predicted } = predictTable(model, table);
  return {
    task: model.task,
    classes: model.classes,
    rows: table.rows,
    truth: target.values,
    predicted,
    probabilities,
  };
}

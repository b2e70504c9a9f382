/** A model's predictions beside the truth. */
import type { LoadedTable } from "../data/load.ts";
import type { Target } from "../learn/frame.ts";
import type { PortableModel } from "../portable/form.ts";
import { predictTable } from "../portable/predict.ts";
import type { Scored } from "./scored.ts";

/** Raw columns and what is known of the target, row by row. */
export interface LabelledRows {
  readonly table: LoadedTable;
  readonly target: Target;
}

/** Predicts as the server does, through the direct evaluator, at the model's threshold. */
export function predictScored(model: PortableModel, rows: LabelledRows): Scored {
  const { probabilities, predicted } = predictTable(model, rows.table);
  return {
    task: model.task,
    classes: model.classes,
    rows: rows.table.rows,
    truth: rows.target.values,
    predicted,
    probabilities,
  };
}

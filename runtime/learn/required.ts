/** Which columns a caller must give: those without which a linear model or a network has no answer. */
import type { Table } from "../data/table.ts";
import type { InputColumn, PortableModel } from "../portable/form.ts";
import { predictTable } from "../portable/predict.ts";

/**
 * Neither can read a missing number. A nullable column that nothing imputes was complete in training, so
 * nothing stopped it there; its model must ask every caller for it. Found by trying: the given rows are predicted with
 * each nullable number missing.
 */
export function requiredInputs(model: PortableModel, rows: Table): InputColumn[] {
  if (model.learner.is === "trees") return [...model.inputs];
  return model.inputs.map((input) => {
    const column = rows.columns.get(input.name);
    if (!input.nullable || column?.type !== "number") return input;
    const missing = { type: "number", values: new Float64Array(rows.rows).fill(Number.NaN) } as const;
    const { raw } = predictTable(model, {
      rows: rows.rows,
      columns: new Map([...rows.columns, [input.name, missing]]),
    });
    return { ...input, nullable: !raw.some(Number.isNaN) };
  });
}

import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { InputColumn } from "./form.ts";

/** A column of a schema as a model's callers give it. */
export const inputOf = (column: ColumnSchema): InputColumn => ({
  name: column.name,
  type: column.type,
  nullable: column.nullable,
  min: column.min,
  max: column.max,
  values: column.values,
  format: column.format,
  doc: column.doc,
});

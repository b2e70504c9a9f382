import type { ColumnTask } from "./kind.ts";
import type { ColumnSchema } from "./types.ts";

/**
 * The tasks that predicting a column may be: one, or two when only the data tells how many classes there are,
 * or none when such a column cannot be predicted.
 */
export function tasksOf(column: ColumnSchema): readonly ColumnTask[] {
  switch (column.type) {
    case "int":
    case "float":
      return ["regression"];
    case "boolean":
      return ["binary"];
    case "category":
    case "string":
      if (column.positive !== null || column.values?.length === 2) return ["binary"];
      return column.values !== null ? ["multiclass"] : ["binary", "multiclass"];
    case "text":
    case "date":
    case "timestamp":
      return [];
  }
}

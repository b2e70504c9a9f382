/** Types of a query's columns against the declared ones: what no value could be read as. */
import type { ColumnSchema, ColumnType } from "../../language/vocabulary/types.ts";

type Family = "number" | "boolean" | "moment" | "text" | "nested" | "other";

function familyOf(type: string): Family {
  if (/[[(]/.test(type) && !/^DECIMAL\(/.test(type) && !/^ENUM\(/.test(type)) return "nested";
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL|BIGNUM)/.test(type)) return "number";
  if (type === "BOOLEAN") return "boolean";
  if (/^(DATE|TIMESTAMP)/.test(type)) return "moment";
  return /^(VARCHAR|ENUM|UUID|JSON)/.test(type) ? "text" : "other";
}

const NATURAL: Readonly<Record<Family, ColumnType>> = {
  number: "float",
  boolean: "boolean",
  moment: "timestamp",
  text: "string",
  nested: "text",
  other: "text",
};

/** The column type that a query's type fits; null when values of it can be read as declared. Text may hold anything. */
export function typeMismatch(column: ColumnSchema, type: string): ColumnType | null {
  const family = familyOf(type);
  const natural = type === "DATE" ? "date" : NATURAL[family];
  if (family === "text") return null;
  switch (column.type) {
    case "int":
    case "float":
      return family === "number" || family === "boolean" ? null : natural;
    case "boolean":
      return family === "boolean" || family === "number" ? null : natural;
    case "date":
    case "timestamp":
      // 20261231 is a date under `format "%Y%m%d"`.
      return family === "moment" || (family === "number" && column.format !== null) ? null : natural;
    default:
      return null;
  }
}

/** The shapes in which other protocols send tables, as rows of JSON values for the one checker. */
import type { InputColumn } from "../portable/form.ts";
import { isNumeric } from "../portable/input.ts";
import type { CsvBody } from "./body.ts";
import { RequestRefused } from "./problem.ts";

type JsonRow = Record<string, unknown>;

/** Names and rows of values, as pandas' `split` orientation. Rows may not be longer or shorter than the names. */
export function rowsOfTable(names: readonly unknown[], rows: readonly unknown[], where: string): JsonRow[] {
  const columns = names.map((name) => {
    if (typeof name !== "string") throw new RequestRefused(400, "columns must be a list of strings.");
    return name;
  });
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw new RequestRefused(400, `The column ${twice.slice(0, 100)} is given twice.`);
  return rows.map((row, at) => {
    if (!Array.isArray(row) || row.length !== columns.length) {
      const found = Array.isArray(row) ? `has ${row.length} values` : "is no list";
      throw new RequestRefused(
        400,
        `${where}: row ${at} ${found}; expected ${columns.length} values, one for each column.`,
      );
    }
    return Object.fromEntries(columns.map((name, i) => [name, row[i]]));
  });
}

/** A list of values for each name, all of one length (a single value stands for a list of one). */
export function rowsOfColumns(columns: Readonly<Record<string, unknown>>, where: string): JsonRow[] {
  let length: number | null = null;
  const lists = Object.entries(columns).map(([name, value]) => {
    const list = Array.isArray(value) ? value : [value];
    if (length !== null && list.length !== length) {
      throw new RequestRefused(
        400,
        `${where}.${name.slice(0, 100)} has ${list.length} values; expected ${length}, as the columns before it.`,
      );
    }
    length = list.length;
    return [name, list] as const;
  });
  return Array.from({ length: length ?? 0 }, (_, row) =>
    // [N, 1] nested lists are columns too.
    Object.fromEntries(lists.map(([name, list]) => [name, single(list[row])])),
  );
}

function single(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** CSV cells by the column's type; what cannot be read stays text, so that the checker names it. */
export function csvRows(columns: readonly InputColumn[], { header, rows }: CsvBody): JsonRow[] {
  const readers = new Map(columns.map((column) => [column.name, cellReader(column)]));
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined)
    throw new RequestRefused(400, `The column ${twice.slice(0, 100)} is named twice in the first line.`);
  return rows.map((row) =>
    Object.fromEntries(header.map((name, i) => [name, readers.get(name)?.(row[i]!) ?? null])),
  );
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function cellReader(column: InputColumn): (text: string) => unknown {
  if (!isNumeric(column) || column.type === "date" || column.type === "timestamp")
    return (text) => (text === "" ? null : text);
  if (column.type === "boolean") {
    const words: Readonly<Record<string, unknown>> = {
      true: true,
      false: false,
      "1": true,
      "0": false,
      "": null,
    };
    return (text) => (Object.hasOwn(words, text.toLowerCase()) ? words[text.toLowerCase()] : text);
  }
  return (text) => (text === "" ? null : NUMBER.test(text.trim()) ? Number(text) : text);
}

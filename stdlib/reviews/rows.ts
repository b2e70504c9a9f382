/** Whether rows have what a model reads. */
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import type { ColumnSchema, ColumnType, Reference } from "../../language/vocabulary/types.ts";
import { seenThrough } from "../kinds/seen.ts";

type Of = (reference: Reference) => Neighbour | null;

/** Types that enter a model alike. */
const FAMILIES: Readonly<Record<ColumnType, string>> = {
  int: "a number",
  float: "a number",
  boolean: "a number",
  date: "a date or timestamp",
  timestamp: "a date or timestamp",
  category: "a category, string or text",
  string: "a category, string or text",
  text: "a category, string or text",
};

/** The dataset whose rows a reference to features or to the dataset itself reads. */
export function datasetOf(reference: Reference, of: Of): Reference | null {
  if (reference.ref.startsWith("dataset.")) return reference;
  const from = of(reference)?.props["from"];
  return typeof from === "object" && from !== null && "ref" in from ? (from as Reference) : null;
}

/** The declared columns of the rows; undefined where only the data tells. */
export function schemaOf(reference: Reference, of: Of): readonly ColumnSchema[] | undefined {
  const dataset = datasetOf(reference, of);
  return dataset === null ? undefined : (of(dataset)?.props["schema"] as readonly ColumnSchema[] | undefined);
}

/** As `schemaOf`; a file of text has the one column `text` without saying so. */
export function columnsOf(
  reference: Reference,
  of: Of,
): readonly Pick<ColumnSchema, "name" | "type">[] | undefined {
  const dataset = datasetOf(reference, of);
  const isText = dataset !== null && "unit" in (of(dataset)?.props ?? {});
  return schemaOf(reference, of) ?? (isText ? [{ name: "text", type: "text" }] : undefined);
}

/** A part whose share is nothing has no rows to read. */
export function emptyPart(reference: Reference | undefined, pointer: string, of: Of): Objection[] {
  if (reference?.part === undefined) return [];
  const dataset = datasetOf(reference, of);
  const split = dataset === null ? undefined : of(dataset)?.props["split"];
  const shares = (split as { readonly parts?: Readonly<Record<string, number>> } | undefined)?.parts;
  if (
    dataset === null ||
    shares === undefined ||
    !Object.hasOwn(shares, reference.part) ||
    shares[reference.part] !== 0
  )
    return [];
  const values = {
    part: `\`${reference.part}\``,
    dataset: `the dataset \`${dataset.ref.slice(dataset.ref.indexOf(".") + 1)}\``,
  };
  return [{ code: "ML4109", values, pointer }];
}

export interface Reader {
  /** Of the model. */
  readonly name: string;
  /** What it learnt from. */
  readonly data: Reference;
  readonly target: ColumnSchema;
}

/** A column that the model reads, or predicts, and that other rows lack or have in another type. */
export function lacking(rows: Reference, pointer: string, reader: Reader, of: Of): Objection[] {
  const own = datasetOf(reader.data, of);
  const given = datasetOf(rows, of);
  const schema = schemaOf(rows, of);
  if (own === null || given === null || own.ref === given.ref || schema === undefined) return [];
  const reads = [...(seenThrough(reader.data, reader.target.name, of)?.reads ?? []), reader.target];
  const dataset = `the dataset \`${given.ref.slice(given.ref.indexOf(".") + 1)}\``;
  const model = `the model \`${reader.name}\``;
  for (const column of reads) {
    const found = schema.find((one) => one.name === column.name);
    const verb = column === reader.target ? "predicts" : "reads";
    const values = { column: column.name, dataset, model, verb };
    if (found === undefined) return [{ code: "ML3028", values, pointer }];
    const isOther =
      FAMILIES[found.type] !== FAMILIES[column.type] ||
      (column === reader.target && (found.type === "boolean") !== (column.type === "boolean"));
    if (isOther)
      return [{ code: "ML3029", values: { ...values, actual: found.type, expected: column.type }, pointer }];
  }
  return [];
}

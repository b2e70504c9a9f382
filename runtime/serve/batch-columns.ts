/** Which columns a batch needs and writes. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { Batch } from "../../stdlib/kinds/batch.ts";
import { closest } from "../data/closest.ts";
import type { StepFailure } from "../execute/step.ts";
import type { PortableModel } from "../portable/form.ts";
import { OWN_COLUMNS } from "./batch-output.ts";

type Fail = (code: string, pointer: string, values: Readonly<Record<string, string>>) => StepFailure;

/** Types that enter a model alike. */
const FAMILIES: Readonly<Record<ColumnSchema["type"], string>> = {
  int: "a number",
  float: "a number",
  boolean: "a number",
  date: "a date or timestamp",
  timestamp: "a date or timestamp",
  category: "a category, string or text",
  string: "a category, string or text",
  text: "a category, string or text",
};

/** @throws StepFailure ML7012 for an input that the dataset lacks, ML7013 for one of another type */
export function requireInputs(
  model: PortableModel,
  columns: readonly ColumnSchema[],
  { dataset, release, fail }: { readonly dataset: string; readonly release: string; readonly fail: Fail },
): void {
  for (const input of model.inputs) {
    const column = columns.find((one) => one.name === input.name);
    if (column === undefined) {
      const near = closest(
        input.name,
        columns.map((one) => one.name),
      );
      throw fail("ML7012", "/input", {
        dataset,
        release,
        column: input.name,
        hint: near === null ? "" : ` (it has ${near})`,
      });
    }
    if (FAMILIES[column.type] !== FAMILIES[input.type]) {
      throw fail("ML7013", "/input", {
        dataset,
        release,
        column: input.name,
        actual: column.type,
        expected: input.type,
      });
    }
  }
}

/**
 * The columns of `include` in the dataset's order; all but redacted ones when it is not given.
 * @throws StepFailure ML7014, ML7016, ML7017
 */
export function includedColumns(
  props: Batch,
  columns: readonly ColumnSchema[],
  redacted: ReadonlySet<string>,
  { dataset, fail }: { readonly dataset: string; readonly fail: Fail },
): readonly ColumnSchema[] {
  const isRedacted = (column: ColumnSchema) => column.redacted || redacted.has(column.name);
  const wanted = props.include === undefined ? null : new Set(props.include);
  for (const name of wanted ?? []) {
    if (columns.some((column) => column.name === name)) continue;
    const near = closest(
      name,
      columns.map((column) => column.name),
    );
    throw fail("ML7016", "/include", {
      dataset,
      attribute: "include",
      column: name,
      hint: near === null ? "" : `; did you mean ${near}?`,
    });
  }
  const included = columns.filter((column) =>
    wanted === null ? !isRedacted(column) : wanted.has(column.name),
  );
  for (const column of included) {
    if (OWN_COLUMNS.includes(column.name)) throw fail("ML7014", "/include", { column: column.name });
    if (isRedacted(column)) throw fail("ML7017", "/include", { column: column.name });
  }
  return included;
}

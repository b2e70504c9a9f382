/** What fitting one column needs: the training part's values after the steps so far, and how to say no. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { StepFailure } from "../execute/step.ts";
import type { TransformStep } from "../portable/form.ts";
import { closest } from "./closest.ts";
import { fetchColumns } from "./fetch.ts";
import type { LoadedTarget } from "./load-target.ts";
import type { Session } from "./session.ts";
import { transformQuery } from "./transform-sql.ts";

export interface FitContext {
  readonly session: Session;
  /** SQL of the training rows; nothing fitted ever reads another. */
  readonly from: string;
  readonly count: number;
  readonly columns: readonly ColumnSchema[];
  readonly steps: TransformStep[];
  /** Derived columns' types by name. */
  readonly derived: Map<string, "number" | "string">;
  readonly declaration: string;
  readonly dataset: string;
  /** The label's name, and its values with the rows that have one: what target encodings are fitted on. */
  readonly label: {
    readonly name: string;
    readonly from: string;
    readonly count: number;
    read(): Promise<LoadedTarget>;
  } | null;
}

/** A column's values on the training rows, as the steps so far leave them. */
export async function numbersOf(context: FitContext, name: string): Promise<Float64Array> {
  return (await valuesOf(context, name, "double", context.from, context.count)) as Float64Array;
}

export async function textsOf(
  context: FitContext,
  name: string,
  rows: { readonly from: string; readonly count: number } = context,
): Promise<(string | null)[]> {
  return (await valuesOf(context, name, "text", rows.from, rows.count)) as (string | null)[];
}

async function valuesOf(
  context: FitContext,
  name: string,
  as: "double" | "text",
  from: string,
  count: number,
) {
  const query = transformQuery(from, context.columns, context.steps);
  const placed = query.place(name);
  if (!placed) throw new Error(`nothing gives ${name}`);
  const fetched = await fetchColumns(context.session, query.sql, count, [{ name: placed.alias, as }]);
  return fetched.columns[0]!;
}

/** Whether a column of the dataset or of `derive` is a number or text; booleans and times are numbers. */
export function typeOf(context: FitContext, name: string, pointer: string): ColumnSchema["type"] | "number" {
  const derived = context.derived.get(name);
  if (derived) return derived;
  const column = context.columns.find((candidate) => candidate.name === name);
  if (column) return column.type;
  const known = [...context.columns.map((candidate) => candidate.name), ...context.derived.keys()];
  const near = closest(name, known);
  throw fitFailure(context, "ML4101", pointer, {
    column: name,
    dataset: context.dataset,
    hint: near ? `; did you mean ${near}?` : "",
  });
}

export function isText(type: ReturnType<typeof typeOf>): boolean {
  return type === "category" || type === "string" || type === "text";
}

export function fitFailure(
  context: Pick<FitContext, "declaration">,
  code: string,
  pointer: string,
  values: Record<string, string>,
  details?: readonly string[],
): StepFailure {
  return new StepFailure({
    code,
    values,
    declaration: context.declaration,
    pointer,
    ...(details ? { details } : {}),
  });
}

/** A JSON pointer's token. */
export function pointerTo(...names: readonly string[]): string {
  return names.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

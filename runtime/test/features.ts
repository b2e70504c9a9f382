/** Rows through a `features` declaration, by the steps that serving runs. */

import type { IrExpression } from "../../language/ir/expression.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { CallUse, ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { Features } from "../../stdlib/kinds/features.ts";
import type { Test } from "../../stdlib/kinds/test.ts";
import { readOf } from "../../stdlib/kinds/testing/rows.ts";
import { deriveSteps } from "../data/derive.ts";
import { columnsRead } from "../data/expression-parts.ts";
import { fitImpute } from "../data/fit-columns.ts";
import type { FitContext } from "../data/fit-context.ts";
import { readTransform } from "../data/transform.ts";
import type { TransformStep } from "../portable/form.ts";
import { transformTable, type WorkingColumn } from "../portable/transform-table.ts";
import { judgeClaims, type Read } from "./claims.ts";
import { declarationOf, type TestContext } from "./context.ts";
import type { ClaimResult } from "./report.ts";
import { rowsOf, tableOfRows } from "./rows.ts";

/**
 * A column's value is the filled one, as derived columns read it: encodings, scales and buckets come after all that a
 * claim can name.
 */
export async function testFeatures(context: TestContext): Promise<ClaimResult[]> {
  const { program, declaration, props } = context;
  const features = declarationOf(program, props.subject!.ref);
  const asked = askedOf(props, features);
  const columns = schemaOf(program, features);
  const rows = rowsOf(props);
  const table = tableOfRows(declaration, columns, rows);
  const steps = await stepsOf(context, features, columns, asked);
  const values = transformTable(steps, table);
  const places = new Map(rows.map((row, place) => [row.name, place]));
  return judgeClaims(props.expect ?? [], (name, [column = ""]): Read => {
    const found = values.get(column);
    const type = columns.find((other) => other.name === column)?.type ?? derivedType(steps, column, found);
    return { type, value: cellOf(found, places.get(name)!) };
  });
}

/** The columns that the claims read, and all that these are computed from. */
function askedOf(props: Test, features: Declaration): Set<string> {
  const { derive = {} } = features.props as unknown as Features; // the checker accepted it as such
  const rows = rowsOf(props).map(({ name }) => name);
  const open = (props.expect ?? []).flatMap(({ condition }) => rows.flatMap((row) => readOf(row, condition)));
  const asked = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (asked.has(name)) continue;
    asked.add(name);
    if (Object.hasOwn(derive, name)) open.push(...columnsRead(derive[name]!));
  }
  return asked;
}

/** Whether the claims read anything that is learnt from the training part. */
export function readsFitted(props: Test, features: Declaration): boolean {
  const { impute = {} } = features.props as unknown as Features;
  return [...askedOf(props, features)].some((name) => {
    const use: CallUse | undefined = impute[name];
    return use !== undefined && use.call !== "value";
  });
}

function schemaOf(program: Program, features: Declaration): readonly ColumnSchema[] {
  const { ref } = features.props["from"] as Reference;
  // The checker refuses a test of features over a dataset without a schema.
  return declarationOf(program, ref).props["schema"] as unknown as readonly ColumnSchema[];
}

/** The fitted steps where something fitted is read, else the same steps made from the declaration alone. */
async function stepsOf(
  context: TestContext,
  features: Declaration,
  columns: readonly ColumnSchema[],
  asked: ReadonlySet<string>,
): Promise<TransformStep[]> {
  const fitted = context.results.get(features.id)?.outputs["transform"];
  if (fitted !== undefined) {
    const { steps } = await readTransform(context.store, fitted);
    return steps.filter(
      (step) => (step.op === "derive" && asked.has(step.output)) || step.op.startsWith("impute"),
    );
  }
  const { from, impute = {}, derive = {} } = features.props as unknown as Features;
  const fit: FitContext = {
    session: null as never, // a constant is filled in, and a column derived, without any row
    from: "",
    count: 0,
    columns,
    steps: [],
    derived: new Map(),
    declaration: features.id,
    dataset: from.ref,
    label: null,
  };
  const pick = <T>(block: Readonly<Record<string, T>>) =>
    Object.entries(block).filter(([name]) => asked.has(name));
  const imputed = pick<CallUse>(impute).map(([name, use]) => fitImpute(fit, name, use));
  return [
    ...(await Promise.all(imputed)),
    ...deriveSteps(fit, Object.fromEntries(pick<IrExpression>(derive))),
  ];
}

const QUESTIONS: readonly string[] = ["==", "!=", "<", "<=", ">", ">=", "and", "or", "in"];

function derivedType(
  steps: readonly TransformStep[],
  column: string,
  found: WorkingColumn | undefined,
): Read["type"] {
  if (found?.type === "string") return "string";
  const step = steps.find((one) => one.op === "derive" && one.output === column);
  const expression = step?.op === "derive" ? step.expression : undefined;
  const asks =
    (expression?.is === "binary" && QUESTIONS.includes(expression.op)) ||
    (expression?.is === "unary" && expression.op === "not");
  return asks ? "boolean" : "float";
}

function cellOf(column: WorkingColumn | undefined, row: number): string | number | null {
  if (column === undefined || column.type === "sparse") return null;
  if (column.type === "string") return column.levels[column.codes[row]!] ?? null;
  const value = column.values[row]!;
  return Number.isNaN(value) ? null : value;
}

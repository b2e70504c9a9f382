/** What is to be predicted, row by row. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { StepFailure } from "../execute/step.ts";
import type { Target } from "../learn/frame.ts";
import type { Store } from "../store/types.ts";
import { fetchColumns } from "./fetch.ts";
import { byCodeUnit, distinctValues } from "./load-table.ts";
import { assertSourceOrder, columnOf, sourceRows } from "./rows.ts";
import { type Session, withSession } from "./session.ts";
import type { RowSource } from "./source.ts";
import { identifier, levelCode } from "./sql.ts";
import { ROW_COLUMN } from "./table.ts";

export interface LoadedTarget extends Target {
  /** [rows] each row's place in the source, ascending. */
  readonly rowIds: Float64Array;
}

/** More classes than this are taken for a mistake in the spec. */
const CLASSES = 1000;

/** A category or boolean is classified, and a number with a `positive` value; any other number is regressed. */
export function isClass(column: ColumnSchema): boolean {
  return (
    column.type === "boolean" ||
    column.type === "category" ||
    column.type === "string" ||
    column.positive !== null
  );
}

/**
 * The target of the rows in which it has a value.
 * @param classes The classes in order, from training; found in the rows when not given.
 * @throws StepFailure ML4201 for a class that training did not see, ML4202 without rows or with one class only,
 * ML4203 for a column that cannot be predicted.
 */
export async function loadTarget(
  store: Store,
  source: RowSource,
  target: string,
  classes?: readonly string[],
): Promise<LoadedTarget> {
  return withSession({ root: store.root }, async (session) => {
    const { from, count } = await sourceRows(session, store, source, target);
    if (count === 0) throw failure(source, "ML4202", { column: target, problem: "no row has a value" });
    return readTarget(session, source, from, count, target, classes);
  });
}

/** As `loadTarget`, over rows already selected (`from` has `__row`, the target is nowhere missing). */
export async function readTarget(
  session: Session,
  source: RowSource,
  from: string,
  count: number,
  target: string,
  classes?: readonly string[],
): Promise<LoadedTarget> {
  const column = columnOf(source, target);
  if (column.type === "text" || column.type === "date" || column.type === "timestamp") {
    throw failure(source, "ML4203", { column: target, type: column.type });
  }
  const name = identifier(target);
  if (!isClass(column)) {
    const [rowIds, values] = await fetchTwo(session, `${name}::DOUBLE`, from, count, "double");
    return { task: "regression", values: values as Float64Array, classes: [], rowIds };
  }
  const found = classes ?? orderClasses(column, await distinctClasses(session, source, from, column));
  const [rowIds, codes] = await fetchTwo(
    session,
    levelCode(`${name}::VARCHAR`, found),
    from,
    count,
    "integer",
  );
  if (codes.includes(-1)) {
    const known = found.length > 0 ? found.join(", ") : "none";
    const all = (await distinctValues(session, from, `${name}::VARCHAR`, CLASSES)) ?? [];
    const unknown = all.filter((value) => !found.includes(value)).join(", ");
    throw failure(source, "ML4201", { column: target, unknown, known, part: source.part ?? "all rows" });
  }
  return {
    task: found.length <= 2 ? "binary" : "multiclass",
    values: Float64Array.from(codes),
    classes: found,
    rowIds,
  };
}

async function distinctClasses(
  session: Session,
  source: RowSource,
  from: string,
  column: ColumnSchema,
): Promise<string[]> {
  const found = await distinctValues(session, from, `${identifier(column.name)}::VARCHAR`, CLASSES);
  if (found === null) {
    throw failure(source, "ML4202", { column: column.name, problem: `it has more than ${CLASSES} classes` });
  }
  if (found.length < 2) {
    throw failure(source, "ML4202", {
      column: column.name,
      problem: `every row has the same value, ${found.join("")}`,
    });
  }
  return found;
}

/** `[negative, positive]` for two classes, sorted otherwise. */
function orderClasses(column: ColumnSchema, found: readonly string[]): string[] {
  const sorted = [...found].sort(byCodeUnit);
  const positive = column.positive === null ? null : String(column.positive);
  return sorted.length === 2 && sorted[0] === positive ? sorted.reverse() : sorted;
}

async function fetchTwo(
  session: Session,
  value: string,
  from: string,
  count: number,
  as: "double" | "integer",
): Promise<[Float64Array, Float64Array | Int32Array]> {
  const query = `SELECT ${ROW_COLUMN}::DOUBLE AS ${ROW_COLUMN}, ${value} AS value FROM ${from}`;
  const fetched = await fetchColumns(session, query, count, [
    { name: ROW_COLUMN, as: "double" },
    { name: "value", as },
  ]);
  const rowIds = fetched.columns[0] as Float64Array;
  assertSourceOrder(rowIds);
  return [rowIds, fetched.columns[1] as Float64Array | Int32Array];
}

function failure(source: RowSource, code: string, values: Record<string, string>): StepFailure {
  return new StepFailure({
    code,
    values: { ...values, dataset: source.dataset },
    declaration: source.dataset,
  });
}

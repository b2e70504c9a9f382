/** Raw rows beside what is known of their target, and the columns by which they are sliced. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { type LoadedTable, loadTable, loadTarget } from "../data/load.ts";
import type { RowSource } from "../data/source.ts";
import type { TableColumn } from "../data/table.ts";
import { readsOf, readTransform, writesOf } from "../data/transform.ts";
import type { StepContext } from "../execute/step.ts";
import type { Target } from "../learn/frame.ts";
import type { PortableModel, TransformStep } from "../portable/form.ts";
import { transformTable } from "../portable/transform-table.ts";

/** Raw columns and target of rows whose label is known, row by row. */
export interface LabelledRows {
  readonly table: LoadedTable;
  readonly target: Target;
}

type Place = Pick<StepContext, "store" | "threads">;
type Asked = Pick<PortableModel, "inputs" | "target" | "classes" | "task">;

/**
 * The model's inputs, its target and `more` columns of the source's rows.
 * @throws StepFailure of `loadTarget`, for a class that the model does not know
 */
export async function loadLabelled(
  { store, threads }: Place,
  source: RowSource,
  model: Asked,
  more: readonly string[] = [],
): Promise<LabelledRows> {
  const asked = new Set([...model.inputs.map((input) => input.name), ...more]);
  const { target: label, task, classes } = model;
  const table = await loadTable(store, source, [...new Set([...asked, label])], { labelled: label, threads });
  const values = truthOf(table.columns.get(label)!, task, classes);
  // An unknown class: the loader of targets names it.
  if (values === null) await loadTarget(store, source, label, classes);
  // What is to be predicted must not stand among what may be asked.
  const columns = new Map([...table.columns].filter(([name]) => asked.has(name)));
  return { table: { ...table, columns }, target: { task, classes, values: values ?? new Float64Array(0) } };
}

/** [rows] class indices or numbers; null when a value is none of the classes. */
function truthOf(column: TableColumn, task: Target["task"], classes: readonly string[]): Float64Array | null {
  if (column.type === "string") {
    const index = column.levels.map((level) => classes.indexOf(level));
    const values = Float64Array.from(column.codes, (code) => index[code] ?? -1);
    return values.includes(-1) ? null : values;
  }
  if (task === "regression") return column.values;
  const byValue = new Map(
    classes.map((name, k) => [name === "true" ? 1 : name === "false" ? 0 : Number(name), k]),
  );
  const values = column.values.map((value) => byValue.get(value) ?? -1);
  return values.includes(-1) ? null : values;
}

/** A column to slice by, and how its values are spelled. */
export interface SlicedBy {
  readonly column: TableColumn;
  readonly type: ColumnSchema["type"];
}

/** How to find slice columns: those of the source as they are, others as the features derive them. */
export interface SlicePlan {
  /** Columns of the source to load. */
  readonly loads: readonly string[];
  read(table: LoadedTable, name: string): SlicedBy;
}

/** Plans the columns `names`; derived ones are computed by the fitted transform, imputed as it does. */
export async function planSlices(
  { store }: Place,
  source: RowSource,
  names: readonly string[],
): Promise<SlicePlan> {
  const schemas = new Map(source.columns.map((column) => [column.name, column]));
  const derived = names.filter((name) => !schemas.has(name));
  const steps =
    derived.length === 0 || source.transform === null
      ? []
      : (await readTransform(store, source.transform)).steps;
  const needed = new Set(derived);
  const used: TransformStep[] = [];
  for (const step of steps.toReversed()) {
    const plain = step.op === "derive" || step.op === "impute_number" || step.op === "impute_string";
    if (!plain || !writesOf(step).some((name) => needed.has(name))) continue;
    used.unshift(step);
    for (const name of readsOf(step)) needed.add(name);
  }
  return {
    loads: [...names, ...needed].filter((name) => schemas.has(name)),
    read: (table, name) => {
      const schema = schemas.get(name);
      if (schema !== undefined) return { column: table.columns.get(name)!, type: schema.type };
      const column = transformTable(used, table).get(name);
      if (column === undefined || column.type === "sparse") throw new Error(`nothing derives ${name}`);
      const step = used.find((one) => one.op === "derive" && one.output === name);
      return { column, type: step !== undefined && saysYesOrNo(step) ? "boolean" : "category" };
    },
  };
}

const QUESTIONS = new Set(["==", "!=", "<", "<=", ">", ">=", "and", "or", "in"]);

function saysYesOrNo(step: TransformStep): boolean {
  if (step.op !== "derive") return false;
  const { expression } = step;
  return expression.is === "binary"
    ? QUESTIONS.has(expression.op)
    : expression.is === "unary" && expression.op === "not";
}

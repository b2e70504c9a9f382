/** What the callers of a release's model will see of it, told from the spec alone: nothing is run. */
import { type IrExpression, partsOf } from "../../language/ir/expression.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Neighbour } from "../../language/vocabulary/kind.ts";
import { tasksOf } from "../../language/vocabulary/task.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { Evaluation } from "../../stdlib/kinds/evaluation.ts";
import type { Features } from "../../stdlib/kinds/features.ts";
import type { Release } from "../../stdlib/kinds/release.ts";
import { seenThrough } from "../../stdlib/kinds/seen.ts";
import { VARIANTS, type Variant } from "../learn/variants.ts";
import { isNumeric } from "../portable/input.ts";
import { inputOf } from "../portable/input-column.ts";
import type { ModelFace } from "./schema.ts";

/** Null with the dataset whose schema is not declared, where the columns are known only when the data was read. */
export type Expected =
  | { readonly model: ModelFace; readonly dataset: null }
  | { readonly model: null; readonly dataset: Declaration };

/** @param release the declaration of a checked program */
export function expectedModel(program: Program, release: Declaration): Expected {
  const byId = (id: string): Declaration => {
    const found = program.declarations.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no declaration ${id}`);
    return found;
  };
  // Lowering applied the kinds' schemas.
  const model = byId((release.props as unknown as Release).model.ref);
  const data = model.props["data"] as unknown as Reference;
  const read = byId(data.ref);
  const features = read.kind === "features" ? (read.props as unknown as Features) : null;
  const dataset = features === null ? read : byId(features.from.ref);
  const columns = dataset.props["schema"] as unknown as readonly ColumnSchema[] | undefined;
  const target =
    columns?.find(({ name }) => name === model.props["target"]) ??
    columns?.find(({ role }) => model.props["target"] === undefined && role === "label");
  const of = (reference: Reference): Neighbour => {
    const { name, props } = byId(reference.ref);
    return { name, props, tasks: null, target: null };
  };
  const seen = target === undefined ? null : seenThrough(data, target.name, of);
  if (target === undefined || seen === null) return { model: null, dataset };
  const linear = VARIANTS[model.variant as Variant].encoding === "linear";
  const inputs = seen.reads
    .map((column) => {
      const nullable = column.nullable && !(linear && mayPass(column, features));
      return { ...inputOf(column), nullable };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { model: { ...answers(program, model, target), inputs }, dataset: null };
}

/** What of the answer follows from the target's column. */
function answers(program: Program, model: Declaration, target: ColumnSchema): Omit<ModelFace, "inputs"> {
  const [task = "multiclass"] = tasksOf(target);
  if (task === "regression") return { task, classes: [], threshold: null };
  const classes = classesOf(target);
  const decided = program.declarations.some(({ kind, props }) => {
    if (kind !== "evaluation") return false;
    const { model: judged, threshold, threshold_on } = props as unknown as Evaluation;
    return judged.ref === model.id && (threshold !== undefined || threshold_on !== undefined);
  });
  return {
    task: classes !== null && classes.length > 2 ? "multiclass" : task,
    classes,
    mayLackClasses: classes !== null && classes.length > 2,
    threshold: decided ? null : 0.5,
  };
}

/** `[negative, positive]` for two classes, sorted otherwise; null where only the data tells. */
function classesOf(target: ColumnSchema): string[] | null {
  const declared = target.type === "boolean" ? ["false", "true"] : target.values?.map(String);
  if (declared === undefined) return null;
  const sorted = [...new Set(declared)].sort();
  const positive = target.positive === null ? null : String(target.positive);
  return sorted.length === 2 && sorted[0] === positive ? sorted.reverse() : sorted;
}

/**
 * Whether a missing number may reach a linear model, which then has no answer. Where that depends on the data it is
 * taken to: a caller that always gives the number is right either way.
 */
function mayPass(column: ColumnSchema, features: Features | null): boolean {
  if (!isNumeric(inputOf(column))) return false;
  if (features === null) return true;
  const { derive = {}, impute = {}, drop = [], only } = features;
  if (column.name in impute) return false;
  const expressions = derive as Readonly<Record<string, IrExpression>>;
  const time = column.type === "date" || column.type === "timestamp";
  const seen = only === undefined ? column.role === null && !time : only.includes(column.name);
  if (seen && !drop.includes(column.name)) return true;
  const missing = (expression: IrExpression, open: readonly string[]): boolean => {
    if (expression.is === "column") {
      const { name } = expression;
      if (name === column.name) return true;
      const other = expressions[name];
      return (
        other !== undefined && !open.includes(name) && !(name in impute) && missing(other, [...open, name])
      );
    }
    if (expression.is === "literal") return expression.value === null;
    if (expression.is === "if") return missing(expression.then, open) || missing(expression.else, open);
    if (expression.is === "call" && expression.name === "is_missing") return false;
    const parts = partsOf(expression);
    if (expression.is === "call" && expression.name === "coalesce")
      return parts.every((part) => missing(part, open));
    return parts.some((part) => missing(part, open));
  };
  return Object.entries(expressions).some(
    ([name, expression]) => !drop.includes(name) && !(name in impute) && missing(expression, [name]),
  );
}

/** What a model sees of the rows that it learns from, told from the declarations alone. */
import { type IrExpression, partsOf } from "../../language/ir/expression.ts";
import type { Neighbour } from "../../language/vocabulary/kind.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { Features } from "./features.ts";

export interface Seen {
  /** The columns of the dataset that the rows must have. */
  readonly reads: readonly ColumnSchema[];
  /** Those among them that may be missing, and then reach the model as a missing number. */
  readonly mayMiss: readonly ColumnSchema[];
}

type Of = (reference: Reference) => Neighbour | null;
type Derive = Readonly<Record<string, IrExpression>>;

const NUMBERS: readonly ColumnSchema["type"][] = ["int", "float", "boolean"];
/** Numbers, booleans and categories without a role: the rest is seen through `features` only. */
const seenByDefault = ({ role, type }: ColumnSchema): boolean =>
  role === null && (NUMBERS.includes(type) || type === "category");

const kindOf = (reference: Reference): string => reference.ref.slice(0, reference.ref.indexOf("."));

/** Null where the columns are known only when the data has been read, or a declaration is broken. */
export function seenThrough(data: Reference, target: string | null, of: Of): Seen | null {
  const declared = of(data)?.props;
  if (declared === undefined) return null;
  if (kindOf(data) === "dataset") {
    const columns = columnsOf(declared)?.filter((column) => seenByDefault(column) && column.name !== target);
    if (columns === undefined) return null;
    return { reads: columns, mayMiss: columns.filter(isNullableNumber) };
  }
  const features = declared as unknown as Features; // the checker accepted it as such
  const columns = columnsOf(of(features.from)?.props);
  return columns === undefined ? null : known(features, columns, target);
}

/** Models, gates, batches and tests ask for the same. */
const seenBy = new WeakMap<
  Features,
  { readonly columns: readonly ColumnSchema[]; readonly by: Map<string | null, Seen> }
>();

function known(features: Features, columns: readonly ColumnSchema[], target: string | null): Seen {
  let kept = seenBy.get(features);
  if (kept === undefined || kept.columns !== columns) {
    kept = { columns, by: new Map() };
    seenBy.set(features, kept);
  }
  const before = kept.by.get(target);
  if (before !== undefined) return before;
  const seen = seenOf(features, columns, target);
  kept.by.set(target, seen);
  return seen;
}

const columnsOf = (props: Readonly<Record<string, unknown>> | undefined): ColumnSchema[] | undefined =>
  props?.["schema"] as ColumnSchema[] | undefined; // a dataset's schema, as the checker accepted it

const isNullableNumber = (column: ColumnSchema): boolean => column.nullable && NUMBERS.includes(column.type);

function seenOf(features: Features, columns: readonly ColumnSchema[], target: string | null): Seen {
  const { only, drop = [], derive = {}, impute = {}, encode = {}, bucket = {}, vectorize = {} } = features;
  const named = [...Object.keys(encode), ...Object.keys(vectorize)];
  const own = columns.filter((column) => {
    if (drop.includes(column.name) || column.name === target) return false;
    if (only !== undefined) return only.includes(column.name);
    return seenByDefault(column) || (named.includes(column.name) && column.role !== "label");
  });
  const derived = Object.entries(derive as Derive).filter(([name]) => !drop.includes(name));
  const reads = new Set(own.map((column) => column.name));
  addRead(
    derived.map(([, expression]) => expression),
    derive as Derive,
    () => true,
    (name) => void reads.add(name),
  );
  const replaced = new Set([...named, ...Object.keys(bucket)]);
  const open = new Set(
    columns
      .filter((column) => isNullableNumber(column) && !Object.hasOwn(impute, column.name))
      .map(({ name }) => name),
  );
  const missing = new Set(
    own.filter(({ name }) => open.has(name) && !replaced.has(name)).map(({ name }) => name),
  );
  addRead(
    derived
      .filter(([name]) => !replaced.has(name) && !Object.hasOwn(impute, name))
      .map(([, expression]) => expression),
    derive as Derive,
    isArithmetic,
    (name) => {
      if (open.has(name)) missing.add(name);
    },
  );
  return {
    reads: columns.filter((column) => reads.has(column.name)),
    mayMiss: columns.filter((column) => missing.has(column.name)),
  };
}

const isArithmetic = (expression: IrExpression): boolean =>
  (expression.is === "binary" && ["+", "-", "*", "/"].includes(expression.op)) ||
  (expression.is === "unary" && expression.op === "-");

/**
 * Calls `read` with the dataset's columns that expressions read, directly or through other derived ones, as far as
 * they and those are `followed`: what a call or an `if` makes of a missing value is open, arithmetic makes it missing.
 * A derived column is looked into once, however many read it; without recursion, however long the chain.
 */
function addRead(
  expressions: readonly IrExpression[],
  derive: Derive,
  followed: (expression: IrExpression) => boolean,
  read: (name: string) => void,
): void {
  const looked = new Set<string>();
  const pending = expressions.filter(followed);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.is !== "column") {
      for (const part of partsOf(next)) if (part.is === "column" || followed(part)) pending.push(part);
      continue;
    }
    const other = Object.hasOwn(derive, next.name) ? derive[next.name] : undefined;
    if (other === undefined) read(next.name);
    else if (!looked.has(next.name)) {
      looked.add(next.name);
      if (followed(other)) pending.push(other);
    }
  }
}

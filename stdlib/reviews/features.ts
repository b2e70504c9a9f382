/** What of features cannot be fitted, told from the schema of their dataset. */
import type { IrExpression } from "../../language/ir/expression.ts";
import type { Neighbour, Objection, Task } from "../../language/vocabulary/kind.ts";
import type { Peers } from "../../language/vocabulary/peers.ts";
import { tasksOf } from "../../language/vocabulary/task.ts";
import type { CallUse, ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { Features } from "../kinds/features.ts";
import { type Computed, computed, computedType } from "./computed.ts";
import { isMoment } from "./moment.ts";

type Of = (reference: Reference) => Neighbour | null;
type Calls = Readonly<Record<string, CallUse>>;

export function reviewFeatures(props: Features, name: string, of: Of, peers: Peers): Objection[] {
  const schema = of(props.from)?.props["schema"] as readonly ColumnSchema[] | undefined; // a dataset's schema
  return [
    ...reviewImpute(props, schema),
    ...reviewDerive(props, schema),
    ...(schema === undefined ? [] : reviewOnly(props, schema)),
    ...reviewTwice(props),
    ...reviewTarget(props, schema, () => learners(name, peers)),
    ...reviewLists(props),
  ];
}

const place = (block: string, column: string): string =>
  `/${block}/${column.replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** Constants fit their column; derived columns are not there yet. */
function reviewImpute(
  { impute = {}, derive = {} }: Features,
  schema: readonly ColumnSchema[] | undefined,
): Objection[] {
  return Object.entries(impute as Calls).flatMap(([name, use]): Objection[] => {
    const pointer = place("impute", name);
    const column = schema?.find((one) => one.name === name);
    if (column === undefined)
      return Object.hasOwn(derive, name) ? [{ code: "ML3023", values: { column: name }, pointer }] : [];
    if (use.call !== "value") return [];
    const value = use.args["value"];
    const { fits, others } = CONSTANTS[computedType(column.type) as keyof typeof CONSTANTS];
    if (fits(value)) return [];
    const values = {
      form: JSON.stringify(value),
      column: name,
      type: column.type,
      fits: KIND_OF[typeof value] ?? "others",
      others: ` It may be ${others}.`,
    };
    return [{ code: "ML2037", values, pointer }];
  });
}

const KIND_OF: Readonly<Record<string, string>> = { string: "texts", number: "numbers", boolean: "booleans" };
const CONSTANTS = {
  number: { fits: (value: unknown) => typeof value === "number", others: "median, mean, mode or a number" },
  boolean: { fits: (value: unknown) => typeof value === "boolean", others: "mode, true or false" },
  time: {
    fits: (value: unknown) => typeof value === "string" && isMoment(value),
    others: 'mode or a date, "2024-12-31"',
  },
  text: {
    fits: (value: unknown) => typeof value === "string" || typeof value === "number",
    others: "mode or a text",
  },
};

function reviewDerive({ derive = {} }: Features, schema: readonly ColumnSchema[] | undefined): Objection[] {
  if (schema === undefined) return [];
  const types = derivedTypes(derive as Readonly<Record<string, IrExpression>>, schema);
  return Object.keys(derive).flatMap((name): Objection[] => {
    const type = types(name);
    if (type === null || typeof type === "string") return [];
    return [
      {
        code: "ML4110",
        values: { column: `\`${name}\``, problem: type.problem },
        pointer: place("derive", name),
      },
    ];
  });
}

function derivedTypes(derive: Readonly<Record<string, IrExpression>>, schema: readonly ColumnSchema[]) {
  const known = new Map<string, ReturnType<typeof computed>>();
  const typeOf = (name: string): ReturnType<typeof computed> => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, null); // A circle is said elsewhere.
    const type = computed(derive[name]!, { column, table: false });
    known.set(name, type);
    return type;
  };
  const column = (name: string): Computed | undefined => {
    const own = schema.find((one) => one.name === name);
    if (own !== undefined) return computedType(own.type);
    const type = Object.hasOwn(derive, name) ? typeOf(name) : null;
    return typeof type === "string" ? type : undefined;
  };
  return typeOf;
}

/** A model sees numbers and categories: other columns only as something is made of them. */
function reviewOnly(
  { only = [], encode = {}, vectorize = {}, drop = [] }: Features,
  schema: readonly ColumnSchema[],
): Objection[] {
  return only.flatMap((name, index): Objection[] => {
    const type = schema.find((column) => column.name === name)?.type;
    if (type !== "text" && type !== "date" && type !== "timestamp") return [];
    if (drop.includes(name) || Object.hasOwn(encode, name) || Object.hasOwn(vectorize, name)) return [];
    const how = type === "text" ? "`vectorize` it" : "`derive` a number from it";
    return [{ code: "ML3024", values: { column: name, type, how }, pointer: `/only/${index}` }];
  });
}

/** What is a number already, or a block of numbers, is no text any more. */
function reviewTwice({ encode = {}, vectorize = {} }: Features): Objection[] {
  return Object.keys(encode)
    .filter((name) => Object.hasOwn(vectorize, name))
    .map((column) => ({ code: "ML3025", values: { column }, pointer: place("vectorize", column) }));
}

interface Learner {
  readonly target: string | null;
}

/** The models that learn from these features. */
const learners = (name: string, peers: Peers): Learner[] =>
  peers.of("model").flatMap(({ props }) => {
    const data = props["data"] as Reference | undefined;
    if (data?.ref !== `features.${name}`) return [];
    return [{ target: typeof props["target"] === "string" ? props["target"] : null }];
  });

/** Encoding by the target needs one that is a number or has two classes: what all models predict, else the label. */
function reviewTarget(
  { encode = {} }: Features,
  schema: readonly ColumnSchema[] | undefined,
  models: () => readonly Learner[],
): Objection[] {
  const encoded = Object.entries(encode as Calls).filter(([, use]) => use.call === "target");
  if (encoded.length === 0 || schema === undefined) return [];
  const named = [...new Set(models().map((model) => model.target))];
  const own = named.length === 1 ? named[0] : null;
  const label = schema.find((column) => (own == null ? column.role === "label" : column.name === own));
  const tasks: readonly Task[] = label === undefined ? [] : tasksOf(label);
  if (tasks.includes("binary") || tasks.includes("regression")) return [];
  const problem =
    label === undefined
      ? "no model or schema names a label"
      : `\`${label.name}\` has ${label.values === null ? "no classes" : `${label.values.length} classes`}`;
  return encoded
    .filter(([name]) => schema.find((column) => column.name === name)?.type !== "boolean")
    .map(([column]) => ({
      code: "ML4108",
      values: { column: `\`${column}\``, problem },
      pointer: place("encode", column),
    }));
}

/** Lists that must hold something. */
function reviewLists({ encode = {}, bucket = {} }: Features): Objection[] {
  const empty = (block: string, uses: Calls, argument: string): Objection[] =>
    Object.entries(uses).flatMap(([name, use]) => {
      const list = use.args[argument];
      if (!Array.isArray(list) || list.length > 0) return [];
      const values = { attribute: argument, problem: "is empty: name one value at least" };
      return [{ code: "ML2016", values, pointer: place(block, name) }];
    });
  return [...empty("encode", encode as Calls, "order"), ...empty("bucket", bucket as Calls, "at")];
}

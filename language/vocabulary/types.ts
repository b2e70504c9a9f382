/**
 * The words with which `stdlib/` declares kinds. Each returns a zod schema of what stands in the IR, registered
 * with what the language needs to know of it: how it is written, what it may refer to, its documentation.
 * The checker, completion, hover, formatter and reference pages read nothing else.
 *
 * Wrap with `.optional()` or `.default(v)` outside; say where it is written with `operand`, `clause`, `argument`,
 * `entries` or `message` outermost. A field without a position is an attribute, a block or a rule of the body.
 */
import * as z from "zod";
import { irExpression } from "../ir/expression.ts";
import { dimension as dimensionValue, layer } from "./layer.ts";

export type Unit = "none" | "ratio" | "duration" | "size" | "money";

/** What a name in an expression may be. */
export type Scope =
  /** One row: columns and scalar functions (`derive`, `filter`). */
  | "row"
  /** A whole table: `rows`, `nulls(c)`, `unique(c)`, aggregates; a plain condition must hold on every row. */
  | "table"
  /** `evaluation.metric`, `baseline(…).metric`, `champion.metric`. */
  | "metrics"
  /** What a test says of its own rows: `couple.income`, `good.probability`; of a gate `passed`, `refused`. */
  | "claims";

export type Meaning =
  | { readonly is: "text" | "path" | "template" | "boolean" | "secret"; readonly doc: string }
  | {
      readonly is: "number";
      readonly unit: Unit;
      readonly integer: boolean;
      readonly min: number | null;
      readonly max: number | null;
      readonly doc: string;
    }
  | { readonly is: "choice"; readonly values: Readonly<Record<string, string>>; readonly doc: string }
  /** Lowers to `{ref, part?}`. `part` names what may follow the dot. With `path` a file may stand there too, as its path. */
  | {
      readonly is: "reference";
      readonly to: readonly string[];
      readonly part: "split" | "alias" | null;
      readonly use: Use | null;
      readonly guards: string | null;
      readonly path?: true;
      /** The name as it is written is part of the meaning: a query calls the table so. */
      readonly named?: true;
      /** A column of it may be named behind the last dot: `pairs.train.spoken`; lowers to `{ref, part?, column?}`. */
      readonly column?: true;
      readonly doc: string;
    }
  /** Lowers to the column's name. `of` is the sibling attribute (or `schema`) whose columns are meant. */
  | { readonly is: "column"; readonly of: string; readonly refuse: readonly Role[]; readonly doc: string }
  /** Lowers to `{name, args}`; must fit the task of the evaluation's model. */
  | { readonly is: "metric"; readonly doc: string }
  | {
      readonly is: "expression";
      readonly scope: Scope;
      readonly result: "boolean" | "any";
      /** Scope `claims`: the sibling rules whose labels stand before a dot, the sibling reference that says what may follow. */
      readonly about?: { readonly rows: string; readonly of: string };
      readonly doc: string;
    }
  /** In a map keyed by columns: a literal that may stand in that column; lowers to itself. */
  | { readonly is: "cell"; readonly doc: string }
  /** A new name that only this declaration knows; lowers to text. */
  | { readonly is: "label"; readonly doc: string }
  /** A name that the sibling rules `among` introduce with a `label`; lowers to text. */
  | { readonly is: "labelled"; readonly among: string; readonly doc: string }
  /** `name` or `name(args)`, lowers to `{call, args}`; a bare literal, where allowed, to `{call: "value", args: {value}}`. */
  | {
      readonly is: "call";
      readonly forms: Readonly<Record<string, CallForm>>;
      readonly literal: boolean;
      readonly doc: string;
    }
  /** With `single` one item may stand without brackets. */
  | { readonly is: "list"; readonly ordered: boolean; readonly single?: true; readonly doc: string }
  /** A whole number, or the size of a tokenizer (`pieces.size`), which is known when it has run; lowers to `Dimension`. */
  | { readonly is: "dimension"; readonly doc: string }
  /** The layers of an architecture, one a line and in order; lowers to `Layer[]`. */
  | { readonly is: "layers"; readonly doc: string }
  /** `schema { name: type constraint… }`, lowers to an array of column objects in the order written. */
  | {
      readonly is: "columns";
      /** A few columns, which may stand on one line as their author wrote them. */
      readonly few?: true;
      readonly doc: string;
    }
  /** A block of user names: `{ LoanAmount = median }`, lowers to an object. */
  | {
      readonly is: "map";
      readonly keys: MapKeys;
      readonly of: string | null;
      readonly ordered: boolean;
      readonly total: number | null;
      readonly doc: string;
    }
  /** A block of vocabulary: `cost { false_positive = 5 }`. */
  | { readonly is: "block"; readonly doc: string }
  /** A phrase that may be repeated: `expect …`, `require …`; lowers to an array. */
  | { readonly is: "rules"; readonly doc: string };

/** `parameter`: those of the file; `attribute`: a declaration's, behind its dot (`api.port`), where it may differ. */
export type MapKeys = "column" | "new-column" | "name" | "parameter" | "attribute";

export interface CallForm {
  readonly doc: string;
  readonly args: z.ZodObject;
  /** In a map keyed by columns: the types of column that it fits; all when not given. */
  readonly columns?: readonly ColumnType[];
}

/**
 * Why a part of the rows is read. `learn`: a model is fitted on it; `tune`: it decides when to stop or where a
 * threshold lies; `judge`: it gives the final numbers. A part that is judged on may not be learnt or tuned on.
 */
export type Use = "learn" | "tune" | "judge";
export type Role = "key" | "label" | "entity" | "event" | "available" | "ignored";

export type Position =
  | { readonly at: "operand" }
  | { readonly at: "clause"; readonly word: string }
  /** Behind an equals sign after the operand: `value scored.f1 = 70%`. */
  | { readonly at: "assigned" }
  /** Inside the head's parentheses: `split(seed = 42)`. */
  | { readonly at: "argument" }
  /** The block's own user names: the `{ train = 70% }` of a split. */
  | { readonly at: "entries" }
  | { readonly at: "message" };

/** By schema instance; look through `.optional()` and `.default()` first. */
export const meanings = z.registry<Meaning>();
/** By outermost schema instance. */
export const positions = z.registry<Position>();

function known<S extends z.ZodType>(schema: S, meaning: Meaning): S {
  meanings.add(schema, meaning as never);
  return schema;
}

export const text = (doc: string) => known(z.string(), { is: "text", doc });
/** A file path or glob, relative to the spec's folder. */
export const path = (doc: string) => known(z.string().min(1), { is: "path", doc });
/** A string in which `{name}` is a placeholder. */
export const template = (doc: string) => known(z.string(), { is: "template", doc });
export const boolean = (doc: string) => known(z.boolean(), { is: "boolean", doc });
/** Lowers to `{secret: NAME}`: the value never enters the IR. */
export const secret = (doc: string) => known(z.object({ secret: z.string() }), { is: "secret", doc });

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

function numeric(unit: Unit, integer: boolean, bounds: Bounds, doc: string) {
  let schema: z.ZodNumber = integer ? z.int() : z.number();
  if (bounds.min !== undefined) schema = schema.min(bounds.min);
  if (bounds.max !== undefined) schema = schema.max(bounds.max);
  return known(schema, {
    is: "number",
    unit,
    integer,
    min: bounds.min ?? null,
    max: bounds.max ?? null,
    doc,
  });
}

export const int = (doc: string, bounds: Bounds = {}) => numeric("none", true, bounds, doc);
export const number = (doc: string, bounds: Bounds = {}) => numeric("none", false, bounds, doc);
/** 0 to 1 unless bounded otherwise; `80%` and `0.8` are the same. */
export const ratio = (doc: string, bounds: Bounds = { min: 0, max: 1 }) =>
  numeric("ratio", false, bounds, doc);
/** Lowers to seconds. */
export const duration = (doc: string) => numeric("duration", false, { min: 0 }, doc);
/** Lowers to bytes; `64KB` is 64,000 and `64KiB` 65,536. */
export const size = (doc: string) => numeric("size", false, { min: 0 }, doc);

export function choice<const V extends Readonly<Record<string, string>>>(values: V, doc: string) {
  const names = Object.keys(values) as [keyof V & string, ...(keyof V & string)[]];
  return known(z.enum(names), { is: "choice", values, doc });
}

const referenceValue = z.object({
  ref: z.string(),
  part: z.string().optional(),
  /** The name in the spec where it is another than the declaration's, and counts (`named`). */
  as: z.string().optional(),
  /** The column that is meant, where one may be. */
  column: z.string().optional(),
});
export type Reference = z.infer<typeof referenceValue>;
export const reference = (
  to: readonly string[],
  doc: string,
  part: "split" | "alias" | null = null,
  use: Use | null = null,
) => known(referenceValue.clone(), { is: "reference", to, part, use, guards: null, doc });

/** A file's path or a reference: lowers to the path's text or to `{ref, part?}`. */
export const pathOr = (to: readonly string[], doc: string, part: "split" | null = null) =>
  known(z.union([z.string().min(1), referenceValue.clone()]), {
    is: "reference",
    to,
    part,
    use: null,
    guards: null,
    path: true,
    doc,
  });

/** A reference whose name, as it is written, is what something else calls it by: a table of a query. */
export const named = (to: readonly string[], doc: string, part: "split" | null = null) =>
  known(referenceValue.clone(), {
    is: "reference",
    to,
    part,
    use: null,
    guards: null,
    named: true,
    doc,
  });

/** Texts: a dataset, a part of it, or one of its columns; one of them or a list. Lowers to an array of references. */
export const corpus = (doc: string) =>
  known(
    z.array(
      known(referenceValue.clone(), {
        is: "reference",
        to: ["dataset"],
        part: "split",
        use: "learn",
        guards: null,
        column: true,
        doc,
      }),
    ),
    { is: "list", ordered: true, single: true, doc },
  );

/** A size: a whole number of at least 1, or that of a tokenizer. */
export const dimension = (doc: string) => known(dimensionValue.clone(), { is: "dimension", doc });
export const layers = (doc: string) => known(z.array(layer), { is: "layers", doc });

/** A reference to a gate that must judge what the sibling attribute `guards` names. */
export const guard = (to: readonly string[], guards: string, doc: string) =>
  known(referenceValue.clone(), { is: "reference", to, part: null, use: null, guards, doc });

/** `refuse`: columns with these roles are an error here. */
export const column = (of: string, doc: string, refuse: readonly Role[] = []) =>
  known(z.string(), { is: "column", of, refuse, doc });

const metricValue = z.object({ name: z.string(), args: z.record(z.string(), z.json()) });
export type MetricUse = z.infer<typeof metricValue>;
export const metric = (doc: string) => known(metricValue.clone(), { is: "metric", doc });

export const expression = (scope: Scope, doc: string, result: "boolean" | "any" = "any") =>
  known(
    z.lazy(() => irExpression),
    { is: "expression", scope, result, doc },
  );

/** A condition on the labels of the sibling `rows`, each a row of the sibling reference `of`. */
export const claim = (rows: string, of: string, doc: string) =>
  known(
    z.lazy(() => irExpression),
    { is: "expression", scope: "claims", result: "boolean", about: { rows, of }, doc },
  );
export const cell = (doc: string) =>
  known(z.union([z.number(), z.string(), z.boolean(), z.null()]), { is: "cell", doc });
/** As `cell`, a number or `null`: a measure that is not known. */
export const measure = (doc: string) =>
  known(z.union([z.number(), z.null()], "must be a number, or `null` for what cannot be told"), {
    is: "cell",
    doc,
  });
export const label = (doc: string) => known(z.string(), { is: "label", doc });
export const labelled = (among: string, doc: string) => known(z.string(), { is: "labelled", among, doc });

const callValue = z.object({ call: z.string(), args: z.record(z.string(), z.json()) });
export type CallUse = z.infer<typeof callValue>;
export const call = (forms: Readonly<Record<string, CallForm>>, doc: string, literal = false) =>
  known(callValue.clone(), { is: "call", forms, literal, doc });
export const form = (doc: string, args: z.ZodRawShape = {}, columns?: readonly ColumnType[]): CallForm =>
  columns === undefined ? { doc, args: z.object(args) } : { doc, args: z.object(args), columns };

/** A list whose order has no meaning (metrics, slices). */
export const set = <S extends z.ZodType>(item: S, doc: string) =>
  known(z.array(item), { is: "list", ordered: false, doc });
/** A list whose order has meaning. */
export const list = <S extends z.ZodType>(item: S, doc: string) =>
  known(z.array(item), { is: "list", ordered: true, doc });

export const COLUMN_TYPES = {
  int: "A whole number, 64 bits.",
  float: "A number, double precision.",
  boolean: "true or false (also yes/no, 1/0).",
  category: "One of a small set of values.",
  string: "Text that names something: an id, a code.",
  text: "Free text.",
  date: "A day, ISO 8601 unless `format` says otherwise.",
  timestamp: "A moment, ISO 8601, UTC unless it carries an offset.",
} as const;
export type ColumnType = keyof typeof COLUMN_TYPES;

export const columnSchema = z.object({
  name: z.string(),
  type: z.enum(Object.keys(COLUMN_TYPES) as [ColumnType, ...ColumnType[]]),
  nullable: z.boolean(),
  role: z.enum(["key", "label", "entity", "event", "available", "ignored"]).nullable(),
  /** The positive class of a binary label. */
  positive: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** The only values allowed (`one_of ["a", "b"]`). */
  values: z.array(z.union([z.string(), z.number()])).nullable(),
  unique: z.boolean(),
  /** A pattern that the whole value must match (`matches "[A-Z]{2}"`, RE2). */
  pattern: z.string().nullable(),
  /** strptime format of dates and timestamps. */
  format: z.string().nullable(),
  /** Masked in logs, errors and stored predictions. */
  redacted: z.boolean(),
  doc: z.string().nullable(),
});
export type ColumnSchema = z.infer<typeof columnSchema>;
export const columns = (doc: string) => known(z.array(columnSchema), { is: "columns", doc });
/** Columns of which there are few, such as a prompt's inputs. */
export const fewColumns = (doc: string) => known(z.array(columnSchema), { is: "columns", few: true, doc });

export function map<S extends z.ZodType>(
  value: S,
  doc: string,
  how: { keys?: MapKeys; of?: string; ordered?: boolean; total?: number } = {},
) {
  return known(z.record(z.string(), value), {
    is: "map",
    keys: how.keys ?? "name",
    of: how.of ?? null,
    ordered: how.ordered ?? false,
    total: how.total ?? null,
    doc,
  });
}

export const block = <S extends z.ZodRawShape>(shape: S, doc: string) =>
  known(z.object(shape), { is: "block", doc });
export const rules = <S extends z.ZodRawShape>(shape: S, doc: string) =>
  known(z.array(z.object(shape)), { is: "rules", doc });

const differing = new WeakSet<z.ZodType>();
/** An attribute that an environment may give another value: where a deployment listens, not what it serves. */
export function mayDiffer<S extends z.ZodType>(schema: S): S {
  differing.add(schema);
  return schema;
}
export const differs = (schema: z.ZodType): boolean => differing.has(schema);

function placed<S extends z.ZodType>(schema: S, position: Position): S {
  positions.add(schema, position as never);
  return schema;
}
/** Written right after the head: `require CONDITION`. */
export const operand = <S extends z.ZodType>(schema: S) => placed(schema, { at: "operand" });
/** Written after a preposition or `->`: `by Education`. */
export const clause = <S extends z.ZodType>(word: string, schema: S) =>
  placed(schema, { at: "clause", word });
/** Written behind an equals sign after the operand: `value scored.f1 = 70%`. */
export const assigned = <S extends z.ZodType>(schema: S) => placed(schema, { at: "assigned" });
/** Written in the head's parentheses: `split(seed = 42)`. */
export const argument = <S extends z.ZodType>(schema: S) => placed(schema, { at: "argument" });
/** The user names of the block itself. */
export const entries = <S extends z.ZodType>(schema: S) => placed(schema, { at: "entries" });
/** A string at the end of a rule, shown when it does not hold. */
export const message = (doc: string) =>
  placed(known(z.string().optional(), { is: "text", doc }), { at: "message" });

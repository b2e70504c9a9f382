/** Reads what `types.ts` registered out of zod schemas; the only place that looks inside them. */
import * as z from "zod";
import { differs, type Meaning, meanings, type Position, positions } from "./types.ts";

/** A schema with what the language knows of it. */
export interface Typed {
  /** Without `.optional()` and `.default()`. */
  readonly inner: z.ZodType;
  readonly meaning: Meaning;
}

/** A field of a kind, a block or a rule. */
export interface Field extends Typed {
  readonly name: string;
  /** Null: an attribute, block or rule of the body. */
  readonly position: Position | null;
  readonly required: boolean;
  /** Value when it is not written; undefined when there is none. */
  readonly fallback: unknown;
  /** An environment may give it another value. */
  readonly mayDiffer: boolean;
}

interface Unwrapped extends Typed {
  readonly position: Position | null;
  readonly required: boolean;
  readonly fallback: unknown;
}

function unwrap(schema: z.ZodType): Unwrapped {
  let current = schema;
  let position: Position | null = null;
  let meaning: Meaning | undefined;
  // The registry's own type depends on each schema's output, which is not known here.
  const meaningOf = (of: z.ZodType): Meaning | undefined => meanings._map.get(of) as Meaning | undefined;
  let required = true;
  let fallback: unknown;
  for (;;) {
    position ??= positions.get(current) ?? null;
    meaning ??= meaningOf(current);
    if (current instanceof z.ZodOptional) {
      required = false;
      current = current.unwrap() as z.ZodType; // zod types the inner schema as its core, the same object
    } else if (current instanceof z.ZodDefault) {
      required = false;
      fallback = current.def.defaultValue;
      current = current.unwrap() as z.ZodType; // as above
    } else break;
  }
  if (meaning === undefined)
    throw new Error("a schema of stdlib is not made with the words of vocabulary/types.ts");
  return { inner: current, meaning, position, required, fallback };
}

const fieldCache = new WeakMap<z.ZodType, readonly Field[]>();

/** The fields of an object schema, in the order in which stdlib writes them. */
export function fieldsOf(schema: z.ZodType): readonly Field[] {
  const cached = fieldCache.get(schema);
  if (cached !== undefined) return cached;
  if (!(schema instanceof z.ZodObject)) throw new Error("fields are asked of a schema that is no object");
  const fields = Object.entries(schema.shape).map(([name, field]) => ({
    name,
    ...unwrap(field as z.ZodType),
    mayDiffer: differs(field as z.ZodType),
  }));
  fieldCache.set(schema, fields);
  return fields;
}

const elementCache = new WeakMap<z.ZodType, Typed>();

/** What a list, a rule block or a map holds. */
export function elementOf({ inner }: Typed): Typed {
  const cached = elementCache.get(inner);
  if (cached !== undefined) return cached;
  const element =
    inner instanceof z.ZodArray ? inner.element : inner instanceof z.ZodRecord ? inner.valueType : null;
  if (element === null) throw new Error("an element is asked of a schema that is neither list nor map");
  const typed = unwrap(element as z.ZodType); // zod types inner schemas as its core, the same objects
  elementCache.set(inner, typed);
  return typed;
}

/** The object schema of one rule of a `rules` field. */
export function ruleOf(typed: Typed): z.ZodObject {
  const { inner } = typed;
  if (inner instanceof z.ZodArray && inner.element instanceof z.ZodObject) return inner.element;
  throw new Error("a rule is asked of a schema that holds none");
}

/** The object schema of a `block` field. */
export function blockOf(typed: Typed): z.ZodObject {
  if (typed.inner instanceof z.ZodObject) return typed.inner;
  throw new Error("a block is asked of a schema that is no object");
}

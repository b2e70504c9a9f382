/** Whether a kind's schema asks for more than the checker's readers have made sure of. */
import * as z from "zod";
import { meanings } from "./types.ts";

/** Bounds of numbers are the readers' own, from the meaning. */
const NUMBER_BOUNDS: readonly string[] = ["greater_than", "less_than", "number_format"];

const known = new WeakMap<z.ZodType, boolean>();

/**
 * False where everything that the schema says stands in its meanings too, so that what the readers accepted need not be
 * parsed once more: that costs as much as reading it.
 */
export function needsZod(schema: z.ZodType): boolean {
  const before = known.get(schema);
  if (before !== undefined) return before;
  known.set(schema, true); // a schema within itself is for zod
  const found = asksMore(schema);
  known.set(schema, found);
  return found;
}

function asksMore(outer: z.ZodType): boolean {
  let schema = outer;
  let meaning = meanings._map.get(schema)?.is;
  while (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    schema = schema.unwrap() as z.ZodType; // zod types the inner schema as its core, the same object
    meaning ??= meanings._map.get(schema)?.is;
  }
  const checks = (schema.def.checks ?? []).map((check) => check._zod.def.check);
  switch (meaning) {
    case "number":
      return !checks.every((check) => NUMBER_BOUNDS.includes(check));
    case "path":
      return !checks.every((check) => check === "min_length");
    case "text":
    case "template":
    case "boolean":
    case "secret":
    case "choice":
    case "reference":
    case "column":
    case "metric":
    case "expression":
    case "dimension":
    case "layers":
    case "call":
    case "columns":
      return checks.length > 0;
    case "list":
      return checks.length > 0 || !(schema instanceof z.ZodArray) || needsZod(schema.element as z.ZodType);
    case "rules":
      return checks.length > 0 || !(schema instanceof z.ZodArray) || objectAsks(schema.element as z.ZodType);
    case "map":
      return checks.length > 0 || !(schema instanceof z.ZodRecord) || needsZod(schema.valueType as z.ZodType);
    case "block":
    case undefined:
      return objectAsks(schema);
    default:
      return true;
  }
}

/** An object, or what an element is in its own right. */
function objectAsks(schema: z.ZodType): boolean {
  if (!(schema instanceof z.ZodObject)) return needsZod(schema);
  if ((schema.def.checks ?? []).length > 0) return true;
  return Object.values(schema.shape).some((field) => needsZod(field as z.ZodType));
}

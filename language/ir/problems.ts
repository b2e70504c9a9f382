/** What is wrong with a member of an IR, as the end of a sentence that begins with its place. */
import type * as z from "zod";
import { nearest } from "../check/suggest.ts";

/** Which names there are, or the one that was meant. */
export function oneOf(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === null ? `: ${names.join(", ")}` : `; did you mean \`${near}\`?`;
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) at = Reflect.get(Object(at), key);
  return at;
}

export function noun(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return value.length <= 40 ? JSON.stringify(value) : "a text";
  return String(value);
}

const NOUNS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "an array",
  object: "an object",
  record: "an object",
  null: "null",
};

/** What zod found, as the end of a sentence that begins with the place. */
export function spoken(issue: z.core.$ZodIssue, value: unknown): string {
  const not = value === undefined ? "and is missing" : `not ${noun(value)}`;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${NOUNS[issue.expected] ?? issue.expected}, ${not}`;
    case "invalid_value":
      return `must be ${issue.values.map((one) => JSON.stringify(one)).join(" or ")}, ${not}`;
    case "too_small":
      return `must be at least ${issue.minimum}, ${not}`;
    case "too_big":
      return `must be at most ${issue.maximum}, ${not}`;
    default:
      return `is none of the forms that the schema allows here, ${not}`;
  }
}

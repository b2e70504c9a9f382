/** What props are made of, and references in them. */
import { canonicalJson, type Json } from "../ir/canonical.ts";

export type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One text for one value, whatever the declarations in it are called: `named` gives what an id counts as. */
export function keyOf(value: Json, named: (id: string) => string): string {
  return canonicalJson(replaced(value, named));
}

function replaced(value: Json, named: (id: string) => string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => replaced(item, named));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === "ref" && typeof member === "string" ? named(member) : replaced(member, named),
    ]),
  );
}

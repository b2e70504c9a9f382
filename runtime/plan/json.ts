/** What props are made of. */
import type { Json } from "../../language/ir/canonical.ts";

/** A reference to another declaration, anywhere in props: attributes have `part`, expressions have `path`. */
export function isReference(value: Json, refs: ReadonlySet<string>): value is { ref: string; part?: string } {
  return isObject(value) && typeof value["ref"] === "string" && refs.has(value["ref"]);
}

export function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

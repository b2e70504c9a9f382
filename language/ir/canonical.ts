/** Canonical JSON: one text for one value. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON with the keys of every object in code-unit order and no white space (RFC 8785 for the values that the IR
 * holds; numbers are written as ECMAScript writes them).
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) {
    let text = "[";
    for (let index = 0; index < value.length; index += 1)
      text += index === 0 ? canonicalJson(value[index]) : `,${canonicalJson(value[index])}`;
    return `${text}]`;
  }
  const object = value as { readonly [key: string]: Json }; // Array.isArray does not narrow readonly arrays away
  let text = "{";
  for (const key of Object.keys(object).sort())
    text += `${text.length === 1 ? "" : ","}${JSON.stringify(key)}:${canonicalJson(object[key]!)}`;
  return `${text}}`;
}

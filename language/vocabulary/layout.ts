/** How `fmt` writes each block, read off what stdlib says of it. */
import type { Layout } from "../syntax/format.ts";
import type { Kind, Vocabulary } from "./kind.ts";
import { type Field, fieldsOf } from "./schema.ts";

function fieldOf(kind: Kind, name: string): Field | undefined {
  for (const variant of Object.values(kind.variants)) {
    const field = fieldsOf(variant.schema).find((other) => other.name === name);
    if (field !== undefined) return field;
  }
  return undefined;
}

/**
 * Declarations and schemas stand one item a line, so that a change of one is a change of one line; small blocks of
 * entries stay as their author wrote them, on one line when that fits.
 */
export function layoutOf(vocabulary: Vocabulary): Layout {
  return (path) => {
    // A template's body is laid out as a file.
    const [head, inner] = path[0] === "template" ? path.slice(1) : path;
    if (head === undefined) return "many-lines";
    const kind = vocabulary.kinds[head];
    // A use of a template may be a line, as may the limits of a parameter.
    if (kind === undefined) return "as-fits";
    if (inner === undefined) return "many-lines";
    const meaning = fieldOf(kind, inner)?.meaning;
    return meaning?.is === "columns" && meaning.few !== true ? "many-lines" : "as-fits";
  };
}

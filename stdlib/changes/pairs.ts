/** Declarations that are there on both sides, and ways from one to another. */
import type { NoteContext } from "../../language/diff/model.ts";
import { inOrder } from "../../language/ir/order.ts";
import type { Declaration } from "../../language/ir/program.ts";
import type { Reference } from "../../language/vocabulary/types.ts";

export interface Pair {
  readonly before: Declaration;
  readonly after: Declaration;
}

/** Pairs of a kind, in the order in which results flow. */
export function pairsOf(context: NoteContext, kind: string): Pair[] {
  return inOrder(context.after).flatMap((after) => {
    const before = after.kind === kind ? context.beforeOf(after) : null;
    return before === null ? [] : [{ before, after }];
  });
}

/** What an attribute refers to, on its own side; null when it refers to nothing. */
export function follow(
  context: NoteContext,
  side: "before" | "after",
  from: Declaration | null,
  attribute: string,
): Declaration | null {
  const reference = referenceOf(from, attribute);
  return reference === null ? null : context.find(side, reference.ref);
}

export function referenceOf(from: Declaration | null, attribute: string): Reference | null {
  const value = from?.props[attribute];
  // The IR's props passed the kind's own schema when the spec was checked.
  return typeof value === "object" && value !== null && "ref" in value
    ? (value as unknown as Reference)
    : null;
}

/** `deployment api ("loans")` */
export function called({ kind, name, external }: Declaration): string {
  return external === null || external === name ? `${kind} ${name}` : `${kind} ${name} ("${external}")`;
}

/** `a`, `a and b`, `a, b and c` */
export function and(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

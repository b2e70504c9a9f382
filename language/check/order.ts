/** Declarations so that what is mentioned comes before what mentions it: reading in this order never goes deep. */

import type { Source } from "./source.ts";
import type { AnySymbol, DeclarationSymbol } from "./symbols.ts";

/** By the words that stand in each declaration, without recursion; those in a circle come in the text's order. */
export function readingOrder(source: Source, symbols: ReadonlyMap<string, AnySymbol>): DeclarationSymbol[] {
  const declarations = [...symbols.values()].filter((symbol) => symbol.is === "declaration");
  const mentions = mentionsOf(source, declarations, symbols);
  const state = new Map<DeclarationSymbol, "open" | "done">();
  const order: DeclarationSymbol[] = [];
  for (const start of declarations) {
    const stack = [start];
    for (let current = stack.at(-1); current !== undefined; current = stack.at(-1)) {
      const before = state.get(current);
      if (before === undefined) {
        state.set(current, "open");
        for (const other of mentions.get(current) ?? []) if (!state.has(other)) stack.push(other);
      } else {
        stack.pop();
        if (before === "open") order.push(current);
        state.set(current, "done");
      }
    }
  }
  return order;
}

function mentionsOf(
  source: Source,
  declarations: readonly DeclarationSymbol[],
  symbols: ReadonlyMap<string, AnySymbol>,
): ReadonlyMap<DeclarationSymbol, readonly DeclarationSymbol[]> {
  const inText = [...declarations].sort((a, b) => a.phrase.span.start - b.phrase.span.start);
  const mentions = new Map<DeclarationSymbol, DeclarationSymbol[]>();
  let index = 0;
  for (const token of source.tree.tokens) {
    while (index < inText.length && token.start >= inText[index]!.phrase.span.end) index += 1;
    const around = inText[index];
    if (around === undefined || token.start < around.phrase.span.start) continue;
    const mentioned = symbols.get(token.text);
    if (mentioned?.is !== "declaration" || mentioned === around) continue;
    const known = mentions.get(around);
    if (known === undefined) mentions.set(around, [mentioned]);
    else known.push(mentioned);
  }
  return mentions;
}

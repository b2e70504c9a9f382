/** Everything that is declared is used by something. */
import type { Token } from "../../syntax/tree.ts";
import { describeSymbol } from "../symbols.ts";
import type { Rule } from "./rule.ts";

const ADVICE = {
  parameter: "take it out, or use it in an attribute",
  secret: "take it out, or name it in an attribute",
};

/**
 * A name counts as used when it stands anywhere outside its own head, so that a broken declaration elsewhere does
 * not make what it names look unused.
 */
export const everythingIsUsed: Rule = (context) => {
  const places = new Map<string, number[]>();
  for (const source of context.sources) {
    for (const token of source.tree.tokens) note(token, places);
  }
  for (const symbol of context.symbols) {
    const used = (places.get(symbol.name) ?? []).some((place) =>
      mayUse(place, symbol.nameSpan.start, symbol),
    );
    if (
      used ||
      context.meant.has(symbol.name) ||
      (symbol.is === "declaration" && symbol.kind?.terminal !== false)
    )
      continue;
    const advice =
      symbol.is === "declaration"
        ? (symbol.kind?.unused ?? "take it out, or refer to it")
        : ADVICE[symbol.is];
    context.reportAt("ML3002", { what: describeSymbol(symbol), advice }, symbol.source, symbol.nameSpan);
  }
};

function note(token: Token, places: Map<string, number[]>): void {
  if (!/^[\p{L}_]/u.test(token.text)) return;
  const known = places.get(token.text);
  if (known === undefined) places.set(token.text, [token.start]);
  else known.push(token.start);
}

/** A declaration does not use itself; a parameter may stand anywhere but in its own line. */
function mayUse(
  place: number,
  own: number,
  symbol: { readonly phrase: { readonly span: { start: number; end: number } } },
): boolean {
  return place !== own && (place < symbol.phrase.span.start || place >= symbol.phrase.span.end);
}

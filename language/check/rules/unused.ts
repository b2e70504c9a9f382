/** Everything that is declared is used by something. */

import { eachWord } from "../../syntax/parse.ts";
import type { Span } from "../../syntax/tree.ts";
import { type AnySymbol, describeSymbol } from "../symbols.ts";
import type { Rule } from "./rule.ts";

const ADVICE = {
  parameter: "take it out, or use it in an attribute",
  secret: "take it out, or name it in an attribute",
  constant: "take it out, or use it in an attribute",
  argument: "take it out, or use it in the template",
  template: "take it out, or use it: its name begins a declaration",
  generic: "take it out, or use it where a declaration is named",
};

/**
 * A name counts as used when it stands anywhere outside its own head, so that a broken declaration elsewhere does
 * not make what it names look unused.
 */
export const everythingIsUsed: Rule = (context) => {
  const places = new Map<string, number[]>();
  for (const symbol of context.symbols) if (!isEnd(symbol)) places.set(symbol.name, []);
  for (const { name } of context.imports) places.set(name.text, []);
  for (const source of context.sources)
    eachWord(source.tree, (word, start) => void places.get(word)?.push(start));
  const used = (name: string, own: Span, around: Span) =>
    context.meant.has(name) ||
    (places.get(name) ?? []).some(
      // A declaration does not use itself; a parameter may stand anywhere but in its own line.
      (place) => place !== own.start && (place < around.start || place >= around.end),
    );
  const library = !context.symbols.some(isEnd);
  for (const symbol of context.symbols) {
    if (isEnd(symbol) || symbol.is === "instance") continue;
    // The name that means nothing may have meant this one.
    if (context.astray && symbol.is === "declaration") continue;
    // What a file without an end of a pipeline declares is there for other files.
    if (library && (symbol.is === "template" || symbol.is === "generic" || symbol.is === "constant"))
      continue;
    const around = symbol.is === "argument" ? symbol.nameSpan : symbol.phrase.span;
    if (used(symbol.name, symbol.nameSpan, around)) continue;
    const advice =
      symbol.is === "declaration"
        ? (symbol.kind?.unused ?? "take it out, or refer to it")
        : ADVICE[symbol.is];
    context.reportAt("ML3002", { what: describeSymbol(symbol), advice }, symbol.source, symbol.nameSpan);
  }
  for (const { name, symbol, source } of context.imports) {
    if (isEnd(symbol) || symbol.is === "instance" || used(name.text, name.span, name.span)) continue;
    const advice = "take it out of the import, or use it";
    context.reportAt("ML3002", { what: describeSymbol(symbol), advice }, source, name.span);
  }
};

/** What a pipeline ends in needs nothing that refers to it; of an unknown kind nothing is said. */
const isEnd = (symbol: AnySymbol): boolean => symbol.is === "declaration" && symbol.kind?.terminal !== false;

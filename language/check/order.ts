/** Declarations so that what is mentioned comes before what mentions it: reading in this order never goes deep. */
import type { Token } from "../syntax/tree.ts";
import type { Scope } from "./scope.ts";
import type { AnySymbol, DeclarationSymbol } from "./symbols.ts";

/** By the words that stand in each declaration, without recursion; those in a circle come in the text's order. */
export function readingOrder(declarations: readonly DeclarationSymbol[]): DeclarationSymbol[] {
  const state = new Map<DeclarationSymbol, "open" | "done">();
  const order: DeclarationSymbol[] = [];
  for (const start of declarations) {
    const stack = [start];
    for (let current = stack.at(-1); current !== undefined; current = stack.at(-1)) {
      const before = state.get(current);
      if (before === undefined) {
        state.set(current, "open");
        for (const other of mentionedBy(current)) if (!state.has(other)) stack.push(other);
      } else {
        stack.pop();
        if (before === "open") order.push(current);
        state.set(current, "done");
      }
    }
  }
  return order;
}

function mentionedBy(symbol: DeclarationSymbol): DeclarationSymbol[] {
  const { phrase, scope } = symbol.body;
  const { tokens } = scope.source.tree;
  const found: DeclarationSymbol[] = [];
  for (let index = firstFrom(tokens, phrase.span.start); index < tokens.length; index += 1) {
    const token = tokens[index]!;
    if (token.start >= phrase.span.end) break;
    const mentioned = scope.lookup(token.text);
    if (mentioned !== undefined && mentioned !== symbol) add(mentioned, found);
  }
  return found;
}

/** A use of a template stands for all that it makes; an argument for what it names. */
function add(symbol: AnySymbol, found: DeclarationSymbol[]): void {
  if (symbol.is === "declaration") found.push(symbol);
  else if (symbol.is === "instance") for (const member of declaredIn(symbol.members)) found.push(member);
  else if (symbol.is === "argument" && symbol.bound.is === "expression") {
    let { expression } = symbol.bound;
    while (expression.kind === "member") expression = expression.object;
    const named =
      expression.kind === "reference" ? symbol.bound.scope.lookup(expression.name.text) : undefined;
    if (named !== undefined && named !== symbol) add(named, found);
  }
}

export function* declaredIn(scope: Scope | null): Generator<DeclarationSymbol> {
  for (const symbol of scope?.own.values() ?? []) {
    if (symbol.is === "declaration") yield symbol;
    else if (symbol.is === "instance") yield* declaredIn(symbol.members);
  }
}

function firstFrom(tokens: readonly Token[], start: number): number {
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

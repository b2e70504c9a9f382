/** Declarations so that what is mentioned comes before what mentions it: reading in this order never goes deep. */
import { eachWord } from "../syntax/parse.ts";
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
  const found: DeclarationSymbol[] = [];
  eachWord(
    scope.source.tree,
    (word) => {
      const mentioned = scope.lookup(word);
      if (mentioned !== undefined && mentioned !== symbol) add(mentioned, found);
    },
    phrase.span,
  );
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

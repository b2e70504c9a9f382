/** Expressions as they are written, for checks that need their units and their places, which the IR no longer has. */
import type { Argument, Expression, Item, Phrase, Span } from "../../syntax/tree.ts";

/** Several rules ask for the same, and a tree is never changed. */
const known = new WeakMap<Phrase, readonly Expression[]>();

/** Every expression of a declaration, outer before inner. */
export function expressionsOf(phrase: Phrase): readonly Expression[] {
  const before = known.get(phrase);
  if (before !== undefined) return before;
  const found: Expression[] = [];
  ofPhrase(phrase, found);
  known.set(phrase, found);
  return found;
}

function ofPhrase(phrase: Phrase, found: Expression[]): void {
  if (phrase.operand !== null) within(phrase.operand, found);
  if (phrase.value !== null) within(phrase.value, found);
  if (phrase.arguments !== null) ofArguments(phrase.arguments, found);
  for (const clause of phrase.clauses) within(clause.value, found);
  for (const item of phrase.block?.items ?? []) ofItem(item, found);
}

function ofItem(item: Item, found: Expression[]): void {
  if (item.kind === "phrase") ofPhrase(item, found);
  else if (item.kind === "attribute") within(item.value, found);
}

function ofArguments(args: readonly Argument[], found: Expression[]): void {
  for (const { value } of args) if (value !== null) within(value, found);
}

function within(expression: Expression, found: Expression[]): void {
  found.push(expression);
  switch (expression.kind) {
    case "member":
      within(expression.object, found);
      break;
    case "call":
      within(expression.callee, found);
      ofArguments(expression.arguments, found);
      break;
    case "unary":
      within(expression.operand, found);
      break;
    case "binary":
      within(expression.left, found);
      within(expression.right, found);
      break;
    case "if":
      within(expression.condition, found);
      within(expression.then, found);
      within(expression.otherwise, found);
      break;
    case "list":
      for (const item of expression.items) within(item, found);
      break;
    case "range":
      within(expression.from, found);
      within(expression.to, found);
      break;
    default:
  }
}

export const isWithin = (inner: Span, outer: Span): boolean =>
  inner.start >= outer.start && inner.end <= outer.end;

/** Expressions as they are written, for checks that need their units and their places, which the IR no longer has. */
import { trimmed } from "../../syntax/reader.ts";
import type { Argument, Binary, Call, Expression, Item, Phrase, Span } from "../../syntax/tree.ts";

/** What rules look at: leaves are most of a tree, and nobody asks for them. */
interface Written {
  readonly binaries: readonly Binary[];
  readonly calls: readonly Call[];
}

/** Several rules ask for the same, and a tree is never changed. */
const known = new WeakMap<Phrase, Written>();

function writtenIn(phrase: Phrase): Written {
  const before = known.get(phrase);
  if (before !== undefined) return before;
  const binaries: Binary[] = [];
  const calls: Call[] = [];
  ofPhrase(phrase, (expression) => {
    if (expression.kind === "binary") binaries.push(expression);
    else if (expression.kind === "call") calls.push(expression);
  });
  const written = { binaries: trimmed(binaries), calls: trimmed(calls) };
  known.set(phrase, written);
  return written;
}

/** Every expression of a declaration with a sign between two operands, outer before inner. */
export const binariesOf = (phrase: Phrase): readonly Binary[] => writtenIn(phrase).binaries;

/** Every call in a declaration's expressions, outer before inner. */
export const callsOf = (phrase: Phrase): readonly Call[] => writtenIn(phrase).calls;

/** Every expression of a declaration, outer before inner. */
export function expressionsOf(phrase: Phrase): readonly Expression[] {
  const found: Expression[] = [];
  ofPhrase(phrase, (expression) => void found.push(expression));
  return found;
}

type Visit = (expression: Expression) => void;

function ofPhrase(phrase: Phrase, visit: Visit): void {
  if (phrase.operand !== null) within(phrase.operand, visit);
  if (phrase.value !== null) within(phrase.value, visit);
  if (phrase.arguments !== null) ofArguments(phrase.arguments, visit);
  for (const clause of phrase.clauses) within(clause.value, visit);
  if (phrase.block !== null) for (const item of phrase.block.items) ofItem(item, visit);
}

function ofItem(item: Item, visit: Visit): void {
  if (item.kind === "phrase") ofPhrase(item, visit);
  else if (item.kind === "attribute") within(item.value, visit);
}

function ofArguments(args: readonly Argument[], visit: Visit): void {
  for (const { value } of args) if (value !== null) within(value, visit);
}

function within(expression: Expression, visit: Visit): void {
  visit(expression);
  switch (expression.kind) {
    case "member":
      within(expression.object, visit);
      break;
    case "call":
      within(expression.callee, visit);
      ofArguments(expression.arguments, visit);
      break;
    case "unary":
      within(expression.operand, visit);
      break;
    case "binary":
      within(expression.left, visit);
      within(expression.right, visit);
      break;
    case "if":
      within(expression.condition, visit);
      within(expression.then, visit);
      within(expression.otherwise, visit);
      break;
    case "list":
      for (const item of expression.items) within(item, visit);
      break;
    case "range":
      within(expression.from, visit);
      within(expression.to, visit);
      break;
    default:
  }
}

export const isWithin = (inner: Span, outer: Span): boolean =>
  inner.start >= outer.start && inner.end <= outer.end;

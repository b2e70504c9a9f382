/** Expressions as they are written, for checks that need their units and their places, which the IR no longer has. */
import type { Argument, Expression, Item, Phrase, Span } from "../../syntax/tree.ts";

/** Every expression of a declaration, outer before inner. */
export function* expressionsOf(phrase: Phrase): Generator<Expression> {
  for (const own of [phrase.operand, phrase.value]) if (own !== null) yield* within(own);
  yield* ofArguments(phrase.arguments ?? []);
  for (const clause of phrase.clauses) yield* within(clause.value);
  for (const item of phrase.block?.items ?? []) yield* ofItem(item);
}

function* ofItem(item: Item): Generator<Expression> {
  if (item.kind === "phrase") yield* expressionsOf(item);
  else if (item.kind === "attribute") yield* within(item.value);
}

function* ofArguments(args: readonly Argument[]): Generator<Expression> {
  for (const argument of args) if (argument.value !== null) yield* within(argument.value);
}

function* within(expression: Expression): Generator<Expression> {
  yield expression;
  switch (expression.kind) {
    case "member":
      yield* within(expression.object);
      break;
    case "call":
      yield* within(expression.callee);
      yield* ofArguments(expression.arguments);
      break;
    case "unary":
      yield* within(expression.operand);
      break;
    case "binary":
      yield* within(expression.left);
      yield* within(expression.right);
      break;
    case "if":
      yield* within(expression.condition);
      yield* within(expression.then);
      yield* within(expression.otherwise);
      break;
    case "list":
      for (const item of expression.items) yield* within(item);
      break;
    case "range":
      yield* within(expression.from);
      yield* within(expression.to);
      break;
    default:
  }
}

export const isWithin = (inner: Span, outer: Span): boolean =>
  inner.start >= outer.start && inner.end <= outer.end;

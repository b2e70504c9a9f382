/** Constants that need themselves have no value. */
import type { Expression, Name } from "../syntax/tree.ts";
import type { Reporter } from "./reporter.ts";
import type { Scope } from "./scope.ts";
import { related } from "./source.ts";
import type { ConstantSymbol } from "./symbols.ts";

/** Every plain name in an expression. */
export function* namesIn(expression: Expression): Generator<Name> {
  switch (expression.kind) {
    case "reference":
      yield expression.name;
      break;
    case "member":
      yield* namesIn(expression.object);
      break;
    case "call":
      yield* namesIn(expression.callee);
      for (const { value } of expression.arguments) if (value !== null) yield* namesIn(value);
      break;
    case "unary":
      yield* namesIn(expression.operand);
      break;
    case "binary":
      yield* namesIn(expression.left);
      yield* namesIn(expression.right);
      break;
    case "if":
      for (const part of [expression.condition, expression.then, expression.otherwise]) yield* namesIn(part);
      break;
    case "list":
      for (const item of expression.items) yield* namesIn(item);
      break;
    case "range":
      yield* namesIn(expression.from);
      yield* namesIn(expression.to);
      break;
    default:
  }
}

/** Longer chains of constants are no spec that a person wrote, and would not fit on the stack. */
const LONGEST_CHAIN = 500;

/** Reports each circle once, and takes the value of every constant in it away. */
export function failCircularConstants(scope: Scope, reporter: Reporter): void {
  const own = [...scope.own.values()].filter(
    // An imported constant was looked at in its own file.
    (symbol): symbol is ConstantSymbol => symbol.is === "constant" && symbol.source === scope.source,
  );
  const known = new Set(own);
  /** How many constants are read before this one, one through the other. */
  const depth = new Map<ConstantSymbol, number>();
  for (const start of own) {
    const path: { readonly symbol: ConstantSymbol; readonly next: ConstantSymbol[] }[] = [];
    const enter = (symbol: ConstantSymbol) => path.push({ symbol, next: namedBy(symbol, scope, known) });
    if (!depth.has(start)) enter(start);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const next = at.next.pop();
      if (next === undefined) {
        const inner = namedBy(at.symbol, scope, known).map((symbol) => depth.get(symbol) ?? 0);
        depth.set(at.symbol, 1 + Math.max(0, ...inner));
        path.pop();
        if (depth.get(at.symbol) === LONGEST_CHAIN) {
          reporter.say("ML2059", { most: String(LONGEST_CHAIN) }, scope, at.symbol.nameSpan);
          fail(at.symbol, scope);
        }
      } else if (path.some(({ symbol }) => symbol === next)) {
        const circle = path
          .slice(path.findIndex(({ symbol }) => symbol === next))
          .map(({ symbol }) => symbol);
        const cycle = [...circle, next].map((each) => `\`${each.name}\``).join(" needs ");
        const places = circle
          .slice(1)
          .map((each) => related(each.source, each.nameSpan, "also in the circle"));
        reporter.say("ML2024", { cycle }, scope, next.nameSpan, { related: places });
        for (const each of circle) fail(each, scope);
      } else if (!depth.has(next)) enter(next);
    }
  }
}

function namedBy(symbol: ConstantSymbol, scope: Scope, known: ReadonlySet<ConstantSymbol>): ConstantSymbol[] {
  if (symbol.bound.is !== "expression") return [];
  const found: ConstantSymbol[] = [];
  for (const name of namesIn(symbol.bound.expression)) {
    const named = name.quoted ? undefined : scope.own.get(name.text);
    if (named?.is === "constant" && known.has(named)) found.push(named);
  }
  return found;
}

function fail(symbol: ConstantSymbol, scope: Scope): void {
  scope.own.set(symbol.name, { ...symbol, bound: { is: "failed" } });
}

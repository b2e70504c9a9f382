/** Which way a condition moved, told by its constants where they alone decide. */
import { canonicalJson, type Json } from "../ir/canonical.ts";
import type { BinaryOp, IrExpression } from "../ir/expression.ts";
import type { Direction } from "./model.ts";

/** A sum: each term that is no number, by its key, with its factor; and the number beside them. */
interface Sum {
  readonly terms: ReadonlyMap<string, number>;
  readonly constant: number;
}

/** What must hold: `sum >= 0`, or `sum > 0` when strict. */
interface Bound {
  readonly sum: Sum;
  readonly strict: boolean;
}

/**
 * `same`: they ask the same; a direction: they differ in constants (or in parts joined by `and` and `or`) and one
 * implies the other; null: neither can be told to imply the other. Names in `before` must be those of `after`.
 */
export function compareConditions(before: IrExpression, after: IrExpression): Direction | "same" | null {
  if (key(before) === key(after)) return "same";
  for (const [op, more] of [
    ["and", "tighter"],
    ["or", "looser"],
  ] as const) {
    const [old, now] = [parts(before, op), parts(after, op)];
    if (old.length > 1 || now.length > 1) return compareParts(old, now, more);
  }
  const [old, now] = [boundOf(before), boundOf(after)];
  if (old === null || now === null) return null;
  return compareBounds(old, now);
}

/** Conditions side by side; one more of them makes the whole `more` strict. */
function compareParts(
  before: readonly IrExpression[],
  after: readonly IrExpression[],
  more: Direction,
): Direction | null {
  const left = before.filter((one) => !after.some((other) => key(other) === key(one)));
  const found: (Direction | "same")[] = [];
  const joined: IrExpression[] = [];
  for (const one of after.filter((other) => !before.some((old) => key(old) === key(other)))) {
    const place = left.findIndex((other) => compareConditions(other, one) !== null);
    if (place < 0) joined.push(one);
    else found.push(compareConditions(left.splice(place, 1)[0]!, one) ?? "same");
  }
  if (joined.length > 0) found.push(more);
  if (left.length > 0) found.push(more === "tighter" ? "looser" : "tighter");
  return combine(found);
}

/** One direction that holds for all of them; null when they point both ways, or nowhere. */
export function combine(found: readonly (Direction | "same" | null)[]): Direction | null {
  if (found.includes(null)) return null;
  const ways = new Set(found.filter((one) => one !== "same"));
  return ways.size === 1 ? ([...ways][0] ?? null) : null;
}

function compareBounds(before: Bound, after: Bound): Direction | "same" | null {
  const names = new Set([...before.sum.terms.keys(), ...after.sum.terms.keys()]);
  for (const name of names) {
    const [a, b] = [before.sum.terms.get(name) ?? 0, after.sum.terms.get(name) ?? 0];
    if (Math.abs(a - b) > 1e-12) return null;
  }
  const shift = after.sum.constant - before.sum.constant;
  if (Math.abs(shift) > 1e-12) return shift > 0 ? "looser" : "tighter";
  return before.strict === after.strict ? "same" : after.strict ? "tighter" : "looser";
}

function parts(node: IrExpression, op: BinaryOp): readonly IrExpression[] {
  return node.is === "binary" && node.op === op
    ? [...parts(node.left, op), ...parts(node.right, op)]
    : [node];
}

const MIRRORED: Readonly<Record<string, readonly [sign: 1 | -1, strict: boolean]>> = {
  ">=": [1, false],
  ">": [1, true],
  "<=": [-1, false],
  "<": [-1, true],
};

function boundOf(node: IrExpression): Bound | null {
  if (node.is !== "binary") return null;
  const read = MIRRORED[node.op];
  if (read === undefined) return null;
  const [sign, strict] = read;
  return { sum: add(scale(sumOf(node.left), sign), scale(sumOf(node.right), -sign)), strict };
}

function sumOf(node: IrExpression): Sum {
  if (node.is === "literal" && typeof node.value === "number")
    return { terms: new Map(), constant: node.value };
  if (node.is === "unary" && node.op === "-") return scale(sumOf(node.operand), -1);
  if (node.is === "binary") {
    const [left, right] = [() => sumOf(node.left), () => sumOf(node.right)];
    if (node.op === "+") return add(left(), right());
    if (node.op === "-") return add(left(), scale(right(), -1));
    if (node.op === "*") {
      const [a, b] = [left(), right()];
      if (a.terms.size === 0) return scale(b, a.constant);
      if (b.terms.size === 0) return scale(a, b.constant);
    }
    if (node.op === "/") {
      const divisor = right();
      if (divisor.terms.size === 0 && divisor.constant !== 0) return scale(left(), 1 / divisor.constant);
    }
  }
  return { terms: new Map([[key(node), 1]]), constant: 0 };
}

function add(a: Sum, b: Sum): Sum {
  const terms = new Map(a.terms);
  for (const [name, factor] of b.terms) terms.set(name, (terms.get(name) ?? 0) + factor);
  return { terms, constant: a.constant + b.constant };
}

const scale = ({ terms, constant }: Sum, by: number): Sum => ({
  terms: new Map([...terms].map(([name, factor]) => [name, factor * by])),
  constant: constant * by,
});

const key = (node: IrExpression): string => canonicalJson(node as unknown as Json); // an IR expression is JSON

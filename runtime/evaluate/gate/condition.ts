/**
 * Conditions with three values: what is not known makes no condition hold. With `confidence`, a comparison holds
 * only when the whole interval of the difference between its sides does.
 */
import type { BinaryOp, IrExpression } from "../../../language/ir/expression.ts";
import { interval } from "../bootstrap.ts";
import { termOf } from "./terms.ts";

/** `unsure`: known, but the interval lies on both sides of the bound. */
export type Truth = true | false | "unsure" | null;
/** A number or word; null is unknown. */
type Value = number | string | boolean | null;

/** Where the values of terms come from. */
export interface Evidence {
  /** The term's value on the rows themselves; null is unknown. */
  value(node: IrExpression): number | null;
  readonly confidence: {
    readonly level: number;
    readonly resamples: number;
    /** The term's value on a resample; null is unknown. */
    at(node: IrExpression, resample: number): number | null;
  } | null;
}

/** Thrown for what is no condition over metrics; `checks` finds it first. */
export class NotACondition extends Error {}

/** Whether the condition holds. */
export function judge(node: IrExpression, evidence: Evidence): Truth {
  if (node.is === "literal" && typeof node.value === "boolean") return node.value;
  if (node.is === "unary" && node.op === "not") return negate(judge(node.operand, evidence));
  if (node.is === "if") {
    const condition = judge(node.condition, evidence);
    return typeof condition === "boolean" ? judge(condition ? node.then : node.else, evidence) : condition;
  }
  if (node.is !== "binary") throw new NotACondition("a condition compares numbers");
  if (node.op === "and" || node.op === "or") {
    return combine(node.op, judge(node.left, evidence), judge(node.right, evidence));
  }
  return compareNodes(node.op, node.left, node.right, evidence);
}

function compareNodes(op: BinaryOp, left: IrExpression, right: IrExpression, evidence: Evidence): Truth {
  if (op === "in") {
    const items = right.is === "list" ? right.items : [];
    return items
      .map((item) => compareNodes("==", left, item, evidence))
      .reduce((a, b) => combine("or", a, b), false as Truth);
  }
  const { confidence } = evidence;
  if (confidence === null) {
    return compare(
      op,
      arithmetic(left, (term) => evidence.value(term)),
      arithmetic(right, (term) => evidence.value(term)),
    );
  }
  const differences = differencesOf(left, right, confidence);
  const ends = interval(differences, confidence.level);
  if (ends === null) return null;
  const [low, high] = ends.map((end) => compare(op, end, 0));
  // Equality holds on a whole interval only when it is one point.
  if ((op === "==" || op === "!=") && ends[0] < 0 && ends[1] > 0) return "unsure";
  return low === high ? (low ?? null) : "unsure";
}

/** [resamples] left − right; NaN where a resample could not tell. */
export function differencesOf(
  left: IrExpression,
  right: IrExpression,
  confidence: NonNullable<Evidence["confidence"]>,
): Float64Array {
  return Float64Array.from({ length: confidence.resamples }, (_, b) => {
    const at = (term: IrExpression) => confidence.at(term, b);
    const [l, r] = [arithmetic(left, at), arithmetic(right, at)];
    return typeof l === "number" && typeof r === "number" ? l - r : Number.NaN;
  });
}

/** Arithmetic over terms; anything unknown, and division by zero, is unknown. */
export function arithmetic(node: IrExpression, term: (node: IrExpression) => number | null): Value {
  if (termOf(node) !== null) return term(node);
  switch (node.is) {
    case "literal":
      return node.value;
    case "unary": {
      const value = arithmetic(node.operand, term);
      return typeof value === "number" ? -value : null;
    }
    case "binary": {
      const [left, right] = [arithmetic(node.left, term), arithmetic(node.right, term)];
      return typeof left === "number" && typeof right === "number" ? calculate(node.op, left, right) : null;
    }
    case "call": {
      const values = node.args.map((arg) => arithmetic(arg, term));
      if (!values.every((value) => typeof value === "number")) return null;
      const fn = FUNCTIONS[node.name];
      if (fn === undefined) throw new NotACondition(`\`${node.name}\` is no function over metrics`);
      return fn(...values);
    }
    default:
      throw new NotACondition("metrics, numbers and arithmetic can be compared");
  }
}

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  min: Math.min,
  max: Math.max,
  abs: Math.abs,
};

function calculate(op: BinaryOp, left: number, right: number): number | null {
  switch (op) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? null : left / right;
    default:
      throw new NotACondition(`\`${op}\` gives no number`);
  }
}

function compare(op: BinaryOp, left: Value, right: Value): boolean | null {
  if (left === null || right === null) return null;
  switch (op) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      throw new NotACondition(`\`${op}\` compares nothing`);
  }
}

const negate = (truth: Truth): Truth => (typeof truth === "boolean" ? !truth : truth);

/** Kleene's logic; unknown outweighs unsure. */
function combine(op: "and" | "or", left: Truth, right: Truth): Truth {
  const decides = op === "or";
  if (left === decides || right === decides) return decides;
  if (left === null || right === null) return null;
  if (left === "unsure" || right === "unsure") return "unsure";
  return !decides;
}

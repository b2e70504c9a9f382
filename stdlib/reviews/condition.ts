/** Conditions over metrics, as gates judge them. */
import { type IrExpression, partsOf } from "../../language/ir/expression.ts";

/** A metric of an evaluation's model, of a baseline or of the champion. */
export interface Term {
  readonly of: "candidate" | "champion" | "baseline";
  /** The baseline's name; empty for the others. */
  readonly baseline: string;
  /** Id of the evaluation; null for `champion` and `baseline(…)`. */
  readonly evaluation: string | null;
  /** Its name, without arguments. */
  readonly metric: string;
}

const metricIn = (path: readonly string[]): string => (path[0] ?? "").split("(")[0]!;

function termOf(node: IrExpression): Term | null {
  if (node.is === "ref")
    return { of: "candidate", baseline: "", evaluation: node.ref, metric: metricIn(node.path) };
  if ((node.is === "name" || node.is === "call") && node.name === "champion")
    return { of: "champion", baseline: "", evaluation: null, metric: metricIn(node.path) };
  if (node.is !== "call" || node.name !== "baseline") return null;
  const [word] = node.args;
  const baseline = word?.is === "name" ? word.name : "";
  return { of: "baseline", baseline, evaluation: null, metric: metricIn(node.path) };
}

export function termsOf(node: IrExpression): Term[] {
  const term = termOf(node);
  return term === null ? partsOf(node).flatMap(termsOf) : [term];
}

/** Why this is no condition that metrics decide; null when it is one. */
export function conditionProblem(node: IrExpression): string | null {
  return termsOf(node).length === 0 ? "it reads no metric" : unjudged(node);
}

/** `and`, `or`, `not` and `if` over comparisons. */
function unjudged(node: IrExpression): string | null {
  if (node.is === "literal" && typeof node.value === "boolean") return null;
  if (node.is === "unary" && node.op === "not") return unjudged(node.operand);
  if (node.is === "if") return unjudged(node.condition) ?? unjudged(node.then) ?? unjudged(node.else);
  if (node.is !== "binary") return "a condition compares numbers";
  if (node.op === "and" || node.op === "or") return unjudged(node.left) ?? unjudged(node.right);
  const right = node.op === "in" && node.right.is === "list" ? node.right.items : [node.right];
  return [node.left, ...right].map(uncounted).find((problem) => problem !== null) ?? null;
}

/** Numbers, metrics and arithmetic over them. */
function uncounted(node: IrExpression): string | null {
  if (termOf(node) !== null) return null;
  if (node.is === "literal")
    return typeof node.value === "number" ? null : `\`${String(node.value)}\` is no number to compare with`;
  if (node.is === "unary" && node.op === "-") return uncounted(node.operand);
  if (node.is === "binary" && ["+", "-", "*", "/"].includes(node.op)) {
    if (node.op === "/" && node.right.is === "literal" && node.right.value === 0)
      return "nothing can be divided by 0";
    return uncounted(node.left) ?? uncounted(node.right);
  }
  if (node.is === "call") return node.args.map(uncounted).find((problem) => problem !== null) ?? null;
  return "a number stands on each side of a comparison";
}

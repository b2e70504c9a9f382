/** The metrics that a rule's condition reads, and where each stands. */
import type { IrExpression } from "../../../language/ir/expression.ts";

/** A metric of an evaluation's model, of a baseline or of the champion on that evaluation's rows. */
export interface Term {
  readonly of:
    | { readonly is: "candidate" }
    | { readonly is: "champion" }
    | { readonly is: "baseline"; readonly name: string };
  /** Id of the evaluation; null for `champion` and `baseline(…)`, which are judged where the rule's others are. */
  readonly evaluation: string | null;
  /** As written behind the dot: `f1`, `recall(top=0.1)`. */
  readonly metric: string;
}

/** The term that this node is; null when it is none. */
export function termOf(node: IrExpression): Term | null {
  if (node.is === "ref") {
    return { of: { is: "candidate" }, evaluation: node.ref, metric: node.path.join(".") };
  }
  if ((node.is === "name" || node.is === "call") && node.name === "champion") {
    return { of: { is: "champion" }, evaluation: null, metric: node.path.join(".") };
  }
  if (node.is === "call" && node.name === "baseline") {
    return {
      of: { is: "baseline", name: wordOf(node.args[0] ?? Object.values(node.named)[0]) },
      evaluation: null,
      metric: node.path.join("."),
    };
  }
  return null;
}

/** Every term of an expression, in order. */
export function termsOf(node: IrExpression): Term[] {
  const term = termOf(node);
  return term === null ? childrenOf(node).flatMap(termsOf) : [term];
}

export function childrenOf(node: IrExpression): readonly IrExpression[] {
  switch (node.is) {
    case "unary":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    case "if":
      return [node.condition, node.then, node.else];
    case "list":
      return node.items;
    case "call":
      return [...node.args, ...Object.values(node.named)];
    default:
      return [];
  }
}

/** A word given as an argument: `majority` in `baseline(majority)`. */
function wordOf(node: IrExpression | undefined): string {
  if (node?.is === "name" || node?.is === "column") return node.name;
  return node?.is === "literal" ? String(node.value) : "";
}

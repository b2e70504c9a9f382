/**
 * Row expressions as ONNX operators. Numbers and booleans (0, 1) are double with NaN as null; strings have '' as
 * null. The same three-valued logic as `expression-eval.ts`.
 */
import type { BinaryOp, IrExpression } from "../../../language/ir/expression.ts";
import type { GraphBuilder } from "./builder.ts";
import { FUNCTIONS, hasFunction } from "./functions.ts";
import { alike, concatenated, type GraphValue, nullable, number } from "./value.ts";

export type ValueScope = (column: string) => GraphValue;

/** Whether the graph can compute the expression; strings are compared for equality only. */
export function isExpressible(
  expression: IrExpression,
  typeOf: (column: string) => "number" | "string",
): boolean {
  const inner = (e: IrExpression): boolean => isExpressible(e, typeOf);
  switch (expression.is) {
    case "literal":
    case "column":
      return true;
    case "unary":
      return inner(expression.operand);
    case "binary": {
      const ordered = ["<", "<=", ">", ">="].includes(expression.op) && isString(expression.left, typeOf);
      return !ordered && inner(expression.left) && inner(expression.right);
    }
    case "if":
      return inner(expression.condition) && inner(expression.then) && inner(expression.else);
    case "call": {
      const args = argumentsOf(expression);
      const strings = args.map((argument) => isString(argument, typeOf));
      const literals = args.map((argument) => argument.is === "literal");
      return hasFunction(expression.name, strings, literals) && args.every(inner);
    }
    case "list":
      return expression.items.every(inner);
    default:
      return false;
  }
}

const STRING_FUNCTIONS = new Set(["lower", "upper", "trim", "concat", "text"]);

function argumentsOf(expression: Extract<IrExpression, { is: "call" }>): readonly IrExpression[] {
  return [...expression.args, ...Object.values(expression.named)];
}

function isString(expression: IrExpression, typeOf: (column: string) => "number" | "string"): boolean {
  switch (expression.is) {
    case "literal":
      return typeof expression.value === "string";
    case "column":
      return typeOf(expression.name) === "string";
    case "if":
      return isString(expression.then, typeOf) || isString(expression.else, typeOf);
    case "binary":
      return expression.op === "+" && isString(expression.left, typeOf);
    case "call":
      if (expression.name === "coalesce")
        return expression.args.some((argument) => isString(argument, typeOf));
      return STRING_FUNCTIONS.has(expression.name);
    default:
      return false;
  }
}

/** Adds the operators of an expression that `isExpressible`. */
export function addExpression(graph: GraphBuilder, expression: IrExpression, scope: ValueScope): GraphValue {
  const add = (inner: IrExpression) => addExpression(graph, inner, scope);
  switch (expression.is) {
    case "literal":
      return literal(graph, expression.value);
    case "column":
      return scope(expression.name);
    case "unary": {
      const x = add(expression.operand).name;
      return number(expression.op === "-" ? graph.add("Neg", [x]) : not(graph, x));
    }
    case "binary":
      return binary(graph, expression.op, expression.left, expression.right, add);
    case "if": {
      const holds = truth(graph, add(expression.condition).name);
      const [then, other] = alike(graph, add(expression.then), add(expression.else));
      return { type: then.type, name: graph.add("Where", [holds, then.name, other.name]) };
    }
    case "call": {
      const rule = FUNCTIONS[expression.name];
      if (rule === undefined) throw new Error(`the graph has no function ${expression.name}`);
      return rule(graph, argumentsOf(expression).map(add));
    }
    default:
      throw new Error(`${expression.is} has no value in a row`);
  }
}

function literal(graph: GraphBuilder, value: number | string | boolean | null): GraphValue {
  if (value === null) return { type: "null", name: graph.number(Number.NaN), literal: Number.NaN };
  if (typeof value === "string") return { type: "string", name: graph.text(value), literal: value };
  return { type: "number", name: graph.number(Number(value)), literal: Number(value) };
}

function not(graph: GraphBuilder, x: string): string {
  return nullable(graph, graph.add("Equal", [x, graph.number(0)]), [number(x)]);
}

/** True where a value is neither null nor 0. */
function truth(graph: GraphBuilder, x: string): string {
  const no = graph.add("Or", [graph.add("Equal", [x, graph.number(0)]), graph.add("IsNaN", [x])]);
  return graph.add("Not", [no]);
}

const COMPARISON: Readonly<Partial<Record<BinaryOp, string>>> = {
  "<": "Less",
  "<=": "LessOrEqual",
  ">": "Greater",
  ">=": "GreaterOrEqual",
};
const ARITHMETIC: Readonly<Partial<Record<BinaryOp, string>>> = { "+": "Add", "-": "Sub", "*": "Mul" };

function binary(
  graph: GraphBuilder,
  op: BinaryOp,
  leftExpression: IrExpression,
  rightExpression: IrExpression,
  add: (inner: IrExpression) => GraphValue,
): GraphValue {
  const left = add(leftExpression);
  if (op === "in") {
    if (rightExpression.is !== "list") throw new Error("`in` takes a list");
    const hits = rightExpression.items.map((item) => equal(graph, left, add(item)));
    return number(hits.reduce((a, b) => or(graph, a, b), graph.number(0)));
  }
  const right = add(rightExpression);
  const [a, b] = [left.name, right.name];
  const comparison = COMPARISON[op];
  if (comparison !== undefined) return number(nullable(graph, graph.add(comparison, [a, b]), [left, right]));
  if (op === "==") return number(equal(graph, left, right));
  if (op === "!=") return number(graph.add("Sub", [graph.number(1), equal(graph, left, right)]));
  if (op === "and") return number(and(graph, a, b));
  if (op === "or") return number(or(graph, a, b));
  if (op === "/") {
    const zero = graph.add("Equal", [b, graph.number(0)]);
    return number(graph.add("Where", [zero, graph.number(Number.NaN), graph.add("Div", [a, b])]));
  }
  if (op === "+" && left.type === "string") return concatenated(graph, left, right);
  return number(graph.add(ARITHMETIC[op] ?? op, [a, b]));
}

function equal(graph: GraphBuilder, left: GraphValue, right: GraphValue): string {
  const [a, b] = alike(graph, left, right);
  return nullable(graph, graph.add("Equal", [a.name, b.name]), [a, b]);
}

function and(graph: GraphBuilder, a: string, b: string): string {
  const no = graph.add("Or", [
    graph.add("Equal", [a, graph.number(0)]),
    graph.add("Equal", [b, graph.number(0)]),
  ]);
  const unknown = graph.add("Or", [graph.add("IsNaN", [a]), graph.add("IsNaN", [b])]);
  const known = graph.add("Where", [unknown, graph.number(Number.NaN), graph.number(1)]);
  return graph.add("Where", [no, graph.number(0), known]);
}

function or(graph: GraphBuilder, a: string, b: string): string {
  const yes = graph.add("Or", [truth(graph, a), truth(graph, b)]);
  const unknown = graph.add("Or", [graph.add("IsNaN", [a]), graph.add("IsNaN", [b])]);
  const known = graph.add("Where", [unknown, graph.number(Number.NaN), graph.number(0)]);
  return graph.add("Where", [yes, graph.number(1), known]);
}

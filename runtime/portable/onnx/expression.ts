/**
 * Row expressions as ONNX operators. Numbers and booleans (0, 1) are double with NaN as null; strings have '' as
 * null. The same three-valued logic as `expression-eval.ts`.
 */
import type { BinaryOp, IrExpression } from "../../../language/ir/expression.ts";
import { DATA_TYPE } from "../../engine/model-proto.ts";
import type { GraphBuilder } from "./builder.ts";

/** A value [rows] in the graph, or one without dimensions when it is the same for every row. */
export interface GraphValue {
  readonly type: "number" | "string" | "null";
  readonly name: string;
  /** The value when it is the same for every row. */
  readonly literal?: number | string;
}

export type ValueScope = (column: string) => GraphValue;

/** Functions that the graph has; an expression with another is computed before the graph. */
const FUNCTIONS: Readonly<Record<string, (graph: GraphBuilder, args: readonly string[]) => string>> = {
  abs: (graph, args) => graph.add("Abs", args),
  floor: (graph, args) => graph.add("Floor", args),
  ceil: (graph, args) => graph.add("Ceil", args),
  sqrt: (graph, args) => graph.add("Sqrt", args),
  exp: (graph, args) => graph.add("Exp", args),
  log: (graph, [x = ""]) => {
    const positive = graph.add("Greater", [x, graph.number(0)]);
    return graph.add("Where", [positive, graph.add("Log", [x]), graph.number(Number.NaN)]);
  },
  min: (graph, args) => args.reduce((a, b) => smaller(graph, "Less", a, b)),
  max: (graph, args) => args.reduce((a, b) => smaller(graph, "Greater", a, b)),
};

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
    case "call":
      return Object.hasOwn(FUNCTIONS, expression.name) && expression.args.every(inner);
    case "list":
      return expression.items.every(inner);
    default:
      return false;
  }
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
      return number(
        rule(
          graph,
          expression.args.map((argument) => add(argument).name),
        ),
      );
    }
    default:
      throw new Error(`${expression.is} has no value in a row`);
  }
}

const number = (name: string): GraphValue => ({ type: "number", name });

function literal(graph: GraphBuilder, value: number | string | boolean | null): GraphValue {
  if (value === null) return { type: "null", name: graph.number(Number.NaN), literal: Number.NaN };
  if (typeof value === "string") return { type: "string", name: graph.text(value), literal: value };
  return { type: "number", name: graph.number(Number(value)), literal: Number(value) };
}

/** The literal null in the other's type. */
function alike(graph: GraphBuilder, left: GraphValue, right: GraphValue): [GraphValue, GraphValue] {
  const missing: GraphValue = { type: "string", name: graph.text(""), literal: "" };
  if (left.type === "null" && right.type === "string") return [missing, right];
  if (right.type === "null" && left.type === "string") return [left, missing];
  return [left, right];
}

function toDouble(graph: GraphBuilder, boolean: string): string {
  return graph.add("Cast", [boolean], { to: { int: DATA_TYPE.double } });
}

/** A boolean that is true for null; null itself when the value cannot be null. */
function isNull(graph: GraphBuilder, value: GraphValue): string | null {
  if (value.literal !== undefined && value.literal !== "" && !Number.isNaN(value.literal)) return null;
  return value.type === "string"
    ? graph.add("Equal", [value.name, graph.text("")])
    : graph.add("IsNaN", [value.name]);
}

/** The boolean as 0 or 1, null where a side is. */
function nullable(graph: GraphBuilder, boolean: string, sides: readonly GraphValue[]): string {
  const nulls = sides.map((side) => isNull(graph, side)).filter((name) => name !== null);
  const value = toDouble(graph, boolean);
  if (nulls.length === 0) return value;
  const any = nulls.reduce((a, b) => graph.add("Or", [a, b]));
  return graph.add("Where", [any, graph.number(Number.NaN), value]);
}

function not(graph: GraphBuilder, x: string): string {
  return nullable(graph, graph.add("Equal", [x, graph.number(0)]), [number(x)]);
}

/** True where a value is neither null nor 0. */
function truth(graph: GraphBuilder, x: string): string {
  const no = graph.add("Or", [graph.add("Equal", [x, graph.number(0)]), graph.add("IsNaN", [x])]);
  return graph.add("Not", [no]);
}

/** The smaller (or larger) of two, null when one is. The order of zeros is that of the direct evaluator. */
function smaller(graph: GraphBuilder, op: "Less" | "Greater", a: string, b: string): string {
  const better = graph.add("Or", [graph.add(op, [b, a]), graph.add("IsNaN", [b])]);
  return graph.add("Where", [better, b, a]);
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
  if (op === "+" && left.type === "string") {
    const [x, y] = alike(graph, left, right);
    const nulls = [x, y].map((side) => isNull(graph, side)).filter((name) => name !== null);
    const both = graph.add("StringConcat", [x.name, y.name]);
    if (nulls.length === 0) return { type: "string", name: both };
    const any = nulls.reduce((p, q) => graph.add("Or", [p, q]));
    return { type: "string", name: graph.add("Where", [any, graph.text(""), both]) };
  }
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

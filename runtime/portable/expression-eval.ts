/**
 * Row expressions as closures. Null is NaN (numbers, booleans as 0/1) or null (strings) and follows SQL's
 * three-valued logic, as DuckDB computes it when a model is trained; a number that has no value (x / 0) is null.
 */
import type { BinaryOp, IrExpression } from "../../language/ir/expression.ts";
import { FUNCTIONS } from "./functions.ts";
import { alike, booleans, NULL_READER, numberOf, numbers, type Reader, strings } from "./reader.ts";

/** How a column is read for the row at hand. Throws for a name that is none. */
export type ReaderScope = (name: string) => Reader;

const NULL = Number.NaN;

/** Compiles a row expression once; the reader gives its value for whatever row the scope stands at. */
export function compileExpression(expression: IrExpression, scope: ReaderScope): Reader {
  const compile = (inner: IrExpression) => compileExpression(inner, scope);
  switch (expression.is) {
    case "literal":
      return literal(expression.value);
    case "column":
      return scope(expression.name);
    case "unary": {
      const x = numberOf(compile(expression.operand));
      return expression.op === "-" ? numbers(() => -x()) : booleans(() => not(x()));
    }
    case "binary":
      return binary(expression.op, expression.left, expression.right, compile);
    case "if": {
      const condition = numberOf(compile(expression.condition));
      const [then, other] = alike(compile(expression.then), compile(expression.else));
      const holds = () => {
        const value = condition();
        return !Number.isNaN(value) && value !== 0;
      };
      if (then.type === "string" && other.type === "string") {
        return strings(() => (holds() ? then.read() : other.read()));
      }
      const [a, b] = [numberOf(then), numberOf(other)];
      const read = () => (holds() ? a() : b());
      return isBoolean(then) && isBoolean(other) ? booleans(read) : numbers(read);
    }
    case "call": {
      const rule = FUNCTIONS[expression.name];
      if (rule === undefined) throw new Error(`no function ${expression.name} on rows`);
      return rule([...expression.args, ...Object.values(expression.named)].map(compile));
    }
    default:
      throw new Error(`${expression.is} has no value in a row`);
  }
}

function literal(value: number | string | boolean | null): Reader {
  if (value === null) return NULL_READER;
  if (typeof value === "string") {
    // The empty string is the missing value, everywhere.
    const text = value === "" ? null : value;
    return strings(() => text);
  }
  const number = Number(value);
  return typeof value === "boolean" ? booleans(() => number) : numbers(() => number);
}

const isBoolean = (reader: Reader): boolean => reader.type === "number" && reader.boolean;

function not(x: number): number {
  if (Number.isNaN(x)) return NULL;
  return x === 0 ? 1 : 0;
}

function binary(
  op: BinaryOp,
  leftExpression: IrExpression,
  rightExpression: IrExpression,
  compile: (inner: IrExpression) => Reader,
): Reader {
  const left = compile(leftExpression);
  if (op === "in") {
    if (rightExpression.is !== "list") throw new Error("`in` takes a list");
    return membership(rightExpression.items.map((item) => equality(left, compile(item))));
  }
  const right = compile(rightExpression);
  if (op === "==") return booleans(equality(left, right));
  if (op === "!=") {
    const equal = equality(left, right);
    return booleans(() => 1 - equal());
  }
  if (op === "+" && left.type === "string" && right.type === "string") {
    const [a, b] = [left.read, right.read];
    return strings(() => concatenated(a(), b()));
  }
  if (op === "<" || op === "<=" || op === ">" || op === ">=") return booleans(comparison(op, left, right));
  const value = arithmetic(op, numberOf(left), numberOf(right));
  return op === "and" || op === "or" ? booleans(value) : numbers(value);
}

function concatenated(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : a + b;
}

/** 1, 0, or NaN when a side is null. */
function equality(left: Reader, right: Reader): () => number {
  const [a, b] = alike(left, right);
  if (a.type === "string" && b.type === "string") {
    return () => {
      const x = a.read();
      const y = b.read();
      return x === null || y === null ? NULL : x === y ? 1 : 0;
    };
  }
  const [x, y] = [numberOf(a), numberOf(b)];
  return () => compared(x(), y(), (p, q) => p === q);
}

/** SQL's IN: 1 when one is equal, else null when one is null, else 0. */
function membership(equalities: readonly (() => number)[]): Reader {
  return booleans(() => {
    let result = 0;
    for (const equal of equalities) {
      const value = equal();
      if (value === 1) return 1;
      if (Number.isNaN(value)) result = NULL;
    }
    return result;
  });
}

const HOLDS: Readonly<Record<"<" | "<=" | ">" | ">=", (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function comparison(op: "<" | "<=" | ">" | ">=", left: Reader, right: Reader): () => number {
  const holds = HOLDS[op];
  const [a, b] = alike(left, right);
  if (a.type === "string" && b.type === "string") {
    return () => {
      const x = a.read();
      const y = b.read();
      return x === null || y === null ? NULL : holds(byCodePoint(x, y)) ? 1 : 0;
    };
  }
  const [x, y] = [numberOf(a), numberOf(b)];
  const ordered = (p: number, q: number) => holds(p < q ? -1 : p > q ? 1 : 0);
  return () => compared(x(), y(), ordered);
}

function compared(x: number, y: number, holds: (x: number, y: number) => boolean): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NULL;
  return holds(x, y) ? 1 : 0;
}

/** DuckDB orders texts by their UTF-8 bytes, which is the order of code points. */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.codePointAt(i) ?? 0, b.codePointAt(i) ?? 0];
    if (x !== y) return x - y;
  }
  return a.length - b.length;
}

function arithmetic(op: BinaryOp, a: () => number, b: () => number): () => number {
  switch (op) {
    case "+":
      return () => a() + b();
    case "-":
      return () => a() - b();
    case "*":
      return () => a() * b();
    case "/":
      return () => {
        const divisor = b();
        return divisor === 0 ? NULL : a() / divisor;
      };
    case "and":
      return () => {
        const x = a();
        const y = b();
        if (x === 0 || y === 0) return 0;
        return Number.isNaN(x) || Number.isNaN(y) ? NULL : 1;
      };
    case "or":
      return () => {
        const x = a();
        const y = b();
        if ((!Number.isNaN(x) && x !== 0) || (!Number.isNaN(y) && y !== 0)) return 1;
        return Number.isNaN(x) || Number.isNaN(y) ? NULL : 0;
      };
    default:
      throw new Error(`${op} is no arithmetic`);
  }
}

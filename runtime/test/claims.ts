/** Whether what a test claims of its rows holds, by the evaluator that serves models. */
import { type IrExpression, partsOf } from "../../language/ir/expression.ts";
import { expressionText } from "../../language/ir/expression-text.ts";
import type { ColumnSchema, ColumnType } from "../../language/vocabulary/types.ts";
import type { Test } from "../../stdlib/kinds/test.ts";
import { timesAsSeconds } from "../data/derive.ts";
import { withParts } from "../data/expression-parts.ts";
import { compileExpression } from "../portable/expression-eval.ts";
import { booleans, numbers, type Reader, strings } from "../portable/reader.ts";
import type { ClaimResult } from "./report.ts";

/** A value that a claim reads; null is missing. Dates and times are seconds since 1970 UTC. */
export interface Read {
  readonly type: ColumnType;
  readonly value: string | number | boolean | null;
}

/** What stands behind a row's dot, or a word alone: `couple.income`, `refused`. */
export type Reads = (name: string, path: readonly string[]) => Read;

/** A condition over terms, each a column of its own. */
interface Compiled {
  readonly expression: IrExpression;
  readonly terms: ReadonlyMap<string, { readonly text: string; readonly read: Read }>;
}

export function judgeClaims(expect: NonNullable<Test["expect"]>, reads: Reads): ClaimResult[] {
  return expect.map(({ condition, message }, index) => {
    const compiled = compile(condition, reads);
    const holds = resultOf(compiled.expression, compiled);
    const passed = holds === true;
    const text = `expect ${claimText(condition)}`;
    const because = passed ? "" : whyNot(compiled, holds);
    const found = passed || message === undefined ? because : `${message}: ${because}`;
    return { text, pointer: `/expect/${index}`, passed, found, details: passed ? [] : hintsOf(compiled) };
  });
}

/** The condition as it is written: `good.probability("Adelie") > 0.5`. */
export function claimText(condition: IrExpression): string {
  return expressionText(named(condition));
}

function named(node: IrExpression): IrExpression {
  if (node.is === "name") return { is: "name", name: termText(node.name, node.path), path: [] };
  return withParts(node, named);
}

function termText(name: string, [member, of]: readonly string[]): string {
  if (member === undefined) return name;
  const plain = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(member) ? member : `\`${member}\``;
  return of === undefined ? `${name}.${plain}` : `${name}.${plain}(${JSON.stringify(of)})`;
}

function compile(condition: IrExpression, reads: Reads): Compiled {
  const terms = new Map<string, { text: string; read: Read }>();
  const place = (node: IrExpression): IrExpression => {
    if (node.is !== "name") return withParts(node, place);
    const text = termText(node.name, node.path);
    terms.set(text, { text, read: reads(node.name, node.path) });
    return { is: "column", name: text };
  };
  const placed = place(condition);
  const columns = [...terms].map(([name, { read }]) => ({ name, type: read.type }));
  // Only names and types are looked at.
  const timed = timesAsSeconds(placed, columns as unknown as readonly ColumnSchema[]);
  return { expression: missingAsked(timed, terms), terms };
}

/** `x == null` asks whether x is missing; elsewhere in the language nothing equals a missing value. */
function missingAsked(node: IrExpression, terms: Compiled["terms"]): IrExpression {
  if (node.is !== "binary" || (node.op !== "==" && node.op !== "!="))
    return withParts(node, (part) => missingAsked(part, terms));
  const isNull = (side: IrExpression) => side.is === "literal" && side.value === null;
  const asked = isNull(node.right) ? node.left : isNull(node.left) ? node.right : null;
  if (asked === null) return withParts(node, (part) => missingAsked(part, terms));
  const isMissing = resultOf(asked, { expression: asked, terms }) === null;
  return { is: "literal", value: (node.op === "==") === isMissing };
}

function readerOf({ type, value }: Read): Reader {
  if (type === "category" || type === "string" || type === "text") {
    const text = value === null || value === "" ? null : String(value);
    return strings(() => text);
  }
  const number = value === null ? Number.NaN : Number(value);
  return type === "boolean" ? booleans(() => number) : numbers(() => number);
}

/** Null when it is missing. */
function resultOf(node: IrExpression, { terms }: Compiled): string | number | boolean | null {
  const reader = compileExpression(node, (name) => readerOf(terms.get(name)!.read));
  const value = reader.read();
  if (value === null || Number.isNaN(value)) return null;
  return reader.type === "number" && reader.boolean ? value !== 0 : value;
}

/** Both sides of a comparison, or every value that was read. */
function whyNot(compiled: Compiled, holds: string | number | boolean | null): string {
  const { expression, terms } = compiled;
  const unknown = holds === null ? " (a missing value settles nothing)" : "";
  const sides = comparedSides(expression);
  if (sides !== null) {
    const [left, right] = sides.map((side) => resultOf(side, compiled));
    const shown =
      typeof left === "number" && typeof right === "number" ? pair(left, right) : [say(left), say(right)];
    const said = sides.flatMap((side, i) =>
      side.is === "literal" ? [] : [`${expressionText(unplaced(side))} is ${timed(side, terms, shown[i]!)}`],
    );
    const wanted =
      expression.is === "binary" && expression.op === "==" && sides[1].is === "literal"
        ? `, and ${shown[1]} was expected`
        : "";
    return `${said.join(", ")}${wanted}${unknown}`;
  }
  const said = [...terms.values()].map(({ text, read }) => `${text} is ${sayRead(read)}`);
  return `${said.join(", ")}${unknown}`;
}

const COMPARISONS: readonly string[] = ["==", "!=", "<", "<=", ">", ">="];

function comparedSides(node: IrExpression): readonly [IrExpression, IrExpression] | null {
  return node.is === "binary" && COMPARISONS.includes(node.op) ? [node.left, node.right] : null;
}

/** Terms have their own texts as names. */
const unplaced = (node: IrExpression): IrExpression =>
  node.is === "column" ? { is: "name", name: node.name, path: [] } : withParts(node, unplaced);

function timed(side: IrExpression, terms: Compiled["terms"], shown: string): string {
  const read = side.is === "column" ? terms.get(side.name)?.read : undefined;
  return read === undefined
    ? shown
    : read.type === "date" || read.type === "timestamp"
      ? sayRead(read)
      : shown;
}

function sayRead({ type, value }: Read): string {
  if (typeof value === "number" && type === "date") return new Date(value * 1000).toISOString().slice(0, 10);
  if (typeof value === "number" && type === "timestamp") return new Date(value * 1000).toISOString();
  return say(type === "boolean" && value !== null ? Boolean(value) : value);
}

export function say(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "missing";
  return typeof value === "number" ? String(short(value)) : JSON.stringify(value);
}

const short = (value: number): number => Number(value.toPrecision(6));

/** With all their digits where six would make them look alike. */
function pair(a: number, b: number): readonly [string, string] {
  const alike = a !== b && short(a) === short(b);
  return alike ? [String(a), String(b)] : [String(short(a)), String(short(b))];
}

/** Sums of decimals are seldom what they look like: say so where that alone is the difference. */
function hintsOf(compiled: Compiled): string[] {
  const { expression } = compiled;
  const sides = expression.is === "binary" && expression.op === "==" ? comparedSides(expression) : null;
  const [left, right] = (sides ?? []).map((side) => resultOf(side, compiled));
  if (typeof left !== "number" || typeof right !== "number" || left === right) return [];
  const close = Math.abs(left - right) <= 1e-9 * Math.max(Math.abs(left), Math.abs(right));
  if (!close || partsOf(expression).length === 0) return [];
  return [
    `they differ by rounding alone: write \`abs(… - …) < 1e-9\`, or \`in ${left - 1e-6}..${left + 1e-6}\``,
  ];
}

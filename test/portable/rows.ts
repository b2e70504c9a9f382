/** The columns that hand-made models read, tables of them from a seed, and expressions over them. */
import type { IrExpression } from "../../language/ir/expression.ts";
import type { Table, TableColumn } from "../../runtime/data/table.ts";
import type { InputColumn } from "../../runtime/portable/form.ts";

/** mulberry32: numbers in [0, 1) from a 32-bit seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const input = (
  name: string,
  type: InputColumn["type"],
  more: Partial<InputColumn> = {},
): InputColumn => ({
  name,
  type,
  nullable: true,
  min: null,
  max: null,
  values: null,
  format: null,
  doc: null,
  ...more,
});

export const col = (name: string): IrExpression => ({ is: "column", name });
export const lit = (value: number | string | boolean | null): IrExpression => ({ is: "literal", value });
export const bin = (
  op: Extract<IrExpression, { is: "binary" }>["op"],
  left: IrExpression,
  right: IrExpression,
): IrExpression => ({
  is: "binary",
  op,
  left,
  right,
});
export const call = (name: string, ...args: IrExpression[]): IrExpression => ({
  is: "call",
  name,
  args,
  named: {},
  path: [],
});
export const either = (condition: IrExpression, then: IrExpression, other: IrExpression): IrExpression => ({
  is: "if",
  condition,
  then,
  else: other,
});

/** The columns that every model here may read. */
export const INPUTS: readonly InputColumn[] = [
  input("age", "int"),
  input("area", "category"),
  input("city", "category"),
  input("income", "float"),
  input("joined", "date"),
  input("member", "boolean"),
  input("note", "text"),
  input("size", "float"),
];

export const AREAS = ["rural", "semiurban", "urban", "Ünïcode 🎉", "with space"];
export const CITIES = Array.from({ length: 80 }, (_, i) => `city ${String(i).padStart(2, "0")}`);
const WORDS = [
  "good",
  "Bad",
  "ÉTÉ",
  "straße",
  "x",
  "snake_case",
  "42",
  "naïve",
  "good",
  "日本",
  "don't",
  "I",
];

export function numbers(values: readonly number[]): TableColumn {
  return { type: "number", values: Float64Array.from(values) };
}

export function strings(values: readonly (string | null)[]): TableColumn {
  const levels = [...new Set(values.filter((value) => value !== null))].sort();
  return {
    type: "string",
    codes: Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value))),
    levels,
  };
}

/** Random rows of `INPUTS`: a share of values is missing, some categories are unknown to every model. */
export function table(rows: number, seed: number): Table {
  const next = random(seed);
  const many = <T>(value: () => T) => Array.from({ length: rows }, value);
  const maybe = <T>(value: () => T, missing: T) => (next() < 0.15 ? missing : value());
  const of = (list: readonly string[]) => list[Math.floor(next() * list.length)] as string;
  const text = () =>
    Array.from({ length: Math.floor(next() * 6) }, () => of(WORDS)).join(next() < 0.5 ? " " : ", ") || null;
  return {
    rows,
    columns: new Map<string, TableColumn>([
      ["age", numbers(many(() => maybe(() => Math.floor(next() * 60) + 18, Number.NaN)))],
      ["area", strings(many(() => maybe(() => of([...AREAS, "elsewhere"]), null)))],
      ["city", strings(many(() => maybe(() => of([...CITIES, "nowhere"]), null)))],
      ["income", numbers(many(() => maybe(() => Math.round(next() * 1e6) / 100, Number.NaN)))],
      ["joined", numbers(many(() => maybe(() => Math.floor(next() * 20_000) * 86_400, Number.NaN)))],
      ["member", numbers(many(() => maybe(() => (next() < 0.5 ? 1 : 0), Number.NaN)))],
      ["note", strings(many(() => maybe(text, null)))],
      ["size", numbers(many(() => maybe(() => Math.floor(next() * 5), Number.NaN)))],
    ]),
  };
}

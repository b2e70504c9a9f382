/** Columns that generated datasets may have, and clean rows that fit them. */

export interface PoolColumn {
  readonly name: string;
  readonly type: "int" | "float" | "boolean" | "category" | "string" | "text" | "date" | "timestamp";
  /** What follows the type in the schema. */
  readonly rest?: string;
  /** The cell of a row; `signal` is what the label depends on, 0 to 1. */
  readonly cell: (row: number, noise: () => number, signal: number) => string;
}

const day = (row: number): string => new Date(Date.UTC(2024, 0, 1 + row)).toISOString().slice(0, 10);
const of = (values: readonly string[]) => (_: number, noise: () => number, signal: number) =>
  values[Math.floor((noise() * 0.7 + signal * 0.3) * values.length)]!;
const holes =
  (cell: PoolColumn["cell"]): PoolColumn["cell"] =>
  (row, noise, signal) =>
    noise() < 0.2 ? "" : cell(row, noise, signal);
const number = (scale: number) => (_: number, noise: () => number, signal: number) =>
  (1 + scale * (noise() + signal)).toFixed(2);

/** By name. The label of a dataset is marked when the dataset is written. */
export const POOL: readonly PoolColumn[] = [
  { name: "id", type: "string", rest: "key", cell: (row) => `r${row}` },
  { name: "income", type: "float", rest: "min 0", cell: number(1000) },
  { name: "amount", type: "float", rest: "nullable", cell: holes(number(100)) },
  { name: "age", type: "int", cell: (_, noise) => String(18 + Math.floor(noise() * 40)) },
  { name: "flag", type: "boolean", cell: of(["false", "true"]) },
  { name: "maybe", type: "boolean", rest: "nullable", cell: holes(of(["false", "true"])) },
  {
    name: "area",
    type: "category",
    rest: 'one_of ["north", "south", "west"]',
    cell: of(["north", "south", "west"]),
  },
  { name: "grade", type: "category", rest: "nullable", cell: holes(of(["aa", "bb", "cc"])) },
  { name: "code", type: "string", cell: of(["X1", "Y2", "Z3"]) },
  { name: "note", type: "text", cell: of(["late payment twice", "good customer paid", "new customer late"]) },
  { name: "asked", type: "date", cell: (row) => day(row) },
  { name: "paid", type: "timestamp", rest: "nullable", cell: holes((row) => `${day(row)}T10:00:00Z`) },
  { name: "price", type: "float", cell: number(50) },
  { name: "hidden", type: "float", rest: "redacted", cell: number(5) },
  { name: "two words", type: "float", cell: number(3) },
  { name: "skipped", type: "int", rest: "ignored", cell: (_, noise) => String(Math.floor(noise() * 9)) },
  { name: "whom", type: "string", rest: "entity", cell: (row) => `w${row % 40}` },
  { name: "score", type: "float", cell: number(2) },
  { name: "approved", type: "category", rest: 'label positive "yes"', cell: of(["no", "yes"]) },
  {
    name: "level",
    type: "category",
    rest: 'label one_of ["low", "mid", "top"]',
    cell: of(["low", "mid", "top"]),
  },
  { name: "sort", type: "category", rest: "label", cell: of(["s1", "s2"]) },
  { name: "done", type: "boolean", rest: "label", cell: of(["false", "true"]) },
  { name: "total", type: "float", rest: "label", cell: number(10) },
  {
    name: "count",
    type: "int",
    rest: "label",
    cell: (_, noise, signal) => String(Math.floor((noise() + signal) * 5)),
  },
];

export const ROWS = 150;

/** Names as the language writes them. */
export const spelt = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``);

/** The file of a dataset: the same columns give the same bytes. */
export function csvOf(columns: readonly PoolColumn[], rows = ROWS): string {
  const lines = [columns.map((column) => column.name).join(",")];
  const signals = noiseOf("signal");
  const noises = columns.map((column) => noiseOf(column.name));
  for (let row = 0; row < rows; row += 1) {
    const signal = signals();
    lines.push(columns.map((column, i) => column.cell(row, noises[i]!, signal)).join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** Numbers from 0 to 1 that look random (mulberry32), begun by a word. */
function noiseOf(word: string): () => number {
  let state = [...word].reduce((all, letter) => Math.imul(all, 31) + letter.charCodeAt(0), 7) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

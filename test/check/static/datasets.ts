/** Random datasets with their files. */
import type { Choices } from "./choices.ts";
import { csvOf, POOL, type PoolColumn, ROWS, spelt } from "./columns.ts";
import { expression, type Known, knownOf } from "./expressions.ts";

export interface Made {
  readonly name: string;
  readonly columns: readonly PoolColumn[];
  readonly parts: readonly string[];
  readonly text: string;
  /** The file's name and bytes. */
  readonly file: { readonly name: string; readonly text: string } | null;
}

const LABELS = POOL.filter((column) => column.rest?.includes("label") === true);
const OTHERS = POOL.filter((column) => column.rest?.includes("label") !== true);

/** One label, and other columns; often all that matter. */
export function someColumns(choose: Choices): PoolColumn[] {
  const label = choose.pick(LABELS);
  const kept = OTHERS.filter(
    (column) =>
      ["id", "income", "area", "asked"].includes(column.name) ||
      (column.name === "score" ? choose.odd([false], [true]) : choose.chance(2)),
  );
  const few = choose.odd([kept], [kept.filter(() => choose.chance(3))]);
  return [...few, label];
}

const rowOf = (column: PoolColumn): string =>
  `    ${spelt(column.name)}: ${column.type}${column.rest === undefined ? "" : ` ${column.rest}`}`;

export function makeDataset(choose: Choices, name: string, columns: readonly PoolColumn[]): Made {
  const split = splitOf(choose, columns);
  const known = knownOf(columns);
  const missing = choose.chance(10) ? '  missing = ["NA"]\n' : "";
  const delimiter = choose.chance(10)
    ? `  delimiter = ${choose.odd(['","'], ['""', '";;"', '"é"', '"\\n"', '"\\""'])}\n`
    : "";
  const bad = choose.chance(8) ? `  on_bad_row = ${choose.pick(["fail", "drop", "keep"])}\n` : "";
  const file = `${columns
    .map(({ name: word, type }) => word.slice(0, 3) + type[0])
    .join("-")
    .replaceAll(" ", "_")}.csv`;
  const odd = choose.odd([""], ODD_COLUMNS);
  const text = `dataset ${name}: csv {
  path = "${file}"
${missing}${delimiter}${bad}  schema {
${columns.map(rowOf).join("\n")}
${odd === "" ? "" : `    ${odd}\n`}  }
${expectations(choose, known)}${split.text}}
`;
  const extra = /^(?:`([^`]+)`|(\w+)):/.exec(odd);
  const added =
    extra === null
      ? []
      : [{ name: (extra[1] ?? extra[2])!, type: "string" as const, cell: () => "2024-01-05" }];
  const bytes = csvOf([...columns, ...added]);
  const unique = odd === "" ? file : file.replace(".csv", `-${ODD_COLUMNS.indexOf(odd)}.csv`);
  return {
    name,
    columns,
    parts: split.parts,
    text: text.replace(file, unique),
    file: { name: unique, text: bytes },
  };
}

/** Columns with something strange about them; all cells are `2024-01-05`. */
const ODD_COLUMNS = [
  "INCOME: string",
  'pattern: string matches "[0-9-]+"',
  'broken: string matches "[0-9"',
  'ahead: string matches "(?=2)2.*"',
  'again: string matches "(2)\\\\1.*"',
  'dated: date format "%Y-%m-%d"',
  'undated: date format "%Q"',
  "__row: string",
  "__part: string",
  "constructor: string",
  "__proto__: string",
  "prediction: string",
  "second: category label",
];

function splitOf(
  choose: Choices,
  columns: readonly PoolColumn[],
): { parts: readonly string[]; text: string } {
  if (choose.odd([false], [true])) return { parts: [], text: "" };
  const parts = choose.odd(
    [
      "train = 60%, tune = 20%, test = 20%",
      "train = 70%, tune = 10%, test = 20%",
      "train = 0.5, tune = 0.25, test = 0.25",
    ],
    [
      "train = 100%",
      "train = 80%, tune = 20%, test = 0%",
      "all = 100%, test = 0%",
      "test = 30%, train = 70%",
    ],
  );
  /** The options of a split by one of these columns; by hash where there is none. */
  const by = (fitting: (column: PoolColumn) => boolean, options: (name: string) => string) => () => {
    const right = columns.filter(fitting);
    return right.length === 0 ? "seed = 4" : options(spelt(choose.odd(right, columns).name));
  };
  const isTime = ({ type }: PoolColumn) => type === "date" || type === "timestamp";
  const isSpread = ({ name }: PoolColumn) => ["id", "whom", "income", "price"].includes(name);
  const label = columns.find((column) => column.rest?.includes("label") === true);
  const how = choose.pick<() => string>([
    () => "seed = 1",
    () => (label === undefined ? "seed = 2" : `seed = 2, stratify = ${label.name}`),
    () => "by = position",
    by(isTime, (name) => `at = ${name}`),
    by(isSpread, (name) => `group = ${name}`),
    by(isSpread, (name) => `distinct = [${name}]`),
    by(isTime, (name) => `at = ${name}, gap = 2d`),
    () => choose.odd(["seed = 3"], ["seed = 1, by = position", "gap = 2d", "stratify = income", "seed = -1"]),
  ])();
  return {
    parts: [...parts.matchAll(/(\w+) =/g)].map((match) => match[1]!),
    text: `  split(${how}) { ${parts} }\n`,
  };
}

function expectations(choose: Choices, known: readonly Known[]): string {
  if (known.length === 0 || choose.chance(2)) return "";
  const numbers = known.filter(({ kind }) => kind === "number");
  const number = () => spelt(choose.odd(numbers.length > 0 ? numbers : known, known).name);
  const column = () => spelt(choose.pick(known).name);
  const holds: readonly (() => string)[] = [
    () => `rows >= ${choose.pick([10, ROWS])}`,
    () => `nulls(${column()}) <= 50%`,
    () => `distinct(${column()}) < 5000`,
    () => `unique(${column()}) or rows > 0`,
    () => `${choose.pick(["mean", "median", "sum", "min", "max"])}(${number()}) > -1e9 or rows > 0`,
    () => {
      const { name, kind } = choose.pick(known);
      const value = {
        number: "0",
        text: name === "level" ? '"low"' : '"north"',
        boolean: "false",
        time: '"2020-01-01"',
      };
      return `${choose.pick(["min", "max"])}(${spelt(name)}) >= ${choose.odd([value[kind]], Object.values(value))} or rows > 0`;
    },
    () => `share(${expression(choose, known, "boolean", 2)}) >= 0`,
    () => `matches(${column()}, ${choose.odd(['".*"'], ['"[a"', '"(?!x).*"'])}) or rows > 0`,
    () => `${expression(choose, known, "boolean", 2)} or true`,
    () => `abs(distinct(${column()}) - ${choose.odd(["1", "rows"], ["income", "rows", '"x"'])}) >= 0`,
  ];
  return `  expect ${choose.pick(holds)()}\n`;
}

/** How a model answers when one column of real rows is another: `invariant`, `rises with`, `falls with`. */
import type { Declaration } from "../../language/ir/program.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import type { Test } from "../../stdlib/kinds/test.ts";
import { type LoadedTable, loadTable } from "../data/load.ts";
import { type RowSource, resolveSource } from "../data/source.ts";
import type { PortableModel } from "../portable/form.ts";
import { predictTable } from "../portable/predict.ts";
import { behaviourRows } from "./behaviour-rows.ts";
import type { TestContext } from "./context.ts";
import { answersOf, farthest, movesOf } from "./moves.ts";
import type { ClaimResult } from "./report.ts";
import { MOST_VALUES, raised, swapped, type Variation, valuesIn } from "./variations.ts";

/** Rows, and what the model says of them as they are. */
export interface Tried {
  readonly model: PortableModel;
  readonly source: RowSource;
  readonly table: LoadedTable;
  /** `applicant.test`, for people. */
  readonly called: string;
}

type Swap = NonNullable<Test["invariant"]>[number];
type Direction = NonNullable<Test["rises"]>[number];

export async function judgeBehaviour(
  context: TestContext,
  declaration: Declaration,
  model: PortableModel,
): Promise<ClaimResult[]> {
  const { invariant = [], rises = [], falls = [] } = context.props;
  if (invariant.length + rises.length + falls.length === 0) return [];
  const tried = await rowsToTry(context, declaration, model);
  const turn = (rule: Direction, index: number, way: "rises" | "falls") =>
    judgeDirection(tried, rule, index, way);
  return [
    ...invariant.map((rule, index) => judgeSwap(tried, rule, index)),
    ...rises.map((rule, index) => turn(rule, index, "rises")),
    ...falls.map((rule, index) => turn(rule, index, "falls")),
  ];
}

async function rowsToTry(
  context: TestContext,
  declaration: Declaration,
  model: PortableModel,
): Promise<Tried> {
  const { program, results, store, threads, props } = context;
  const reference: Reference = behaviourRows(program, props, declaration);
  const source = resolveSource({ program, inputs: results }, reference);
  const all = await loadTable(
    store,
    source,
    model.inputs.map((input) => input.name),
    { threads },
  );
  const name = reference.ref.slice(reference.ref.indexOf(".") + 1);
  const called = reference.part === undefined ? name : `${name}.${reference.part}`;
  return { model, source, table: spread(all, props.rows), called };
}

/** Every k-th row, so that a file in some order is tried throughout. */
function spread(table: LoadedTable, most: number): LoadedTable {
  if (table.rows <= most) return table;
  const places = Int32Array.from({ length: most }, (_, i) => Math.floor((i * table.rows) / most));
  const columns = new Map(
    [...table.columns].map(([name, column]) => [
      name,
      column.type === "number"
        ? { ...column, values: Float64Array.from(places, (place) => column.values[place]!) }
        : { ...column, codes: Int32Array.from(places, (place) => column.codes[place]!) },
    ]),
  );
  return { rows: most, columns, rowIds: Float64Array.from(places, (place) => table.rowIds[place]!) };
}

function judgeSwap(tried: Tried, { column, within, message }: Swap, index: number): ClaimResult {
  const text = `invariant ${column}${share(" within", within)}`;
  const claim = { text, pointer: `/invariant/${index}` };
  if (!tried.model.inputs.some(({ name }) => name === column))
    return { ...claim, passed: true, found: "", details: [`the model does not read ${column}`] };
  const moved = judgeMoves(tried, swapped(tried.table, column), claim, {
    column,
    within,
    message,
    went: "by more than",
    wrong: (before, after) => Math.max(...before.map((value, k) => Math.abs(value - after[k]!))),
  });
  const count = valuesIn(tried.table, column);
  const cut = `of ${count} values the ${MOST_VALUES} most frequent were tried`;
  return count <= MOST_VALUES ? moved : { ...moved, details: [...moved.details, cut] };
}

function judgeDirection(tried: Tried, rule: Direction, index: number, way: "rises" | "falls"): ClaimResult {
  const { with: column, by, within, message } = rule;
  const of = rule.for === undefined ? "" : ` for ${JSON.stringify(rule.for)}`;
  const text = `${way} with ${column}${share(" by", by)}${of}${share(" within", within)}`;
  const claim = { text, pointer: `/${way}/${index}` };
  const { model, source } = tried;
  const input = model.inputs.find(({ name }) => name === column);
  if (input === undefined)
    return { ...claim, passed: true, found: "", details: [`the model does not read ${column}`] };
  const place = rule.for === undefined ? model.classes.length - 1 : model.classes.indexOf(rule.for);
  if (model.task !== "regression" && (place < 0 || (rule.for === undefined && model.classes.length !== 2))) {
    const found = `the model knows the classes ${model.classes.join(", ")}: name one with \`for\``;
    return { ...claim, passed: false, found, details: [] };
  }
  const schema = source.columns.find(({ name }) => name === column)!;
  const at = Math.max(0, place);
  return judgeMoves(tried, raised(tried.table, schema, by), claim, {
    column,
    within,
    message,
    went: way === "rises" ? "down by more than" : "up by more than",
    wrong: (before, after) => (way === "rises" ? before[at]! - after[at]! : after[at]! - before[at]!),
  });
}

const share = (word: string, value: number): string => (value === 0 ? "" : `${word} ${percent(value)}`);
const percent = (value: number): string => `${Number((value * 100).toPrecision(3))}%`;

interface Allowed {
  readonly column: string;
  readonly within: number;
  readonly message: string | undefined;
  /** `up by more than` */
  readonly went: string;
  /** How far an answer went where it must not; above `within` the claim does not hold. */
  wrong(before: readonly number[], after: readonly number[]): number;
}

function judgeMoves(
  tried: Tried,
  variations: readonly Variation[],
  claim: Pick<ClaimResult, "text" | "pointer">,
  { column, within, message, went, wrong }: Allowed,
): ClaimResult {
  const { model, table } = tried;
  const before = answersOf(model, predictTable(model, table));
  const moves = variations.flatMap((variation) =>
    movesOf(before, answersOf(model, predictTable(model, variation.table)), variation, wrong, model.task),
  );
  const rows = new Set(moves.map(({ row }) => row));
  const bad = farthest(moves, within);
  const most = Math.max(0, ...moves.map(({ distance }) => distance));
  const left = table.rows - rows.size;
  const leftOut = left === 0 ? [] : [`${left} of ${table.rows} rows have no value that could be changed`];
  if (rows.size === 0)
    return {
      ...claim,
      passed: false,
      found: `no row of ${tried.called} has a value that could be changed`,
      details: [],
    };
  const details = [`tried on ${rows.size} rows of ${tried.called}; at most ${percent(most)}`, ...leftOut];
  if (bad.length === 0) return { ...claim, passed: true, found: "", details };
  const count = `${bad.length} of ${rows.size} rows of ${tried.called} moved ${went} ${percent(within)}, at most ${percent(most)}`;
  const found = message === undefined ? count : `${message}: ${count}`;
  return { ...claim, passed: false, found, details: leftOut, rows: worstRows(tried, column, bad) };
}

/** How many rows are shown. */
const SHOWN = 5;

function worstRows(tried: Tried, column: string, bad: ReturnType<typeof farthest>): string[][] {
  const redacted = tried.source.columns.find(({ name }) => name === column)?.redacted === true;
  const regression = tried.model.task === "regression";
  const answer = (values: readonly number[]) =>
    regression
      ? String(Number(values[0]!.toPrecision(6)))
      : values.map((value) => value.toFixed(4)).join(" ");
  const shown = (values: readonly number[]) => answer(values.length === 2 ? values.slice(1) : values);
  const title = regression ? "VALUE" : tried.model.classes.length === 2 ? "PROBABILITY" : "PROBABILITIES";
  return [
    ["ROW", column, title, "MOVED"],
    ...bad
      .slice(0, SHOWN)
      .map(({ row, from, to, before, after, distance }) => [
        String(tried.table.rowIds[row]! + 1),
        redacted ? "(redacted)" : `${from} → ${to}`,
        `${shown(before)} → ${shown(after)}`,
        percent(distance),
      ]),
  ];
}

/**
 * 1R (Holte 1993, "Very simple classification rules perform well on most commonly used datasets"): the one column
 * whose values, each answered with its most frequent class, err least on the training rows.
 */
import type { NumberColumn, StringColumn, Table, TableColumn } from "../data/table.ts";
import type { Target } from "../learn/frame.ts";

/** Holte's SMALL: rows of its majority class that a bin of numbers holds at least, the last one apart. */
const SMALL = 6;

export interface RuleGroup {
  /** `Credit_History = 0`, `income < 1200`, `area missing`. */
  readonly says: string;
  readonly predicted: number;
  /** [classes] shares in the training rows, one row of each class added (Laplace), so that none is 0. */
  readonly probabilities: readonly number[];
}

export interface OneRule {
  readonly column: string;
  /** Values by group for strings; upper edges (exclusive) of all groups but the last for numbers. */
  readonly levels: ReadonlyMap<string, number> | null;
  readonly edges: readonly number[];
  /** The group of missing values; the group of everything unseen. */
  readonly missing: number;
  readonly other: number;
  readonly groups: readonly RuleGroup[];
}

interface Candidate {
  readonly errors: number;
  readonly make: () => OneRule;
}

/** Rows that a rule is fitted on at most; more do not change what one question can tell. */
const ENOUGH = 100_000;

/**
 * The best rule; null without a usable column. Of equals the first name in alphabetical order. Of more than
 * 100,000 rows it sees that many, evenly spaced.
 */
export function fitOneRule(all: Table, labels: Target): OneRule | null {
  const { table, target } = sample(all, labels);
  let best: Candidate | null = null;
  for (const name of [...table.columns.keys()].sort()) {
    const column = table.columns.get(name)!;
    const candidate =
      column.type === "string" ? fitStrings(name, column, target) : fitNumbers(name, column, target);
    if (best === null || candidate.errors < best.errors) best = candidate;
  }
  return best?.make() ?? null;
}

function sample(table: Table, target: Target): { readonly table: Table; readonly target: Target } {
  const { rows } = table;
  if (rows <= ENOUGH) return { table, target };
  const at = Float64Array.from({ length: ENOUGH }, (_, i) => Math.floor((i * rows) / ENOUGH));
  const columns = [...table.columns].map(([name, column]): [string, TableColumn] =>
    column.type === "string"
      ? [name, { ...column, codes: Int32Array.from(at, (row) => column.codes[row]!) }]
      : [name, { type: "number", values: at.map((row) => column.values[row]!) }],
  );
  const values = at.map((row) => target.values[row]!);
  return { table: { rows: ENOUGH, columns: new Map(columns) }, target: { ...target, values } };
}

/** [rows] group of each row. */
export function applyRule(rule: OneRule, table: Table): Int32Array {
  const column = table.columns.get(rule.column)!;
  if (column.type === "string") {
    const groups = column.levels.map((level) => rule.levels?.get(level) ?? rule.other);
    return Int32Array.from(column.codes, (code) => (code < 0 ? rule.missing : groups[code]!));
  }
  return Int32Array.from(column.values, (value) =>
    Number.isNaN(value) ? rule.missing : binOf(rule.edges, value),
  );
}

function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

const zeros = (target: Target) => new Array<number>(target.classes.length).fill(0);
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const most = (counts: readonly number[]) => mostFrom(counts, 0, counts.length);
const errorsOf = (groups: readonly number[][]) =>
  groups.reduce((errors, counts) => errors + sum(counts) - Math.max(...counts), 0);

function group(says: string, counts: readonly number[], everyone: readonly number[]): RuleGroup {
  const rows = sum(counts);
  return {
    says,
    // A value never seen in training is answered as everyone is.
    predicted: most(rows === 0 ? everyone : counts),
    probabilities: counts.map((count) => (count + 1) / (rows + counts.length)),
  };
}

function fitStrings(name: string, column: StringColumn, target: Target): Candidate {
  const counts = column.levels.map(() => zeros(target));
  const missing = zeros(target);
  const everyone = zeros(target);
  column.codes.forEach((code, row) => {
    const at = target.values[row]!;
    (code < 0 ? missing : counts[code]!)[at]! += 1;
    everyone[at]! += 1;
  });
  return {
    errors: errorsOf([...counts, missing]),
    make: () => {
      const seen = column.levels
        .map((level, i) => ({ level, counts: counts[i]! }))
        .filter((one) => sum(one.counts) > 0);
      return {
        column: name,
        levels: new Map(seen.map((one, i) => [one.level, i])),
        edges: [],
        missing: seen.length,
        other: seen.length + 1,
        groups: [
          ...seen.map((one) => group(`${name} = ${one.level}`, one.counts, everyone)),
          group(`${name} missing`, missing, everyone),
          group(`${name} otherwise`, zeros(target), everyone),
        ],
      };
    },
  };
}

function fitNumbers(name: string, column: NumberColumn, target: Target): Candidate {
  const classes = target.classes.length;
  const values = distinct(column.values);
  /** [values × classes] */
  const counts = new Float64Array(values.length * classes);
  const missing = zeros(target);
  column.values.forEach((value, row) => {
    const at = target.values[row]!;
    if (Number.isNaN(value)) missing[at]! += 1;
    else counts[placeOf(values, value) * classes + at]! += 1;
  });
  const bins = merge(bin(values, counts, target));
  return {
    errors: errorsOf([...bins.map((one) => one.counts), missing]),
    make: () => {
      const everyone = bins.reduce((sum, one) => sum.map((n, k) => n + one.counts[k]!), missing);
      // Between the last value of a bin and the first of the next.
      const edges = bins.slice(1).map(({ first }) => (values[first - 1]! + values[first]!) / 2);
      const says = (i: number) => {
        if (bins.length <= 1) return `${name} known`;
        if (i === 0) return `${name} < ${edges[0]}`;
        return i === edges.length ? `${name} ≥ ${edges[i - 1]}` : `${edges[i - 1]} ≤ ${name} < ${edges[i]}`;
      };
      const known = bins.length === 0 ? [zeros(target)] : bins.map((one) => one.counts);
      const groups = [
        ...known.map((one, i) => group(says(i), one, everyone)),
        group(`${name} missing`, missing, everyone),
      ];
      return { column: name, levels: null, edges, missing: known.length, other: known.length, groups };
    },
  };
}

/** Values that occur, ascending, without NaN. */
function distinct(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
}

/** Index of a value that occurs. */
function placeOf(values: Float64Array, value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Bin {
  /** Index of its first value. */
  readonly first: number;
  readonly counts: number[];
}

/** Cuts before a value when the bin holds SMALL rows of its majority class and the value's rows are another. */
function bin(values: Float64Array, counts: Float64Array, target: Target): Bin[] {
  const classes = target.classes.length;
  const bins: Bin[] = [];
  let open = zeros(target);
  let majority = 0;
  for (let first = 0; first < values.length; first += 1) {
    const here = mostFrom(counts, first * classes, classes);
    if (first === 0 || (open[majority]! >= SMALL && here !== majority)) {
      open = zeros(target);
      bins.push({ first, counts: open });
    }
    for (let k = 0; k < classes; k += 1) open[k]! += counts[first * classes + k]!;
    majority = mostFrom(open, 0, classes);
  }
  return bins;
}

/** Place of the largest of `count` numbers from `start` on, relative to `start`; the first of equals. */
function mostFrom(counts: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k += 1) if (counts[start + k]! > counts[start + best]!) best = k;
  return best;
}

/** Neighbours that answer alike become one. */
function merge(bins: readonly Bin[]): Bin[] {
  const merged: Bin[] = [];
  for (const one of bins) {
    const last = merged.at(-1);
    if (last === undefined || most(last.counts) !== most(one.counts))
      merged.push({ first: one.first, counts: [...one.counts] });
    else
      one.counts.forEach((count, k) => {
        last.counts[k]! += count;
      });
  }
  return merged;
}

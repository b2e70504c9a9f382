/**
 * What an evaluation keeps of every row (`predictions.bin`), so that gates can ask again: for other slices, other
 * resamples, differences to baselines. A JSON header, then the columns as little-endian typed arrays:
 * u32 length of the header · header, padded with spaces to a multiple of 8 bytes · arrays, each padded alike.
 */
import type { MetricUse } from "../../language/vocabulary/types.ts";
import { baselineScored, type GroupedPredictions } from "./baselines.ts";
import type { Measures } from "./language/measures.ts";
import type { CostMatrix, Scored } from "./scored.ts";
import type { SliceColumn } from "./slices.ts";

export interface Judgement {
  readonly target: string;
  readonly metrics: readonly MetricUse[];
  readonly cost: CostMatrix | null;
  /** Probability from which the positive class is predicted; null unless binary. */
  readonly threshold: number | null;
  readonly minRows: number;
  readonly resamples: number;
  readonly seed: number;
  readonly scored: Scored;
  /** [rows] place of each row in the source, ascending. */
  readonly rowIds: Float64Array;
  readonly baselines: Readonly<Record<string, GroupedPredictions>>;
  readonly slices: readonly SliceColumn[];
}

type Stored = Float64Array | Int32Array;
interface StoredArray {
  readonly type: "f64" | "i32";
  readonly length: number;
}
type Header = Omit<Judgement, "scored" | "rowIds" | "baselines" | "slices"> & {
  readonly format: 1;
  readonly scored: Pick<Scored, "task" | "classes" | "rows"> & { readonly measures?: readonly string[] };
  readonly baselines: Readonly<
    Record<
      string,
      Omit<GroupedPredictions, "codes" | "measures"> & {
        readonly grouped: boolean;
        readonly measures?: readonly string[];
      }
    >
  >;
  readonly slices: readonly Omit<SliceColumn, "codes">[];
  readonly arrays: readonly StoredArray[];
};

/** The judgement as bytes; equal judgements give equal bytes. */
export function writeJudgement(judgement: Judgement): Uint8Array {
  const { scored, rowIds, baselines, slices, ...rest } = judgement;
  const arrays: Stored[] = [
    rowIds,
    scored.truth,
    scored.predicted,
    scored.probabilities ?? new Float64Array(0),
  ];
  const named = kept(scored.measures, arrays);
  const fitted: Header["baselines"] = Object.fromEntries(
    Object.entries(baselines)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { codes, measures, ...groups }]) => {
        if (codes !== null) arrays.push(codes);
        return [name, { ...groups, grouped: codes !== null, ...kept(measures, arrays) }];
      }),
  );
  for (const slice of slices) arrays.push(slice.codes);
  const header: Header = {
    format: 1,
    ...rest,
    scored: { task: scored.task, classes: scored.classes, rows: scored.rows, ...named },
    baselines: fitted,
    slices: slices.map(({ column, values }) => ({ column, values })),
    arrays: arrays.map((array) => ({
      type: array instanceof Float64Array ? "f64" : "i32",
      length: array.length,
    })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const start = padded(4 + text.length);
  const bytes = Buffer.alloc(start + arrays.reduce((size, array) => size + padded(array.byteLength), 0));
  bytes.fill(0x20, 4, start);
  bytes.writeUInt32LE(start - 4, 0);
  text.copy(bytes, 4);
  let at = start;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += padded(array.byteLength);
  }
  return bytes;
}

/** Appends a language model's measures to what is stored, and says which they are. */
function kept(measures: Measures | undefined, arrays: Stored[]): { measures?: readonly string[] } {
  if (measures === undefined) return {};
  arrays.push(...Object.values(measures));
  return { measures: Object.keys(measures) };
}

/** Reads what `writeJudgement` wrote. */
export function readJudgement(bytes: Uint8Array): Judgement {
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const {
    format: _,
    arrays,
    scored,
    baselines,
    slices,
    ...rest
  } = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + 4, start - 4).toString()) as Header;
  let at = start;
  const stored = arrays.map((array): Stored => {
    const make = array.type === "f64" ? Float64Array : Int32Array;
    const size = array.length * make.BYTES_PER_ELEMENT;
    // Copied, because a typed array must start at a multiple of its element's size.
    const values = new make(new Uint8Array(bytes.subarray(at, at + size)).buffer);
    at += padded(size);
    return values;
  });
  const f64 = () => stored.shift() as Float64Array;
  const i32 = () => stored.shift() as Int32Array;
  const rowIds = f64();
  const truth = f64();
  const predicted = f64();
  const probabilities = f64();
  const { measures: names, ...form } = scored;
  const read = (known: readonly string[] | undefined): { measures?: Measures } =>
    known === undefined ? {} : { measures: Object.fromEntries(known.map((name) => [name, f64()])) };
  const measures = read(names);
  return {
    ...rest,
    rowIds,
    scored: {
      ...form,
      truth,
      predicted,
      probabilities: scored.task === "binary" || scored.task === "multiclass" ? probabilities : null,
      ...measures,
    },
    baselines: Object.fromEntries(
      Object.entries(baselines).map(([name, { grouped, measures: own, ...groups }]) => [
        name,
        { ...groups, codes: grouped ? i32() : null, ...read(own) },
      ]),
    ),
    slices: slices.map((slice) => ({ ...slice, codes: i32() })),
  };
}

/** The rows' baseline predictions; null for a baseline that was not fitted. */
export function baselineOf(judgement: Judgement, name: string): Scored | null {
  const groups = judgement.baselines[name];
  return groups === undefined ? null : baselineScored(judgement.scored, groups);
}

const padded = (size: number) => Math.ceil(size / 8) * 8;

/** Memory that the threads of one fit share, and the words by which they agree. */
import { random } from "../random.ts";
import { BINS, LANES } from "./bins.ts";

/** Rows in one unit of work. */
export const CHUNK = 4096;
/**
 * Rows whose packed sums stay exact: 2^14 rows × 2^13 (hessian) stays below 2^27, and 2^14 × 2^12 (gradient)
 * × 2^27 is 2^53, the last whole number that a double counts to.
 */
export const PACK_ROWS = 16_384;
export const GRADIENT_LEVELS = 4096;
export const HESSIAN_LEVELS = 8191;
/** A row's gradient and hessian in one double: gradient × 2^27 + hessian, both whole. */
export const PACK = 2 ** 27;

/** What a team does together; each is a loop over chunks. */
export const OP = {
  gradients: 1,
  pack: 2,
  histogram: 3,
  classify: 4,
  spread: 5,
  leafSums: 6,
  addLeaves: 7,
  addTree: 8,
} as const;
export type Op = (typeof OP)[keyof typeof OP];

/** Places in `control`. */
export const WORD = {
  /** Even: closed; odd: open; −1: go home. */
  generation: 0,
  active: 1,
  next: 2,
  op: 3,
  chunks: 4,
  /** The rows in question: rowIds[start … start + count). */
  start: 5,
  count: 6,
  /** Of a split: the group and shift of the column. */
  group: 7,
  shift: 8,
  /** Where spread puts the right side, and whether the histogram is of the left (0), the right (1) or none (−1). */
  rightStart: 9,
  histogramOf: 10,
  /** Which output the round's tree is for. */
  output: 11,
  /** Places in the random table where this tree begins. */
  gradientNoise: 12,
  hessianNoise: 13,
  nodes: 14,
  failed: 15,
} as const;
const WORDS = 32;

/** Places in `numbers`. */
export const NUMBER = { gradientScale: 0, hessianScale: 1 } as const;

export interface Shared {
  readonly loss: "logistic" | "softmax" | "squared";
  readonly outputs: number;
  readonly rows: number;
  readonly columns: number;
  readonly threads: number;
  readonly seed: number;
  readonly groups: readonly Int32Array[];
  /** [rows] class index or value */
  readonly target: Float64Array;
  /** [classes] weight of a row of each class; empty for regression */
  readonly classWeights: Float64Array;
  readonly control: Int32Array;
  readonly numbers: Float64Array;
  /** [outputs × rows], one output after the other */
  readonly scores: Float64Array;
  /** [rows × outputs] probabilities at the round's start (softmax); empty otherwise */
  readonly probabilities: Float64Array;
  /** [rows] */
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly packed: Float64Array;
  /** [rows] rows of the tree, each leaf's together, ascending within a leaf */
  readonly rowIds: Int32Array;
  readonly scratch: Int32Array;
  /** [chunks] rows of each chunk that go left; then where each chunk's left rows begin */
  readonly leftCounts: Int32Array;
  readonly leftStarts: Int32Array;
  /** [threads × 2] largest |gradient| and hessian that each thread saw */
  readonly largest: Float64Array;
  /**
   * [padded columns + 1] cell of each column's first bin in a histogram, then how many cells there are; written
   * when the bins are known. Columns take the cells they have bins for.
   */
  readonly cells: Int32Array;
  /** [threads × padded columns × BINS × 2] room for sums of gradient and hessian, not yet merged */
  readonly histograms: Float64Array;
  /** [threads] 1 where that thread's histogram holds something */
  readonly touched: Int32Array;
  /** [BINS] of the split in hand: 1 where rows of the bin go right */
  readonly goesRight: Uint8Array;
  /** Tasks of leafSums and addLeaves: [tasks × 3] start, end, node; [tasks × 2] sums. */
  readonly leafTasks: Int32Array;
  readonly leafSums: Float64Array;
  /** The tree just grown, by bins: [nodes × 8] column, bin, setAt (−1 numeric), missingBin, missingLeft, left, right, 0 */
  readonly tree: Int32Array;
  readonly treeSets: Uint32Array;
  /** [nodes] */
  readonly nodeValues: Float64Array;
}

export interface SharedSizes {
  readonly loss: Shared["loss"];
  readonly outputs: number;
  readonly rows: number;
  readonly columns: number;
  readonly threads: number;
  readonly seed: number;
  readonly leaves: number;
}

const int32 = (length: number) => new Int32Array(new SharedArrayBuffer(length * 4));
const uint32 = (length: number) => new Uint32Array(new SharedArrayBuffer(length * 4));
const float64 = (length: number) => new Float64Array(new SharedArrayBuffer(length * 8));

/** Columns rounded up to whole words: what histograms have room for. */
export const paddedColumns = (columns: number): number => Math.ceil(columns / LANES) * LANES;

export function allocateShared(
  sizes: SharedSizes,
  groups: readonly Int32Array[],
  target: Float64Array,
  classWeights: Float64Array,
): Shared {
  const { rows, outputs, threads, columns, leaves } = sizes;
  const chunks = Math.ceil(rows / CHUNK);
  const nodes = 2 * leaves;
  const targetShared = float64(rows);
  targetShared.set(target);
  return {
    loss: sizes.loss,
    outputs,
    rows,
    columns,
    threads,
    seed: sizes.seed,
    groups,
    target: targetShared,
    classWeights,
    control: int32(WORDS),
    numbers: float64(2),
    scores: float64(rows * outputs),
    probabilities: float64(sizes.loss === "softmax" ? rows * outputs : 0),
    gradients: float64(rows),
    hessians: float64(rows),
    packed: float64(rows),
    rowIds: int32(rows),
    scratch: int32(rows),
    leftCounts: int32(chunks),
    leftStarts: int32(chunks),
    largest: float64(threads * 2),
    cells: int32(paddedColumns(columns) + 1),
    histograms: float64(threads * paddedColumns(columns) * BINS * 2),
    touched: int32(threads),
    goesRight: new Uint8Array(new SharedArrayBuffer(BINS)),
    leafTasks: int32((chunks + leaves) * 3),
    leafSums: float64((chunks + leaves) * 2),
    tree: int32(nodes * TREE_STRIDE),
    treeSets: uint32((nodes * BINS) / 32),
    nodeValues: float64(nodes),
  };
}

export const TREE_STRIDE = 8;

export const NOISE_MASK = 65_535;

/** 65,536 numbers in [0, 1) that round gradients up or down without bias; rows walk through them. */
export function noiseTable(seed: number): Float64Array {
  const source = random(seed, 0x6e01);
  return Float64Array.from({ length: NOISE_MASK + 1 }, () => source.next());
}

/**
 * The loops of boosting, over chunks of rows. Every thread runs the same ones and takes chunks as it gets to
 * them. Gradients are whole numbers, so sums are exact in any order: the result does not depend on who did what.
 */
import { writeGradients } from "./gradients.ts";
import { HistogramBuffer } from "./histogram.ts";
import { CHUNK, NOISE_MASK, NUMBER, noiseTable, OP, PACK, type Shared, TREE_STRIDE, WORD } from "./shared.ts";

export class Kernel {
  private readonly shared: Shared;
  private readonly thread: number;
  private readonly noise: Float64Array;
  private readonly buffer: HistogramBuffer;
  private readonly rightRows = new Int32Array(CHUNK);

  constructor(shared: Shared, thread: number) {
    this.shared = shared;
    this.thread = thread;
    this.noise = noiseTable(shared.seed);
    this.buffer = new HistogramBuffer(shared, thread);
  }

  /** Works on the current operation until no chunk is left. */
  work(): void {
    const { control } = this.shared;
    const op = control[WORD.op]!;
    const chunks = control[WORD.chunks]!;
    const start = control[WORD.start]!;
    const count = control[WORD.count]!;
    for (;;) {
      const chunk = Atomics.add(control, WORD.next, 1);
      if (chunk >= chunks) break;
      const from = start + chunk * CHUNK;
      this.one(op, chunk, from, Math.min(from + CHUNK, start + count));
    }
    this.buffer.flush();
  }

  private one(op: number, chunk: number, from: number, to: number): void {
    const { shared } = this;
    switch (op) {
      case OP.gradients:
        writeGradients(shared, this.thread, from, to);
        break;
      case OP.pack:
        pack(shared, this.noise, from, to);
        break;
      case OP.histogram:
        this.buffer.add(shared.rowIds, from, to);
        break;
      case OP.classify:
        classify(shared, this.rightRows, chunk, from, to);
        break;
      case OP.spread:
        this.spread(chunk, from, to);
        break;
      case OP.leafSums:
        leafSums(shared, chunk);
        break;
      case OP.addLeaves:
        addLeaves(shared, chunk);
        break;
      case OP.addTree:
        addTree(shared, from, to);
        break;
      default:
        throw new RangeError(`no operation ${op}`);
    }
  }

  /** Moves a classified chunk's rows to their sides and counts the side that the histogram is wanted of. */
  private spread(chunk: number, from: number, to: number): void {
    const { rowIds, scratch, leftCounts, leftStarts, control } = this.shared;
    const start = control[WORD.start]!;
    const lefts = leftCounts[chunk]!;
    const leftAt = start + leftStarts[chunk]!;
    const rightAt = control[WORD.rightStart]! + (from - start - leftStarts[chunk]!);
    const middle = from + lefts;
    for (let i = 0; i < lefts; i++) rowIds[leftAt + i] = scratch[from + i]!;
    for (let i = 0; i < to - middle; i++) rowIds[rightAt + i] = scratch[middle + i]!;
    if (control[WORD.histogramOf] === 0) this.buffer.add(scratch, from, middle);
    else if (control[WORD.histogramOf] === 1) this.buffer.add(scratch, middle, to);
  }
}

/** Rounds gradient and hessian up or down by chance, so that their sums keep their expectation. */
function pack(shared: Shared, noise: Float64Array, from: number, to: number): void {
  const { gradients, hessians, packed, control, numbers } = shared;
  const gradientScale = 1 / numbers[NUMBER.gradientScale]!;
  const hessianScale = 1 / numbers[NUMBER.hessianScale]!;
  const gradientNoise = control[WORD.gradientNoise]!;
  const hessianNoise = control[WORD.hessianNoise]!;
  for (let row = from; row < to; row++) {
    const g = Math.floor(gradients[row]! * gradientScale + noise[(row + gradientNoise) & NOISE_MASK]!);
    const h = Math.floor(hessians[row]! * hessianScale + noise[(row + hessianNoise) & NOISE_MASK]!);
    packed[row] = g * PACK + h;
  }
}

/**
 * Writes a chunk's rows into scratch: those that go left, in order, then those that go right, in order. Both
 * places are written for every row and only one moves on: no branch to guess wrong.
 */
function classify(shared: Shared, rightRows: Int32Array, chunk: number, from: number, to: number): void {
  const { rowIds, scratch, control, goesRight } = shared;
  const words = shared.groups[control[WORD.group]!]!;
  const shift = control[WORD.shift]!;
  let left = from;
  let right = 0;
  for (let i = from; i < to; i++) {
    const row = rowIds[i]!;
    const side = goesRight[(words[row]! >>> shift) & 255]!;
    scratch[left] = row;
    rightRows[right] = row;
    right += side;
    left += 1 - side;
  }
  for (let i = 0; i < right; i++) scratch[left + i] = rightRows[i]!;
  shared.leftCounts[chunk] = left - from;
}

function leafSums(shared: Shared, task: number): void {
  const { leafTasks, rowIds, gradients, hessians } = shared;
  let g = 0;
  let h = 0;
  for (let i = leafTasks[3 * task]!; i < leafTasks[3 * task + 1]!; i++) {
    const row = rowIds[i]!;
    g += gradients[row]!;
    h += hessians[row]!;
  }
  shared.leafSums[2 * task] = g;
  shared.leafSums[2 * task + 1] = h;
}

function addLeaves(shared: Shared, task: number): void {
  const { leafTasks, rowIds, scores, rows, control } = shared;
  const offset = control[WORD.output]! * rows;
  const value = shared.nodeValues[leafTasks[3 * task + 2]!]!;
  for (let i = leafTasks[3 * task]!; i < leafTasks[3 * task + 1]!; i++) scores[offset + rowIds[i]!]! += value;
}

/** Adds the tree's value to every row, in or out of the tree's sample. */
function addTree(shared: Shared, from: number, to: number): void {
  const offset = shared.control[WORD.output]! * shared.rows;
  for (let row = from; row < to; row++) {
    shared.scores[offset + row]! +=
      shared.nodeValues[leafOf(shared.tree, shared.treeSets, shared.groups, row)]!;
  }
}

/** The leaf (node number) that a binned row reaches. */
export function leafOf(
  tree: Int32Array,
  sets: Uint32Array,
  groups: readonly Int32Array[],
  row: number,
): number {
  let at = 0;
  for (;;) {
    const column = tree[at]!;
    if (column < 0) return at / TREE_STRIDE;
    const b = (groups[column >> 2]![row]! >>> ((column & 3) << 3)) & 255;
    const set = tree[at + 2]!;
    const left =
      set >= 0
        ? (sets[set + (b >> 5)]! >>> (b & 31)) & 1
        : b <= tree[at + 1]! || (b === tree[at + 3]! && tree[at + 4] === 1);
    at = (left ? tree[at + 5]! : tree[at + 6]!) * TREE_STRIDE;
  }
}

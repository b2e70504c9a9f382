/** Trees while they are collected, in the layout of the portable form. */
import type { Link, TreeLearner } from "../../portable/form.ts";

export interface NodeSplit {
  /** Input column. */
  readonly feature: number;
  /** x ≤ threshold goes left; unused with a set. */
  readonly threshold: number;
  /** Category codes that go left, ascending; null for numeric splits. */
  readonly codes: readonly number[] | null;
  readonly missingLeft: boolean;
  readonly gain: number;
}

/** Trees one after the other; a node is a leaf until it is split. */
export class TreeList {
  readonly outputs: number;
  readonly valueWidth: number;
  private readonly roots: number[] = [];
  private readonly output: number[] = [];
  private readonly feature: number[] = [];
  private readonly threshold: number[] = [];
  private readonly set: number[] = [];
  private readonly setWords: number[] = [];
  private readonly sets: number[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly missingLeft: number[] = [];
  private readonly value: number[] = [];
  private readonly gain: number[] = [];
  private readonly cover: number[] = [];

  /** `valueWidth` is 1 when every tree adds to one output, else `outputs`. */
  constructor(outputs: number, valueWidth: number) {
    this.outputs = outputs;
    this.valueWidth = valueWidth;
  }

  get trees(): number {
    return this.roots.length;
  }

  /** Begins a tree; its next node is the root. `output` −1: each leaf holds a value for every output. */
  startTree(output: number): void {
    this.roots.push(this.feature.length);
    this.output.push(output);
  }

  /** A new leaf; returns its number. */
  addNode(cover: number, values: ArrayLike<number>): number {
    const node = this.feature.length;
    this.feature.push(-1);
    this.threshold.push(0);
    this.set.push(-1);
    this.setWords.push(0);
    this.left.push(-1);
    this.right.push(-1);
    this.missingLeft.push(0);
    this.gain.push(0);
    this.cover.push(cover);
    for (let k = 0; k < this.valueWidth; k++) this.value.push(values[k]!);
    return node;
  }

  split(node: number, split: NodeSplit, left: number, right: number): void {
    this.feature[node] = split.feature;
    this.missingLeft[node] = split.missingLeft ? 1 : 0;
    this.gain[node] = split.gain;
    this.left[node] = left;
    this.right[node] = right;
    for (let k = 0; k < this.valueWidth; k++) this.value[node * this.valueWidth + k] = 0;
    if (split.codes === null) {
      this.threshold[node] = split.threshold;
      return;
    }
    const words = ((split.codes[split.codes.length - 1] ?? 0) >> 5) + 1;
    this.set[node] = this.sets.length;
    this.setWords[node] = words;
    for (let w = 0; w < words; w++) this.sets.push(0);
    for (const code of split.codes) {
      const word = this.set[node]! + (code >> 5);
      this.sets[word] = (this.sets[word]! | (1 << (code & 31))) >>> 0;
    }
  }

  /** The first `trees` trees, whose leaves are added to `base` and linked by `link`. */
  learner(base: Float64Array, link: Link, trees = this.trees): TreeLearner {
    const nodes = this.roots[trees] ?? this.feature.length;
    let words = 0;
    for (let i = 0; i < nodes; i++) words = Math.max(words, this.set[i]! + this.setWords[i]!);
    return {
      is: "trees",
      outputs: this.outputs,
      link,
      base,
      roots: Int32Array.from(this.roots.slice(0, trees)),
      output: Int32Array.from(this.output.slice(0, trees)),
      feature: Int32Array.from(this.feature.slice(0, nodes)),
      threshold: Float64Array.from(this.threshold.slice(0, nodes)),
      set: Int32Array.from(this.set.slice(0, nodes)),
      setWords: Int32Array.from(this.setWords.slice(0, nodes)),
      sets: Uint32Array.from(this.sets.slice(0, Math.max(0, words))),
      left: Int32Array.from(this.left.slice(0, nodes)),
      right: Int32Array.from(this.right.slice(0, nodes)),
      missingLeft: Uint8Array.from(this.missingLeft.slice(0, nodes)),
      value: Float64Array.from(this.value.slice(0, nodes * this.valueWidth)),
      valueWidth: this.valueWidth,
      gain: Float64Array.from(this.gain.slice(0, nodes)),
      cover: Float64Array.from(this.cover.slice(0, nodes)),
    };
  }
}

/** Gain of all splits by input column: what the column saved of the loss. */
export function gainByColumn(learner: TreeLearner, columns: number): Float64Array {
  const gains = new Float64Array(columns);
  for (let i = 0; i < learner.feature.length; i++) {
    if (learner.feature[i]! >= 0) gains[learner.feature[i]!]! += learner.gain[i]!;
  }
  return gains;
}

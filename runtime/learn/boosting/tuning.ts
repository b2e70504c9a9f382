/** When to stop adding rounds. */
import type { Target } from "../frame.ts";
import type { BinnedRows } from "./bins.ts";
import { meanLoss } from "./gradients.ts";
import { leafOf } from "./kernel.ts";
import type { Shared } from "./shared.ts";

/** Scores of the part that decides when to stop. */
export class Tuning {
  bestRound = 0;
  private bestLoss = Infinity;
  private readonly rows: BinnedRows;
  private readonly target: Target;
  private readonly scores: Float64Array;
  private readonly loss: Shared["loss"];

  constructor(shared: Shared, rows: BinnedRows, target: Target, base: Float64Array) {
    this.rows = rows;
    this.target = target;
    this.loss = shared.loss;
    this.scores = new Float64Array(rows.rows * shared.outputs);
    for (let k = 0; k < shared.outputs; k++) this.scores.fill(base[k]!, k * rows.rows, (k + 1) * rows.rows);
  }

  /** Adds the tree just grown. */
  add(shared: Shared, output: number): void {
    const offset = output * this.rows.rows;
    for (let row = 0; row < this.rows.rows; row++) {
      const node = leafOf(shared.tree, shared.treeSets, this.rows.groups, row);
      this.scores[offset + row]! += shared.nodeValues[node]!;
    }
  }

  /** The loss after `round` rounds; remembers the best. */
  judge(round: number, classWeights: Float64Array): number {
    const outputs = this.scores.length / this.rows.rows;
    const loss = meanLoss(this.loss, this.scores, this.target.values, outputs, classWeights);
    if (loss < this.bestLoss) {
      this.bestLoss = loss;
      this.bestRound = round;
    }
    return loss;
  }
}

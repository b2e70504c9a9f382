/** What a split is judged by. Sums are in whole units, as the histograms hold them. */

export interface SplitLimits {
  readonly minRows: number;
  /** Of the leaf values' penalty, in units of the hessian sums. */
  readonly l2: number;
  /** Least hessian of a side, in units. */
  readonly minHessian: number;
  /** 1 in units of the hessian sums: what the constants of category splits are multiplied with. */
  readonly one: number;
}

export interface LeafSums {
  readonly rows: number;
  readonly gradient: number;
  readonly hessian: number;
}

export interface Split {
  readonly column: number;
  /** G²/(H + λ) of both sides less that of the leaf, in units. */
  readonly gain: number;
  /** The last bin that goes left; unused when `set` is given. */
  readonly bin: number;
  /** [BINS / 32] the bins that go left, for categories. */
  readonly set: Uint32Array | null;
  readonly missingLeft: boolean;
  readonly leftGradient: number;
  readonly leftHessian: number;
}

export const score = (g: number, h: number, l2: number): number => (h + l2 > 0 ? (g * g) / (h + l2) : 0);

/** How the learning rate changes with the steps: pure functions of the step, so that a resumed run needs no state. */

/** As `schedule` of a model lowers. */
export interface Schedule {
  readonly call: "constant" | "cosine" | "linear";
  readonly args: {
    /** Steps in which the rate rises from 0. */
    readonly warmup?: number;
    /** Share of the rate that is left at the last step. */
    readonly floor?: number;
  };
}

/**
 * The share of the full rate at `step` of `steps`, counted from 1: a straight rise to 1 at step `warmup`, then the
 * schedule's own line, which ends at `floor` at the last step.
 */
export function shareAt({ call, args }: Schedule, step: number, steps: number): number {
  const { warmup = 0, floor = 0 } = args;
  if (step < warmup) return step / warmup;
  if (call === "constant") return 1;
  const top = Math.max(1, warmup);
  const done = steps > top ? Math.min(1, (step - top) / (steps - top)) : 1;
  // Half a cosine (Loshchilov & Hutter 2017, equation 5), or a line.
  const left = call === "cosine" ? (1 + Math.cos(Math.PI * done)) / 2 : 1 - done;
  return floor + (1 - floor) * left;
}

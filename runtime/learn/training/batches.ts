/** Batches by the number of their step. */

/**
 * The results of a generator by step, counted from 1, asked for in order; those before the first that is asked for are
 * passed over, as when a training goes on from a checkpoint.
 */
export function stepwise<T>(plan: Iterator<T, unknown>): (step: number) => T {
  let done = 0;
  return (step) => {
    if (step <= done) throw new Error(`step ${step} was asked for after step ${done}`);
    for (;;) {
      const next = plan.next();
      if (next.done === true) throw new Error(`there is no batch for step ${step}`);
      done += 1;
      if (done === step) return next.value;
    }
  };
}

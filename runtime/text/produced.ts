/** A generator out of work that hands its results on as it goes. */

class Stopped extends Error {}

/**
 * What `work` emits, in order. `emit` resolves when the consumer asks for the next, so nothing piles up; when the
 * consumer stops early, `emit` rejects and `work` unwinds before the loop that consumed goes on.
 */
export async function* produced<T>(
  work: (emit: (value: T) => Promise<void>) => Promise<void>,
): AsyncGenerator<T, void, undefined> {
  let offered: { readonly value: T } | null = null;
  let ended = false;
  let failure: unknown = null;
  let taken: { resolve(): void; reject(error: Error): void } | null = null;
  let wake: (() => void) | null = null;
  const signal = () => {
    wake?.();
    wake = null;
  };
  const running = work((value) => {
    offered = { value };
    signal();
    return new Promise<void>((resolve, reject) => {
      taken = { resolve, reject };
    });
  }).then(
    () => {
      ended = true;
      signal();
    },
    (error: unknown) => {
      ended = true;
      failure = error;
      signal();
    },
  );
  /** Read through a function: assignments in callbacks are hidden from the narrowing of a local variable. */
  const pending = () => offered;
  const waiting = () => taken;
  try {
    for (;;) {
      if (pending() === null && !ended) await new Promise<void>((resolve) => (wake = resolve));
      const next = pending();
      if (next === null) {
        if (failure !== null) throw failure;
        return;
      }
      offered = null;
      yield next.value;
      const { resolve } = waiting()!;
      taken = null;
      resolve();
      // The producer goes on in a later turn; only then is it known whether there is more.
      await Promise.resolve();
    }
  } finally {
    waiting()?.reject(new Stopped("the consumer stopped"));
    await running;
  }
}

/** The threads of one fit: this one, and helpers that join whatever operation is open. */
import { Worker } from "node:worker_threads";
import { workerUrl } from "../../engine/worker.ts";
import { Kernel } from "./kernel.ts";
import { CHUNK, type Op, type Shared, WORD } from "./shared.ts";

/** An operation with fewer chunks is done before another thread would be awake. */
const WAKE_CHUNKS = 3;

/**
 * Helpers join while an operation is open and take chunks from its counter. Nobody waits for a helper that has
 * not joined, so a slow start or a busy machine costs nothing but its help.
 */
export class Team {
  readonly shared: Shared;
  private readonly kernel: Kernel;
  private readonly helpers: Worker[];

  constructor(shared: Shared) {
    this.shared = shared;
    this.kernel = new Kernel(shared, 0);
    this.helpers = Array.from({ length: shared.threads - 1 }, (_, i) => {
      const helper = new Worker(workerUrl("boosting"), { workerData: { shared, thread: i + 1 } });
      helper.unref();
      // A helper that cannot start is a helper that does not join; one that fails while helping says so in `failed`.
      helper.on("error", () => undefined);
      return helper;
    });
  }

  /** Runs `op` over rows start … start + count of the current order. */
  rows(op: Op, start: number, count: number): void {
    const { control } = this.shared;
    control[WORD.start] = start;
    control[WORD.count] = count;
    this.run(op, Math.ceil(count / CHUNK));
  }

  /** Runs `op` over tasks 0 … tasks. */
  run(op: Op, chunks: number): void {
    const { control } = this.shared;
    control[WORD.op] = op;
    control[WORD.chunks] = chunks;
    control[WORD.next] = 0;
    if (chunks < WAKE_CHUNKS || this.helpers.length === 0) {
      this.kernel.work();
      return;
    }
    Atomics.add(control, WORD.generation, 1);
    Atomics.notify(control, WORD.generation);
    this.kernel.work();
    Atomics.add(control, WORD.generation, 1);
    this.awaitHelpers();
    if (control[WORD.failed] !== 0) throw new Error("a boosting thread failed; see its error above");
  }

  /** Waits until everybody who joined has left. */
  private awaitHelpers(): void {
    const { control } = this.shared;
    for (let spins = 0; ; spins++) {
      const active = Atomics.load(control, WORD.active);
      if (active === 0) return;
      if (spins > 2000) Atomics.wait(control, WORD.active, active, 50);
    }
  }

  /** Sends the helpers home. */
  async end(): Promise<void> {
    Atomics.store(this.shared.control, WORD.generation, -1);
    Atomics.notify(this.shared.control, WORD.generation);
    await Promise.all(this.helpers.map((helper) => helper.terminate()));
  }
}

/** A helper's life: wait for an operation to open, join, work, leave. */
export function help(shared: Shared, thread: number): void {
  const { control } = shared;
  const kernel = new Kernel(shared, thread);
  for (;;) {
    const seen = awaitOpen(control);
    if (seen < 0) return;
    Atomics.add(control, WORD.active, 1);
    try {
      // Only while the operation is still open do its arguments stand still.
      if (Atomics.load(control, WORD.generation) === seen) kernel.work();
    } catch (error) {
      Atomics.store(control, WORD.failed, 1);
      throw error;
    } finally {
      Atomics.sub(control, WORD.active, 1);
      Atomics.notify(control, WORD.active);
    }
    // The chunks are gone; the operation itself closes a moment later.
    Atomics.wait(control, WORD.generation, seen, 50);
  }
}

/** Looks for a while, for operations follow each other closely, then sleeps. */
function awaitOpen(control: Int32Array): number {
  for (let spins = 0; ; spins++) {
    const generation = Atomics.load(control, WORD.generation);
    if (generation < 0 || (generation & 1) === 1) return generation;
    if (spins > 5000) Atomics.wait(control, WORD.generation, generation);
  }
}

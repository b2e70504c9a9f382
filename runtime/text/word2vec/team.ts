/** The threads of one training: this one, and helpers that join whatever operation is open. */
import { Worker } from "node:worker_threads";
import { workerUrl } from "../../engine/worker.ts";
import { ShardWork } from "./shard.ts";
import { type Op, type Shared, WORD } from "./shared.ts";

/** Nobody waits for a helper that has not joined, so a slow start or a busy machine costs nothing but its help. */
export class Team {
  private readonly shared: Shared;
  private readonly own: ShardWork;
  private readonly helpers: readonly Worker[];

  private constructor(shared: Shared, own: ShardWork, helpers: readonly Worker[]) {
    this.shared = shared;
    this.own = own;
    this.helpers = helpers;
  }

  static async open(shared: Shared, threads: number): Promise<Team> {
    const own = await ShardWork.open(shared, 0);
    const helpers = Array.from({ length: Math.min(threads, shared.shards) - 1 }, (_, i) => {
      const helper = new Worker(workerUrl("word2vec"), { workerData: { shared, thread: i + 1 } });
      helper.unref();
      // One that cannot start does not join; one that fails while helping says so in `failed`.
      helper.on("error", () => undefined);
      return helper;
    });
    return new Team(shared, own, helpers);
  }

  /** Runs `op` over tasks 0 … tasks. */
  run(op: Op, tasks: number): void {
    const { control } = this.shared;
    control[WORD.op] = op;
    control[WORD.tasks] = tasks;
    control[WORD.next] = 0;
    if (this.helpers.length === 0 || tasks === 1) {
      this.own.work();
      return;
    }
    Atomics.add(control, WORD.generation, 1);
    Atomics.notify(control, WORD.generation);
    this.own.work();
    Atomics.add(control, WORD.generation, 1);
    for (let spins = 0; ; spins += 1) {
      const active = Atomics.load(control, WORD.active);
      if (active === 0) break;
      if (spins > 2000) Atomics.wait(control, WORD.active, active, 50);
    }
    if (control[WORD.failed] !== 0) throw new Error("a thread of word2vec failed");
  }

  async close(): Promise<void> {
    Atomics.store(this.shared.control, WORD.generation, -1);
    Atomics.notify(this.shared.control, WORD.generation);
    await Promise.all(this.helpers.map((helper) => helper.terminate()));
  }
}

/** A helper's life: wait for an operation to open, join, work, leave. */
export async function help(shared: Shared, thread: number): Promise<void> {
  const { control } = shared;
  const own = await ShardWork.open(shared, thread);
  for (;;) {
    const seen = awaitOpen(control);
    if (seen < 0) return;
    Atomics.add(control, WORD.active, 1);
    try {
      // Only while the operation is still open do its arguments stand still.
      if (Atomics.load(control, WORD.generation) === seen) own.work();
    } catch (error) {
      Atomics.store(control, WORD.failed, 1);
      throw error;
    } finally {
      Atomics.sub(control, WORD.active, 1);
      Atomics.notify(control, WORD.active);
    }
    // The tasks are gone; the operation itself closes a moment later.
    Atomics.wait(control, WORD.generation, seen, 50);
  }
}

/** Looks for a while, for operations follow each other closely, then sleeps. */
function awaitOpen(control: Int32Array): number {
  for (let spins = 0; ; spins += 1) {
    const generation = Atomics.load(control, WORD.generation);
    if (generation < 0 || (generation & 1) === 1) return generation;
    if (spins > 5000) Atomics.wait(control, WORD.generation, generation);
  }
}

/** How often each piece of a corpus occurs, counted on several threads. */
import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { workerUrl } from "../../../engine/worker.ts";
import { portions } from "./chunks.ts";
import type { CountReply, CountRequest } from "./count-messages.ts";
import { RULES, type RuleName } from "./rules.ts";
import { WordCounter, type WordCounts } from "./word-counter.ts";

export interface TrainingHooks {
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Of the work in any unit; `total` 0 when it is not known. */
  progress(done: number, total: number, note?: string): void;
}

/** A corpus of fewer portions is counted sooner than threads are started. */
const FEW = 4;
/** Portions that wait at a worker, so that it never waits for the next. */
const AHEAD = 2;

/**
 * The pieces of the texts, cut by a rule, with their counts; in which order depends on the number of threads, the counts
 * do not.
 * @throws the signal's reason
 */
export async function countWords(
  texts: AsyncIterable<string> | Iterable<string>,
  rule: RuleName,
  hooks: TrainingHooks,
): Promise<WordCounts> {
  const { scan, normalize, divisible } = RULES[rule];
  const counter = new WordCounter();
  const crew = hooks.threads > 1 ? new Crew(hooks.threads) : null;
  try {
    let seen = 0;
    const waiting: (readonly string[])[] = [];
    const count = (portion: readonly string[]) => {
      for (const text of portion) counter.add(normalize(text.toWellFormed()), scan);
    };
    for await (const portion of portions(texts, divisible)) {
      hooks.signal.throwIfAborted();
      seen += portion.reduce((sum, text) => sum + text.length, 0);
      hooks.progress(seen, 0, `${(seen / 1e6).toFixed(1)} M characters read`);
      if (crew === null) {
        count(portion);
        await turn();
        continue;
      }
      waiting.push(portion);
      if (!crew.started && waiting.length < FEW) continue;
      for (const ready of waiting.splice(0)) await crew.give({ texts: ready, rule });
    }
    for (const portion of waiting) count(portion);
    for (const counts of crew?.started === true ? await crew.finish() : []) counter.merge(counts);
    hooks.signal.throwIfAborted();
    return counter.result();
  } finally {
    await crew?.end();
  }
}

interface Member {
  readonly worker: Worker;
  waiting: number;
}

class Crew {
  readonly #size: number;
  #members: Member[] = [];
  #failed: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(size: number) {
    this.#size = size;
  }

  get started(): boolean {
    return this.#members.length > 0;
  }

  /** Resolves when a worker has room for it. */
  async give(request: CountRequest): Promise<void> {
    if (!this.started) this.#start();
    for (;;) {
      if (this.#failed !== null) throw this.#failed;
      const free = this.#members.reduce((least, member) => (member.waiting < least.waiting ? member : least));
      if (free.waiting < AHEAD) {
        free.waiting += 1;
        free.worker.postMessage(request);
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async finish(): Promise<readonly WordCounts[]> {
    return await Promise.all(
      this.#members.map(async ({ worker }) => {
        const request: CountRequest = { finish: true };
        worker.postMessage(request);
        for (;;) {
          const [reply] = (await once(worker, "message")) as [CountReply];
          if ("counts" in reply) return reply.counts;
        }
      }),
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }

  #start(): void {
    this.#members = Array.from({ length: this.#size }, () => {
      const member: Member = { worker: new Worker(workerUrl("count")), waiting: 0 };
      member.worker.on("message", () => {
        member.waiting -= 1;
        this.#wake?.();
      });
      member.worker.on("error", (error: Error) => {
        this.#failed = error;
        this.#wake?.();
      });
      return member;
    });
  }
}

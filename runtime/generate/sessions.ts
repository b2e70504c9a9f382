/**
 * Histories of conversations, one for each session. A session belongs to whoever opened it (a deployment and the
 * token it was asked with): the same name from another owner is another session. Few and young ones are kept.
 */
import { createHash } from "node:crypto";

export interface SessionLimits {
  /** Most sessions kept; the one unused for longest goes first. */
  readonly count: number;
  /** Seconds without use after which a session is forgotten. */
  readonly age: number;
}

interface Session<Entry> {
  readonly entries: readonly Entry[];
  /** Milliseconds of `now`. */
  readonly used: number;
}

export class Sessions<Entry> {
  // A map keeps the order in which keys were last set: the first is the one unused for longest.
  readonly #sessions = new Map<string, Session<Entry>>();
  readonly #limits: SessionLimits;
  readonly #now: () => number;

  /** @param now milliseconds on a clock that does not go back */
  constructor(limits: SessionLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** How many sessions are kept. */
  get size(): number {
    this.#forget();
    return this.#sessions.size;
  }

  /** What was said so far, oldest first; empty for a session that is new or forgotten. */
  read(owner: string, id: string): readonly Entry[] {
    this.#forget();
    return this.#sessions.get(keyOf(owner, id))?.entries ?? [];
  }

  /** Replaces what was said so far. */
  write(owner: string, id: string, entries: readonly Entry[]): void {
    const key = keyOf(owner, id);
    this.#sessions.delete(key);
    this.#sessions.set(key, { entries, used: this.#now() });
    this.#forget();
  }

  /** Forgets one session, or says that there was none. */
  delete(owner: string, id: string): boolean {
    return this.#sessions.delete(keyOf(owner, id));
  }

  #forget(): void {
    const oldest = this.#now() - this.#limits.age * 1000;
    for (const [key, { used }] of this.#sessions) {
      if (used > oldest && this.#sessions.size <= this.#limits.count) break;
      this.#sessions.delete(key);
    }
  }
}

/** Two parts that no other two parts join to; a token stays in memory as a digest only. */
const keyOf = (owner: string, id: string): string =>
  createHash("sha256")
    .update(JSON.stringify([owner, id]))
    .digest("base64");

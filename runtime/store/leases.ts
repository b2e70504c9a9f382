/** One process at a time carries out a step; the others wait for its result. */
import type { DatabaseSync } from "node:sqlite";
import { transaction } from "./database.ts";
import { type Owner, ownerLives, thisProcess } from "./process.ts";
import type { Digest } from "./types.ts";

const SCHEMA = `CREATE TABLE IF NOT EXISTS leases (
  key TEXT PRIMARY KEY, owner TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL,
  taken INTEGER NOT NULL, heartbeat INTEGER NOT NULL
) WITHOUT ROWID`;

/** How often a running process says that it lives, in milliseconds. */
const HEARTBEAT = 5_000;

export class Leases {
  readonly #database: DatabaseSync;
  readonly #owner = thisProcess();
  readonly #held = new Set<Digest>();
  #timer: NodeJS.Timeout | null = null;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(SCHEMA);
  }

  /**
   * Takes the lease of a step unless a living process holds it. In the same transaction `finished` may find that
   * the step has been carried out meanwhile: then nothing is taken and its answer is returned.
   */
  take<T>(
    key: Digest,
    finished: () => T | null,
  ): { readonly done: T } | { readonly heldBy: Owner } | "taken" {
    return transaction(this.#database, () => {
      const done = finished();
      if (done !== null) return { done };
      const now = Date.now();
      const row = this.#database.prepare("SELECT * FROM leases WHERE key = ?").get(key);
      if (row !== undefined) {
        const owner: Owner = {
          id: String(row["owner"]),
          host: String(row["host"]),
          pid: Number(row["pid"]),
          started: String(row["started"]),
        };
        if (ownerLives(owner, Number(row["heartbeat"]), now)) return { heldBy: owner };
      }
      const { id, host, pid, started } = this.#owner;
      this.#database
        .prepare(
          "INSERT OR REPLACE INTO leases (key, owner, host, pid, started, taken, heartbeat) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .run(key, id, host, pid, started, now, now);
      this.#held.add(key);
      this.#beat();
      return "taken";
    });
  }

  release(key: Digest): void {
    this.#held.delete(key);
    this.#database.prepare("DELETE FROM leases WHERE key = ? AND owner = ?").run(key, this.#owner.id);
    if (this.#held.size === 0) this.stop();
  }

  #beat(): void {
    this.#timer ??= setInterval(() => {
      if (!this.#database.isOpen) return this.stop();
      try {
        this.#database
          .prepare("UPDATE leases SET heartbeat = ? WHERE owner = ?")
          .run(Date.now(), this.#owner.id);
      } catch {
        // Locked or full for a moment: the next beat comes, and on one host the kernel answers for us anyway.
      }
    }, HEARTBEAT).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

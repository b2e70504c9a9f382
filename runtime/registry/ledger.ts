/**
 * The ledger: everything that ever happened to registered models, one entry after another, in `mlops.db`. Each
 * entry holds the digest of the one before, so that a change of the past is found; triggers refuse changes made
 * by accident. Versions and aliases are not stored anywhere else: they are what the ledger says.
 */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Digest } from "../store/types.ts";

interface EntryBase {
  /** From 1. */
  readonly entry: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Who or what did it: a user's name, `mlops run`. */
  readonly by: string;
  readonly name: string;
  readonly version: number;
  /** Digest of the entry before; null for the first. */
  readonly before: Digest | null;
}

export interface RegisterEntry extends EntryBase {
  readonly action: "register";
  /** Digest of the manifest of `files`. */
  readonly model: Digest;
  readonly files: Readonly<Record<string, Digest>>;
  /** Probability from which the positive class is predicted, when an evaluation's costs chose one. */
  readonly threshold: number | null;
  /** What the gate's evaluations measured, by `evaluation.metric`. */
  readonly metrics: Readonly<Record<string, number | null>>;
}

export interface AliasEntry extends EntryBase {
  /** `release`: a run moved it; the others were made by hand. */
  readonly action: "release" | "promote" | "rollback";
  readonly alias: string;
  /** What the alias held before. */
  readonly previous: number | null;
}

export type LedgerEntry = RegisterEntry | AliasEntry;
type Unchained<E> = E extends LedgerEntry ? Omit<E, "entry" | "at" | "before"> : never;
export type NewEntry = Unchained<LedgerEntry>;

const TABLES = `
CREATE TABLE IF NOT EXISTS ledger (entry INTEGER PRIMARY KEY, content TEXT NOT NULL, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ledger_head (one INTEGER PRIMARY KEY CHECK (one = 1), entries INTEGER NOT NULL, digest TEXT);
CREATE TRIGGER IF NOT EXISTS ledger_is_append_only_update BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER IF NOT EXISTS ledger_is_append_only_delete BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
INSERT OR IGNORE INTO ledger_head VALUES (1, 0, NULL);
`;

interface Row {
  readonly entry: number;
  readonly content: string;
  readonly digest: string;
}

export interface LedgerProblem {
  readonly entry: number;
  readonly problem: string;
}

export class Ledger {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const present = database
      .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'ledger_head'")
      .get();
    if (present === undefined) this.write(() => database.exec(TABLES));
  }

  /** Runs `work` as the only writer; what it appended is there whole or not at all. */
  write<T>(work: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Entries after number `after`, in order. */
  read(after: number): LedgerEntry[] {
    return this.#rows(after).map((row) => JSON.parse(row.content) as LedgerEntry);
  }

  /** Appends one entry; call inside `write`. */
  append(what: NewEntry, at: Date): LedgerEntry {
    const head = this.#head();
    const entry = {
      entry: head.entries + 1,
      at: at.toISOString(),
      ...what,
      before: head.digest,
    } as LedgerEntry;
    const content = JSON.stringify(entry);
    const digest = digestOf(content);
    this.#database.prepare("INSERT INTO ledger VALUES (?, ?, ?)").run(entry.entry, content, digest);
    this.#database.prepare("UPDATE ledger_head SET entries = ?, digest = ?").run(entry.entry, digest);
    return entry;
  }

  /** The first entry that is not what was written; null when the chain is whole. */
  verify(): LedgerProblem | null {
    const head = this.#head();
    let before: string | null = null;
    let expected = 1;
    for (const row of this.#rows(0)) {
      if (row.entry !== expected) return { entry: expected, problem: "it is missing" };
      if (digestOf(row.content) !== row.digest)
        return { entry: row.entry, problem: "its content has another digest" };
      const entry = JSON.parse(row.content) as LedgerEntry;
      if (entry.entry !== row.entry || entry.before !== before) {
        return { entry: row.entry, problem: "it does not follow the entry before it" };
      }
      before = row.digest;
      expected += 1;
    }
    if (head.entries !== expected - 1)
      return { entry: Math.min(expected, head.entries + 1), problem: "the ledger's end was moved" };
    return head.digest === before
      ? null
      : { entry: head.entries, problem: "the ledger ends in another entry" };
  }

  #rows(after: number): Row[] {
    return this.#database
      .prepare("SELECT entry, content, digest FROM ledger WHERE entry > ? ORDER BY entry")
      .all(after) as unknown as Row[];
  }

  #head(): { entries: number; digest: Digest | null } {
    return this.#database.prepare("SELECT entries, digest FROM ledger_head").get() as unknown as {
      entries: number;
      digest: Digest | null;
    };
  }
}

function digestOf(content: string): Digest {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

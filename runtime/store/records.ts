/** What each carried-out step left, by key: the memory that lets a step be reused. */
import type { DatabaseSync } from "node:sqlite";
import type { StepResult } from "../execute/step.ts";
import { transaction } from "./database.ts";
import { digestJson } from "./hash.ts";
import type { Digest } from "./types.ts";

/** One attribute of a declaration as people read it; a set of rules or names is a list of such texts. */
export type AttributeText = string | readonly string[];

/** Everything that a step's key was made of, kept so that a later plan can say what changed. */
export interface StepBasis {
  readonly executor: number;
  /** The declaration's attributes, flattened: `split.seed` → `42`. */
  readonly attributes: Readonly<Record<string, AttributeText>>;
  /** What was seen of each declaration that this one names, by id. */
  readonly inputs: Readonly<Record<string, Digest>>;
  /** Files outside the spec, by path relative to the project. */
  readonly files: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, string>>;
}

export interface StepRecord {
  readonly key: Digest;
  readonly declaration: string;
  readonly kind: string;
  readonly variant: string | null;
  /** The declaration's meaning alone, whatever it is called: finds it again after a rename. */
  readonly meaning: Digest;
  readonly basis: StepBasis;
  readonly result: StepResult;
  /** Digest of what later steps can see of the result. */
  readonly outcome: Digest;
  readonly seconds: number;
  /** Most memory of the process while the step ran, in bytes. */
  readonly memory: number;
  readonly run: number;
  /** Milliseconds since 1970. */
  readonly finished: number;
}

/** A value that a step tracked while it ran: loss by round. */
export interface TrackedPoint {
  readonly metric: string;
  readonly at: number;
  readonly value: number;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS steps (
  key TEXT PRIMARY KEY, declaration TEXT NOT NULL, kind TEXT NOT NULL, variant TEXT, meaning TEXT NOT NULL,
  basis TEXT NOT NULL, result TEXT NOT NULL, outcome TEXT NOT NULL, seconds REAL NOT NULL, memory INTEGER NOT NULL,
  run INTEGER NOT NULL, finished INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS step_outputs (
  key TEXT NOT NULL REFERENCES steps(key) ON DELETE CASCADE, name TEXT NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY (key, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS step_outputs_by_digest ON step_outputs (digest);
CREATE TABLE IF NOT EXISTS step_series (
  key TEXT NOT NULL REFERENCES steps(key) ON DELETE CASCADE, metric TEXT NOT NULL, place INTEGER NOT NULL,
  at REAL NOT NULL, value REAL NOT NULL, PRIMARY KEY (key, metric, place)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS latest_steps (
  spec TEXT NOT NULL, declaration TEXT NOT NULL, key TEXT NOT NULL REFERENCES steps(key) ON DELETE CASCADE,
  PRIMARY KEY (spec, declaration)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS latest_steps_by_key ON latest_steps (key);`;

type Row = Record<string, unknown>;

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Basis and result are parsed when first read: a plan in which nothing changed reads few of them. */
function recordOf(row: Row): StepRecord {
  const basis = lazily(() => JSON.parse(String(row["basis"])) as StepBasis);
  const result = lazily(() => JSON.parse(String(row["result"])) as StepResult);
  return {
    key: String(row["key"]) as Digest,
    declaration: String(row["declaration"]),
    kind: String(row["kind"]),
    variant: row["variant"] === null ? null : String(row["variant"]),
    meaning: String(row["meaning"]) as Digest,
    get basis() {
      return basis();
    },
    get result() {
      return result();
    },
    outcome: String(row["outcome"]) as Digest,
    seconds: Number(row["seconds"]),
    memory: Number(row["memory"]),
    run: Number(row["run"]),
    finished: Number(row["finished"]),
  };
}

/** What later steps can see of a result: notes and diagnostics are for people only. */
export function outcomeOf(result: StepResult): Digest {
  return digestJson({
    outputs: result.outputs,
    summary: result.summary,
    verdict: result.verdict ?? "passed",
  });
}

export class StepRecords {
  readonly #database: DatabaseSync;
  readonly #one;
  readonly #latest;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(SCHEMA);
    this.#one = database.prepare("SELECT * FROM steps WHERE key = ?");
    this.#latest = database.prepare(
      "SELECT latest_steps.declaration AS current, steps.* FROM latest_steps JOIN steps USING (key) WHERE spec = ?",
    );
  }

  get(key: Digest): StepRecord | null {
    const row = this.#one.get(key);
    return row === undefined ? null : recordOf(row);
  }

  /** The last record of every declaration of a spec, by declaration id. One read. */
  latest(spec: string): Map<string, StepRecord> {
    const records = new Map<string, StepRecord>();
    for (const row of this.#latest.iterate(spec)) records.set(String(row["current"]), recordOf(row));
    return records;
  }

  /** Writes a finished step: from here on it is never carried out again, whatever happens to this process. */
  add(record: StepRecord, spec: string, series: readonly TrackedPoint[]): void {
    transaction(this.#database, () => {
      // Replacing must keep `latest_steps` of other declarations with the same key: update, do not delete.
      this.#database
        .prepare(
          `INSERT INTO steps (key, declaration, kind, variant, meaning, basis, result, outcome, seconds, memory, run, finished, used)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (key) DO UPDATE SET declaration = excluded.declaration, basis = excluded.basis,
             result = excluded.result, outcome = excluded.outcome, seconds = excluded.seconds, memory = excluded.memory,
             run = excluded.run, finished = excluded.finished, used = excluded.used`,
        )
        .run(
          record.key,
          record.declaration,
          record.kind,
          record.variant,
          record.meaning,
          JSON.stringify(record.basis),
          JSON.stringify(record.result),
          record.outcome,
          record.seconds,
          record.memory,
          record.run,
          record.finished,
          record.finished,
        );
      this.#database.prepare("DELETE FROM step_outputs WHERE key = ?").run(record.key);
      const output = this.#database.prepare("INSERT INTO step_outputs (key, name, digest) VALUES (?, ?, ?)");
      for (const [name, digest] of Object.entries(record.result.outputs))
        output.run(record.key, name, digest);
      this.#database.prepare("DELETE FROM step_series WHERE key = ?").run(record.key);
      const point = this.#database.prepare(
        "INSERT INTO step_series (key, metric, place, at, value) VALUES (?, ?, ?, ?, ?)",
      );
      series.forEach(({ metric, at, value }, place) => void point.run(record.key, metric, place, at, value));
      this.#setLatest(spec, record.declaration, record.key);
    });
  }

  /** Notes that declarations of a spec used these records, so that `gc` keeps them and the next plan finds them. */
  use(
    spec: string,
    uses: readonly { readonly declaration: string; readonly key: Digest }[],
    now: number,
  ): void {
    transaction(this.#database, () => {
      const used = this.#database.prepare("UPDATE steps SET used = ? WHERE key = ?");
      for (const { declaration, key } of uses) {
        used.run(now, key);
        this.#setLatest(spec, declaration, key);
      }
    });
  }

  #setLatest(spec: string, declaration: string, key: Digest): void {
    this.#database
      .prepare(
        `INSERT INTO latest_steps (spec, declaration, key) VALUES (?, ?, ?)
         ON CONFLICT (spec, declaration) DO UPDATE SET key = excluded.key WHERE key <> excluded.key`,
      )
      .run(spec, declaration, key);
  }

  series(key: Digest): TrackedPoint[] {
    return this.#database
      .prepare("SELECT metric, at, value FROM step_series WHERE key = ? ORDER BY metric, place")
      .all(key)
      .map((row) => ({ metric: String(row["metric"]), at: Number(row["at"]), value: Number(row["value"]) }));
  }
}

/** Names the step that made an object, for people: "`rows` of dataset.loans (run r3)". */
export function originOf(database: DatabaseSync, digest: Digest): string {
  const known = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'step_outputs'").get();
  const row =
    known &&
    database
      .prepare(
        "SELECT name, declaration, run FROM step_outputs JOIN steps USING (key) WHERE digest = ? LIMIT 1",
      )
      .get(digest);
  return row === undefined
    ? "of no recorded step"
    : `\`${row["name"]}\` of ${row["declaration"]} (run r${row["run"]})`;
}

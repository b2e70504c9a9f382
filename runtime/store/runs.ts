/** Tracked runs: what was asked, what each step did, which numbers came out. */
import type { DatabaseSync } from "node:sqlite";
import type { Json } from "../execute/step.ts";
import { transaction } from "./database.ts";
import { type Owner, ownerLives, thisProcess } from "./process.ts";
import type { Digest } from "./types.ts";

export type StepStatus = "ran" | "reused" | "failed" | "blocked" | "skipped" | "interrupted";
export type RunStatus = "running" | "passed" | "failed" | "blocked" | "interrupted" | "killed";

export interface RunStep {
  readonly declaration: string;
  readonly kind: string;
  readonly name: string;
  readonly status: StepStatus;
  readonly seconds: number;
  readonly why: readonly string[];
  /** Key of the step's record; null when it never got as far. */
  readonly key: Digest | null;
}

export interface RunMetric {
  /** The declaration's name, as `runs` shows it. */
  readonly step: string;
  readonly metric: string;
  readonly value: number;
  /** Confidence interval, where the step gave one. */
  readonly interval: readonly [number, number] | null;
}

export interface Run {
  readonly number: number;
  readonly spec: string;
  readonly status: RunStatus;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Null while it runs, or when it was killed. */
  readonly finished: number | null;
  readonly params: Readonly<Record<string, Json>>;
  /** The program that was carried out, in the store. */
  readonly program: Digest;
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS runs (
  number INTEGER PRIMARY KEY AUTOINCREMENT, spec TEXT NOT NULL, program TEXT NOT NULL, params TEXT NOT NULL,
  status TEXT NOT NULL, started INTEGER NOT NULL, finished INTEGER,
  owner TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, pid_started TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS run_steps (
  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE, place INTEGER NOT NULL, declaration TEXT NOT NULL,
  kind TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, seconds REAL NOT NULL, why TEXT NOT NULL, key TEXT,
  PRIMARY KEY (run, place)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS run_steps_by_key ON run_steps (key);
CREATE TABLE IF NOT EXISTS run_metrics (
  run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE, step TEXT NOT NULL, metric TEXT NOT NULL,
  value REAL NOT NULL, low REAL, high REAL, PRIMARY KEY (run, step, metric)
) WITHOUT ROWID;`;

export class Runs {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(SCHEMA);
  }

  /** Opens a run owned by this process and returns its number. */
  start(run: { spec: string; program: Digest; params: Readonly<Record<string, Json>> }): number {
    const { id, host, pid, started } = thisProcess();
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO runs (spec, program, params, status, started, owner, host, pid, pid_started)
         VALUES (?, ?, ?, 'running', ?, ?, ?, ?, ?)`,
      )
      .run(run.spec, run.program, JSON.stringify(run.params), Date.now(), id, host, pid, started);
    return Number(lastInsertRowid);
  }

  /** Keeps steps as they settle; `place` counts on from `first`. */
  addSteps(run: number, first: number, steps: readonly RunStep[]): void {
    const insert = this.#database.prepare(
      "INSERT INTO run_steps (run, place, declaration, kind, name, status, seconds, why, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    transaction(this.#database, () => {
      steps.forEach((step, index) => {
        const why = JSON.stringify(step.why);
        insert.run(
          run,
          first + index,
          step.declaration,
          step.kind,
          step.name,
          step.status,
          step.seconds,
          why,
          step.key,
        );
      });
    });
  }

  finish(run: number, status: RunStatus, metrics: readonly RunMetric[]): void {
    transaction(this.#database, () => {
      const insert = this.#database.prepare(
        "INSERT OR REPLACE INTO run_metrics (run, step, metric, value, low, high) VALUES (?, ?, ?, ?, ?, ?)",
      );
      for (const { step, metric, value, interval } of metrics) {
        insert.run(run, step, metric, value, interval?.[0] ?? null, interval?.[1] ?? null);
      }
      this.#database
        .prepare("UPDATE runs SET status = ?, finished = ? WHERE number = ?")
        .run(status, Date.now(), run);
    });
  }

  /** Newest first. */
  list(limit = -1): Run[] {
    return this.#database
      .prepare("SELECT * FROM runs ORDER BY number DESC LIMIT ?")
      .all(limit)
      .map((row) => runOf(row));
  }

  /** `r12`, `12`, `last`, `last~1`; null when there is no such run. */
  find(name: string): Run | null {
    const back = /^last(?:~(\d+))?$/.exec(name);
    const number = /^r?(\d+)$/.exec(name);
    const row =
      back !== null
        ? this.#database
            .prepare("SELECT * FROM runs ORDER BY number DESC LIMIT 1 OFFSET ?")
            .get(Number(back[1] ?? 0))
        : number !== null
          ? this.#database.prepare("SELECT * FROM runs WHERE number = ?").get(Number(number[1]))
          : undefined;
    return row === undefined ? null : runOf(row);
  }

  steps(run: number): RunStep[] {
    return this.#database
      .prepare("SELECT * FROM run_steps WHERE run = ? ORDER BY place")
      .all(run)
      .map((row) => ({
        declaration: String(row["declaration"]),
        kind: String(row["kind"]),
        name: String(row["name"]),
        status: String(row["status"]) as StepStatus,
        seconds: Number(row["seconds"]),
        why: JSON.parse(String(row["why"])) as string[],
        key: row["key"] === null ? null : (String(row["key"]) as Digest),
      }));
  }

  metrics(run: number): RunMetric[] {
    return this.#database
      .prepare("SELECT * FROM run_metrics WHERE run = ? ORDER BY step, metric")
      .all(run)
      .map((row) => ({
        step: String(row["step"]),
        metric: String(row["metric"]),
        value: Number(row["value"]),
        interval:
          row["low"] === null || row["high"] === null ? null : [Number(row["low"]), Number(row["high"])],
      }));
  }
}

function runOf(row: Record<string, unknown>): Run {
  const owner: Owner = {
    id: String(row["owner"]),
    host: String(row["host"]),
    pid: Number(row["pid"]),
    started: String(row["pid_started"]),
  };
  const status = String(row["status"]) as RunStatus;
  const started = Number(row["started"]);
  return {
    number: Number(row["number"]),
    spec: String(row["spec"]),
    // A run whose process is gone without a word was killed.
    status: status === "running" && !ownerLives(owner, started, Date.now()) ? "killed" : status,
    started,
    finished: row["finished"] === null ? null : Number(row["finished"]),
    params: JSON.parse(String(row["params"])) as Record<string, Json>,
    program: String(row["program"]) as Digest,
  };
}

export function runName(number: number): string {
  return `r${number}`;
}

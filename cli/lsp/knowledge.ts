/** Reads what runs left in `.mlops/` for the language server: never writes, and never makes the folder. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Knowledge, StepKnowledge } from "../../lsp/knowledge.ts";
import { DATABASE_FILE } from "../../runtime/store/database.ts";
import { stateOf } from "../project.ts";

interface Read {
  /** Times of the database and its log: others mean that there is something new. */
  readonly stamp: string;
  readonly steps: ReadonlyMap<string, StepKnowledge>;
}

/** Milliseconds between looks at the state folders. */
const EVERY = 1000;

export function stateKnowledge(): Knowledge {
  const known = new Map<string, Read>();
  return {
    steps(spec) {
      const stamp = stampOf(spec);
      if (stamp === null) return new Map();
      const before = known.get(spec);
      if (before?.stamp === stamp) return before.steps;
      const read = { stamp, steps: readSteps(spec) };
      known.set(spec, read);
      return read.steps;
    },
    watch(_folders, changed) {
      let last = "";
      const timer = setInterval(() => {
        const now = [...known].map(([spec]) => stampOf(spec) ?? "").join();
        if (last !== "" && now !== last) changed();
        last = now;
      }, EVERY);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

const databaseOf = (spec: string): string => join(stateOf(dirname(spec)), DATABASE_FILE);

function stampOf(spec: string): string | null {
  const file = databaseOf(spec);
  const times = [file, `${file}-wal`].map((each) => statSync(each, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return times[0] === 0 ? null : times.join("/");
}

/** Empty when a run is just making the tables, or the file is no database. */
function readSteps(spec: string): ReadonlyMap<string, StepKnowledge> {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(databaseOf(spec), { readOnly: true });
    return stepsIn(database, spec);
  } catch {
    return new Map();
  } finally {
    database?.close();
  }
}

function stepsIn(database: DatabaseSync, spec: string): ReadonlyMap<string, StepKnowledge> {
  const name = basename(spec);
  const run = database
    .prepare("SELECT number, program FROM runs WHERE spec = ? ORDER BY number DESC LIMIT 1")
    .get(name);
  if (run === undefined) return new Map();
  const declarations = declarationsOf(spec, String(run["program"]));
  const rows = database
    .prepare(
      `SELECT r.declaration, r.status, r.seconds, s.result, s.finished
       FROM run_steps r LEFT JOIN steps s ON s.key = r.key WHERE r.run = ? ORDER BY r.place`,
    )
    .all(Number(run["number"]));
  return new Map(
    rows.map((row) => {
      const id = String(row["declaration"]);
      const result =
        row["result"] === null
          ? null
          : (JSON.parse(String(row["result"])) as { summary?: Record<string, unknown> });
      const step: StepKnowledge = {
        status: String(row["status"]) as StepKnowledge["status"], // as the runner wrote it
        seconds: row["seconds"] === null ? null : Number(row["seconds"]),
        at: row["finished"] === null ? null : new Date(Number(row["finished"])).toISOString(),
        declaration: declarations.get(id) ?? null,
        summary: result?.summary ?? {},
      };
      return [id, step] as const;
    }),
  );
}

/** The program that was run, from the store; it may have been collected. */
function declarationsOf(spec: string, digest: string): ReadonlyMap<string, Declaration> {
  const hex = digest.slice("sha256:".length);
  const file = join(stateOf(dirname(spec)), "objects", hex.slice(0, 2), hex.slice(2));
  if (!existsSync(file)) return new Map();
  const { declarations } = JSON.parse(readFileSync(file, "utf8")) as Program;
  return new Map(declarations.map((declaration) => [declaration.id, declaration]));
}

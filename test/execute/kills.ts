/** Starts runs, kills them at random moments, and looks at what is left. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { digestFileNow } from "../../runtime/store/hash.ts";
import { openStore } from "../../runtime/store/store.ts";

const CHILD = fileURLToPath(new URL("./child.ts", import.meta.url));

export interface Child {
  readonly process: ChildProcess;
  /** The run is about to begin. */
  readonly ready: Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

export function startChild(project: string, generation: number, milliseconds = 4): Child {
  const child = spawn(process.execPath, [CHILD, project, String(generation), String(milliseconds)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stderr.on("data", (bytes: Buffer) => {
    err += bytes;
  });
  const ready = new Promise<void>((resolve) => {
    child.stdout.on("data", (bytes: Buffer) => {
      out += bytes;
      if (out.includes("ready\n")) resolve();
    });
    child.on("close", () => resolve());
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, out, err }));
  });
  return { process: child, ready, ended };
}

export const statusesOf = (out: string): Record<string, string> =>
  JSON.parse(out.trim().split("\n").at(-1) ?? "") as Record<string, string>;

/** Declarations carried out since the last call. */
export function takeLog(project: string): string[] {
  const file = join(project, "carried-out.log");
  if (!existsSync(file)) return [];
  const names = readFileSync(file, "utf8").trim().split("\n");
  rmSync(file);
  return names;
}

export interface Remains {
  /** Declarations whose result of this generation is recorded. */
  readonly recorded: string[];
  /** Everything that is not as it should be. */
  readonly faults: string[];
}

/** What a killed process left: every object whole, every recorded output there, the database sound. */
export function inspectRemains(project: string, generation: number): Remains {
  const store = openStore(join(project, ".mlops"));
  const faults: string[] = [];
  for (const { digest, file } of store.list())
    if (digestFileNow(file) !== digest) faults.push(`${file} is not whole`);
  const integrity = store.database.prepare("PRAGMA integrity_check").get();
  if (integrity?.["integrity_check"] !== "ok") faults.push(`database: ${JSON.stringify(integrity)}`);
  const known =
    store.database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'step_outputs'").get() !== undefined;
  const outputs = known
    ? store.database
        .prepare("SELECT declaration, name, digest FROM step_outputs JOIN steps USING (key)")
        .all()
    : [];
  for (const { declaration, name, digest } of outputs) {
    if (!store.has(String(digest) as `sha256:${string}`)) faults.push(`${declaration} ${name} is missing`);
  }
  const salted = known
    ? store.database
        .prepare("SELECT declaration FROM steps WHERE json_extract(basis, '$.attributes.salt') LIKE ?")
        .all(`"${generation}.%`)
    : [];
  store.close();
  return { recorded: salted.map((row) => String(row["declaration"]).replace("work.", "")), faults };
}

export interface KillReport {
  readonly kills: number;
  /** Runs that ended before they could be killed. */
  readonly completed: number;
  /** Kills after which some but not all steps were recorded. */
  readonly midway: number;
  readonly faults: string[];
}

/** Kills runs with SIGKILL until `count` died by it, and lets every generation complete at some time. */
export async function killAtRandomMoments(project: string, count: number): Promise<KillReport> {
  const faults: string[] = [];
  let [kills, completed, midway, generation] = [0, 0, 0, 0];
  let recorded = new Set<string>();
  let longest = 150;
  while (kills < count) {
    const child = startChild(project, generation);
    await child.ready;
    const began = performance.now();
    const delay = sleep(Math.random() * longest).then(() => child.process.kill("SIGKILL"));
    const { code, out, err } = await child.ended;
    await delay;
    const again = takeLog(project).filter((name) => recorded.has(name));
    if (again.length > 0) faults.push(`carried out again although recorded: ${again.join(", ")}`);
    const remains = inspectRemains(project, generation);
    faults.push(...remains.faults);
    const lost = [...recorded].filter((name) => !remains.recorded.includes(name));
    if (lost.length > 0) faults.push(`lost: ${lost.join(", ")}`);
    recorded = new Set(remains.recorded);
    if (code === null) {
      kills += 1;
      if (recorded.size > 0 && recorded.size < 12) midway += 1;
      continue;
    }
    if (code !== 0) faults.push(`ended with ${code}: ${err}`);
    else if (Object.values(statusesOf(out)).some((status) => status !== "ran" && status !== "reused"))
      faults.push(out);
    completed += 1;
    // Most kills should hit a run under way, so they come before this one's end.
    longest = Math.max(20, 0.9 * (performance.now() - began));
    // From nothing again, also because looking at everything that is left takes its time.
    rmSync(join(project, ".mlops"), { recursive: true, force: true });
    generation += 1;
    recorded = new Set();
  }
  const last = await startChild(project, generation).ended;
  if (last.code !== 0) faults.push(`the last run ended with ${last.code}: ${last.err}`);
  return { kills, completed: completed + 1, midway, faults };
}

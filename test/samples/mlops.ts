/** Runs the command line from the sources, as a process of its own. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const PENGUINS = join(ROOT, "node_modules/vega-datasets/data/penguins.json");

export interface Answer {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export function mlops(
  args: readonly string[],
  cwd = ROOT,
  env: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, "cli/main.ts"), ...args], {
      cwd,
      env: { ...process.env, CI: "true", NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (bytes: Buffer) => {
      out += bytes;
    });
    child.stderr.on("data", (bytes: Buffer) => {
      err += bytes;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, out, err }));
  });
}

/** A copy of one sample without its state, beside those that it imports, and what removes it. */
export function copySample(
  name: string,
  imported: readonly string[] = [],
): { readonly folder: string; readonly spec: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), `mlops-${name}-`));
  for (const sample of [name, ...imported]) {
    const source = join(ROOT, "samples", sample);
    cpSync(source, join(root, sample), {
      recursive: true,
      filter: (path) => !path.startsWith(join(source, ".mlops")) && !path.startsWith(join(source, "out")),
    });
  }
  const folder = join(root, name);
  const spec = join(folder, `${name}.mlops`);
  if (!existsSync(spec)) throw new Error(`The sample ${name} has no ${name}.mlops.`);
  return { folder, spec, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export interface RunReport {
  readonly run: string;
  readonly status: "passed" | "failed" | "blocked";
  readonly steps: readonly {
    readonly name: string;
    readonly kind: string;
    readonly status: "ran" | "reused" | "failed" | "blocked" | "skipped";
    readonly seconds: number;
    readonly why: readonly string[];
  }[];
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly gates: Readonly<Record<string, { readonly status: string; readonly rules: readonly unknown[] }>>;
  readonly releases: Readonly<Record<string, unknown>>;
}

export async function run(spec: string, ...more: readonly string[]): Promise<RunReport> {
  const answer = await mlops(["run", spec, "--json", ...more]);
  if (answer.status !== 0)
    throw new Error(`mlops run ended with ${answer.status}:\n${answer.out}\n${answer.err}`);
  return JSON.parse(answer.out) as RunReport;
}

export const statuses = (report: RunReport): Record<string, string> =>
  Object.fromEntries(report.steps.map((step) => [step.name, step.status]));

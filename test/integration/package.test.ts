/** The package as npm hands it out: packed, installed elsewhere, and used there with nothing of this checkout. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mlops-package-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is not part of the sources: made, installed or kept by Git. */
const APART = new Set(["node_modules", "dist", "coverage"]);

function run(command: string, args: readonly string[], cwd: string) {
  const env = { ...process.env, npm_config_update_notifier: "false", NO_COLOR: "1" };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", env });
  return { status: error === undefined ? status : -1, stdout, stderr };
}

/** Packs a copy, so that building it takes nobody else's `dist/` away. */
function packed(): string {
  const copy = join(folder, "sources");
  mkdirSync(copy);
  for (const name of readdirSync(root)) {
    if (APART.has(name) || name.startsWith(".")) continue;
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (path) => !/[\\/](?:\.mlops|\.venv|node_modules)$/.test(path),
    });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  const { status, stdout, stderr } = run("npm", ["pack", "--json", "--pack-destination", folder], copy);
  if (status !== 0) throw new Error(`npm pack ended with ${status}: ${stderr}`);
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [{ filename: string }];
  return join(folder, filename);
}

const project = join(folder, "project");
const mlops = (...args: string[]) =>
  run(process.execPath, [join(project, "node_modules/mlops/bin/mlops.js"), ...args], project);

describe("the package", () => {
  it("installs where nothing of its sources is", () => {
    const tarball = packed();
    rmSync(join(folder, "sources"), { recursive: true });
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true }));
    const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    const { status, stderr } = run("npm", ["install", tarball, ...quiet], project);
    expect([status, status === 0 ? "" : stderr]).toEqual([0, ""]);
    // What is bundled is not there twice, and no source is.
    const inside = readdirSync(join(project, "node_modules/mlops"));
    expect(inside).toContain("dist");
    expect(inside.filter((name) => ["cli", "language", "runtime", "test", "bench"].includes(name))).toEqual(
      [],
    );
  });

  it("checks a spec that imports the library", () => {
    writeFileSync(
      join(project, "spec.mlops"),
      `mlops 1

import "std/gates" { beats_majority }

dataset loans: csv {
  path = "loans.csv"
  schema { income: float, approved: category label one_of ["no", "yes"] positive "yes" }
  split(seed = 1) { train = 70%, test = 30% }
}

model scorer: logistic_regression { data = loans.train }
evaluation scored { model = scorer, data = loans.test, metrics = [accuracy] }
release approval { model = scorer, gate = beats_majority(scored) }
`,
    );
    expect(mlops("check", "spec.mlops")).toEqual({
      status: 0,
      stdout: "spec.mlops: nothing wrong\n",
      stderr: "",
    });
  });

  it("begins a project, and carries it out", () => {
    const made = mlops("init", "tabular", "made");
    expect([made.status, made.status === 0 ? "" : made.stderr]).toEqual([0, ""]);
    const spec = readdirSync(join(project, "made")).find((name) => name.endsWith(".mlops"))!;
    const { status, stdout, stderr } = mlops("run", join("made", spec), "--json");
    expect([status, status === 0 ? "" : stderr]).toEqual([0, ""]);
    const { steps } = JSON.parse(stdout) as { steps: { status: string }[] };
    expect(new Set(steps.map((step) => step.status))).toEqual(new Set(["ran"]));
    expect(existsSync(join(project, "made/.mlops/mlops.db"))).toBe(true);
  });
});

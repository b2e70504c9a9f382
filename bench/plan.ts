/**
 * A no-op `mlops plan` of 1,000 steps against `dvc status` of 1,000 stages: whole processes, in turn, median of the
 * pairs' ratios. Both pipelines are 200 chains of five steps, each chain from a file of its own. Only the steps' work
 * is left out when the state is made (200 models would train for minutes); keys, files and records are as ever. Both
 * tools have looked at the same state before: mlops keeps the checked spec, dvc its index of files.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "../language/compile.ts";
import { executorsOf } from "../runtime/execute/executors.ts";
import { runProgram } from "../runtime/execute/run.ts";
import type { StepExecutor } from "../runtime/execute/step.ts";
import { openRegistry } from "../runtime/registry/registry.ts";
import { openStore } from "../runtime/store/store.ts";
import { vocabulary } from "../stdlib/vocabulary.ts";
import { median } from "./statistics.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const dvc = process.env["MLOPS_DVC"] ?? join(root, ".venv/bin/dvc");
const CHAINS = 200;
const PAIRS = 5;

const chain = (n: number) => `dataset rows${n}: csv {
  path = "data/${n}.csv"
  schema {
    id: string key
    income: float
    amount: float
    approved: category label positive "yes"
  }
  split(seed = ${n}) { train = 70%, test = 30% }
}

features seen${n} {
  from = rows${n}
  derive { burden = amount / income }
}

model scorer${n}: gradient_boosted_trees {
  data = seen${n}.train
  trees = 50
  seed = ${n}
}

evaluation scored${n} {
  model = scorer${n}
  data = seen${n}.test
  metrics = [accuracy, f1, auc]
}

gate ready${n} {
  require scored${n}.f1 >= 0.5
  require scored${n}.accuracy > baseline(majority).accuracy
}
`;

const table = (n: number) =>
  [
    "id,income,amount,approved",
    ...Array.from({ length: 50 }, (_, i) => `${n}-${i},${i},${i * 2},${i % 2 ? "yes" : "no"}`),
  ].join("\n");

/** Files get a time in the past, as on a machine where somebody works: neither tool need look inside again. */
function write(file: string, text: string): void {
  writeFileSync(file, text);
  const hourAgo = Date.now() / 1000 - 3600;
  utimesSync(file, hourAgo, hourAgo);
}

function withoutWork(step: StepExecutor): StepExecutor {
  return {
    ...step,
    load:
      async () =>
      async ({ declaration, store }) => ({
        outputs: { result: await store.put(`the result of ${declaration.id}`) },
        summary: {},
      }),
  };
}

async function prepareOurs(folder: string): Promise<void> {
  mkdirSync(join(folder, "data"), { recursive: true });
  for (let n = 0; n < CHAINS; n += 1) write(join(folder, "data", `${n}.csv`), table(n));
  const text = `mlops 1\n\n${Array.from({ length: CHAINS }, (_, n) => chain(n)).join("\n")}`;
  write(join(folder, "thousand.mlops"), text);
  const { program, diagnostics } = compile({
    files: { read: () => text },
    entry: "thousand.mlops",
    vocabulary,
    set: {},
  });
  if (program === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const store = openStore(join(folder, ".mlops"));
  const registry = openRegistry(store.root);
  const { exit } = await runProgram({
    program,
    project: folder,
    store,
    registry,
    kinds: vocabulary.kinds,
    executors: new Map([...(await executorsOf(program))].map(([kind, step]) => [kind, withoutWork(step)])),
    signal: new AbortController().signal,
  });
  registry.close();
  store.close();
  if (exit !== 0) throw new Error(`the run that makes the state ended with ${exit}`);
}

function prepareDvc(folder: string): void {
  mkdirSync(join(folder, "data"), { recursive: true });
  const stages: string[] = ["stages:"];
  for (let n = 0; n < CHAINS; n += 1) {
    write(join(folder, "data", `${n}.csv`), table(n));
    let from = `data/${n}.csv`;
    for (const step of ["rows", "seen", "scorer", "scored", "ready"]) {
      const to = `${step}${n}.out`;
      write(join(folder, to), `the result of ${step}${n}`);
      stages.push(`  ${step}${n}:`, `    cmd: cp ${from} ${to}`, `    deps: [${from}]`, `    outs: [${to}]`);
      from = to;
    }
  }
  write(join(folder, "dvc.yaml"), `${stages.join("\n")}\n`);
  command(dvc, ["init", "--no-scm", "--quiet"], folder);
  command(dvc, ["config", "core.analytics", "false"], folder);
  command(dvc, ["commit", "--force", "--quiet"], folder);
}

function command(
  program: string,
  args: readonly string[],
  cwd: string,
): { readonly seconds: number; readonly out: string } {
  const start = process.hrtime.bigint();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, CI: "1", DVC_NO_ANALYTICS: "1" },
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0)
    throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr}${error ?? ""}`);
  return { seconds, out: stdout };
}

const work = mkdtempSync(join(tmpdir(), "mlops-plan-"));
try {
  const [ours, theirs] = [join(work, "ours"), join(work, "theirs")];
  await prepareOurs(ours);
  prepareDvc(theirs);
  const plan = () =>
    command(process.execPath, [join(root, "bin/mlops.js"), "plan", "thousand.mlops", "--json"], ours);
  const status = () => command(dvc, ["status"], theirs);
  const actions = new Set(
    (JSON.parse(plan().out) as { steps: { action: string }[] }).steps.map(({ action }) => action),
  );
  if (actions.size !== 1 || !actions.has("reuse"))
    throw new Error(`the plan is not a no-op: ${[...actions].join(", ")}`);
  const clean = status().out;
  if (!clean.includes("up to date")) throw new Error(`dvc finds changes: ${clean.slice(0, 500)}`);
  const pairs = Array.from({ length: PAIRS }, () => ({ ours: plan().seconds, theirs: status().seconds }));
  const ratio = median(pairs.map((pair) => pair.theirs / pair.ours));
  console.log(`no-op plan of 1,000 steps       mlops ${median(pairs.map((pair) => pair.ours)).toFixed(2)} s`);
  console.log(
    `status of 1,000 stages            dvc ${median(pairs.map((pair) => pair.theirs)).toFixed(2)} s`,
  );
  console.log(`ratio ${ratio.toFixed(1)} times faster (bar: at least 10)`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

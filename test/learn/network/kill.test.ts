/** A training killed with SIGKILL and run again leaves the same bytes as one that nobody disturbed. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { random } from "../../../runtime/learn/random.ts";
import { openStore } from "../../../runtime/store/store.ts";
import { mlops, ROOT } from "../../samples/mlops.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const SPEC = `mlops 1

dataset points: csv {
  path = "points.csv"
  schema {
    a: float
    b: float
    inside: category label positive "yes"
  }
  split(seed = 1) { train = 80%, test = 20% }
}

model circle: network {
  data = points.train
  tune = points.test
  hidden = [16]
  epochs = 200
  dropout = 10%
  patience = 200
}
`;

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), "mlops-killed-"));
  folders.push(folder);
  const source = random(3);
  const rows = Array.from({ length: 500 }, () => {
    const [a, b] = [source.next(), source.next()];
    return `${a},${b},${Math.hypot(a - 0.5, b - 0.5) < 0.35 ? "yes" : "no"}`;
  });
  writeFileSync(join(folder, "points.csv"), ["a,b,inside", ...rows].join("\n"));
  writeFileSync(join(folder, "circle.mlops"), SPEC);
  return folder;
}

const unfinished = (folder: string): string[] => {
  const kept = join(folder, ".mlops/unfinished");
  return existsSync(kept) ? readdirSync(kept) : [];
};

/** Kills the run as soon as a checkpoint is there. */
async function killed(folder: string): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, "cli/main.ts"), "run", join(folder, "circle.mlops")]);
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.on("close", (_, signal) => resolve(signal)),
  );
  const isThere = () =>
    unfinished(folder).some((key) =>
      existsSync(join(folder, ".mlops/unfinished", key, "checkpoint.safetensors")),
    );
  while (child.exitCode === null && !isThere()) await sleep(5);
  child.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
}

/** The model's files by name. */
function outputsOf(folder: string): Record<string, string> {
  const store = openStore(join(folder, ".mlops"));
  const rows = store.database
    .prepare(
      "SELECT name, digest FROM step_outputs JOIN steps USING (key) WHERE declaration = 'model.circle' ORDER BY name",
    )
    .all();
  store.close();
  return Object.fromEntries(rows.map(({ name, digest }) => [String(name), String(digest)]));
}

it("a training killed with SIGKILL goes on, to the same bytes", async () => {
  const [disturbed, undisturbed] = [project(), project()];
  await killed(disturbed);
  const again = await mlops(["run", join(disturbed, "circle.mlops")]);
  expect([again.status, again.err.match(/goes on from step (\d+) of 1250/)?.[1]]).toEqual([
    0,
    expect.any(String),
  ]);
  expect(unfinished(disturbed)).toEqual([]);
  expect((await mlops(["run", join(undisturbed, "circle.mlops")])).status).toBe(0);
  const outputs = outputsOf(undisturbed);
  expect(Object.keys(outputs)).toEqual([
    "fast.bin",
    "history.json",
    "importance.json",
    "model.onnx",
    "plots/loss.svg",
    "signature.json",
  ]);
  expect(outputsOf(disturbed)).toEqual(outputs);
});

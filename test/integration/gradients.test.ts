/** Tensor graphs beside PyTorch: the gradient of every operation, and the first losses of a small GPT on every engine. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { gptParameters, gptValues } from "../../bench/gpt.ts";
import { openGraph } from "../../runtime/engine/graph-engine.ts";
import { sizeOf } from "../../runtime/graph/graph.ts";
import { CASES, feedsOf, graphOf, lossWeights } from "../tensor/cases.ts";
import { batches, lossesOn, RATE, ROWS, SIZE, STEPS } from "./small-gpt.ts";
import { ensureTensorflow } from "./tensorflow.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const python = process.env["MLOPS_PYTHON"];

/** Numbers of a tensor of this process' engines, and PyTorch's. */
function expectClose(
  got: ArrayLike<number>,
  wanted: readonly number[],
  tolerance: number,
  what: string,
): void {
  expect(got.length, what).toBe(wanted.length);
  const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (let at = 0; at < wanted.length; at++) {
    expect(Math.abs(got[at]! - wanted[at]!) / scale, `${what}[${at}]`).toBeLessThan(tolerance);
  }
}

function ask<T>(script: string, args: readonly string[], input: string): T {
  const done = spawnSync(python!, [script, ...args], { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(`[${done.stdout.trim().split("\n").join(",")}]`)[0] as T;
}

describe.skipIf(python === undefined)("gradients are PyTorch's to 1e-5", async () => {
  const answers =
    python === undefined
      ? {}
      : ask<Record<string, { loss: number; gradients: Record<string, number[]> }>>(
          join(root, "test/integration/gradients.py"),
          [],
          JSON.stringify(
            CASES.map((example) => ({
              name: example.name,
              inputs: Object.fromEntries(
                Object.entries(feedsOf(example)).map(([name, { type, shape, data }]) => [
                  name,
                  { type, shape, data: [...data] },
                ]),
              ),
              weights: [
                ...lossWeights(sizeOf(graphOf(example).values[graphOf(example).outputs.get("y")!]!.shape)),
              ],
            })),
          ),
        );

  it.each(CASES.map((example) => [example.name, example] as const))("%s", async (name, example) => {
    const wanted = answers[name]!;
    const executable = await openGraph("onnx", graphOf(example), { threads: 2 });
    const got = await executable.run(feedsOf(example));
    await executable.release();
    expectClose(got["loss"]!.data, [wanted.loss], 1e-5, "loss");
    for (const [input, gradient] of Object.entries(wanted.gradients)) {
      expectClose(got[`d ${input}`]!.data, gradient, 1e-5, input);
    }
  });
});

function lossesInPyTorch(): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), "mlops-gpt-"));
  try {
    const parameters = gptParameters(SIZE);
    const values = [...gptValues(parameters, 1).values()].map(({ data }) => new Uint8Array(data.buffer));
    const ids = batches.flatMap((batch) => [batch["ids"]!.data, batch["targets"]!.data]);
    const spec = { size: SIZE, rows: ROWS, parameters, rate: RATE, decay: 0.1, clip: 1 };
    writeFileSync(join(folder, "size.json"), JSON.stringify(spec));
    writeFileSync(join(folder, "parameters.bin"), Buffer.concat(values));
    writeFileSync(join(folder, "batches.bin"), Buffer.concat(ids.map((data) => new Uint8Array(data.buffer))));
    return ask<{ losses: number[] }>(join(root, "bench/gpt.py"), [folder, "2"], `${STEPS}\n`).losses;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(python === undefined)(
  "the first 20 losses of a small GPT are PyTorch's to 1e-4",
  async () => {
    const wanted = python === undefined ? [] : lossesInPyTorch();

    it.each(["onnx", "wasm"] as const)("%s", async (engine) => {
      const losses = await lossesOn(engine);
      expect(losses[STEPS - 1]).toBeLessThan(losses[0]! - 0.05);
      losses.forEach((loss, at) => {
        expect(Math.abs(loss - wanted[at]!), `step ${at}`).toBeLessThan(1e-4);
      });
    });

    it("tensorflow, with every operation too", (context) => {
      const modules = ensureTensorflow(root, python!);
      if (typeof modules !== "string") context.skip(`tensorflow cannot be had here: ${modules.unavailable}`);
      // Node looks at NODE_PATH once, when it starts; and the suite of engines takes whichever work.
      const done = spawnSync(process.execPath, [join(root, "test/integration/tensorflow-run.ts")], {
        encoding: "utf8",
        env: { ...process.env, NODE_PATH: String(modules) },
        maxBuffer: 2 ** 28,
      });
      expect(done.stdout, done.stderr).toMatch(/^\{/m);
      const found = JSON.parse(done.stdout.split("\n").find((line) => line.startsWith("{"))!) as {
        losses: number[];
        worst: Record<string, number>;
      };
      found.losses.forEach((loss, at) => {
        expect(Math.abs(loss - wanted[at]!), `step ${at}`).toBeLessThan(1e-4);
      });
      expect(Object.keys(found.worst)).toHaveLength(CASES.length);
      for (const [name, apart] of Object.entries(found.worst)) expect(apart, name).toBeLessThan(3e-6);
    });
  },
);

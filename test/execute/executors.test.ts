/** Executors are found by their kinds' names, from the sources and from a bundle alike. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import type { Declaration } from "../../language/ir/program.ts";
import { executorsOf } from "../../runtime/execute/executors.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const programOf = (...kinds: readonly string[]) => ({
  declarations: kinds.map((kind) => ({ kind }) as Declaration),
});

describe("executorsOf", () => {
  it("finds the kinds of a program, each under its name, and no other", async () => {
    const found = await executorsOf(programOf("dataset", "gate", "dataset"));
    expect([...found.keys()].sort()).toEqual(["dataset", "gate"]);
    for (const [kind, step] of found) expect(step.kind).toBe(kind);
  });

  it("leaves out what this edition does not carry out", async () => {
    expect((await executorsOf(programOf("monitor", "../steps/gate", "model"))).size).toBe(1);
  });

  it("finds them in a bundle too", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mlops-executors-"));
    try {
      await build({
        absWorkingDir: root,
        entryPoints: [join(root, "runtime/execute/executors.ts")],
        outdir: folder,
        outExtension: { ".js": ".mjs" },
        bundle: true,
        splitting: true,
        format: "esm",
        platform: "node",
        packages: "external",
        logLevel: "warning",
      });
      writeFileSync(join(folder, "package.json"), '{"type":"module"}');
      const bundled = (await import(pathToFileURL(join(folder, "executors.mjs")).href)) as {
        readonly executorsOf: typeof executorsOf;
      };
      const found = await bundled.executorsOf(programOf("dataset", "evaluation", "monitor"));
      expect([...found.keys()].sort()).toEqual(["dataset", "evaluation"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("carries out every kind whose declarations do something when a spec runs", async () => {
    // Those with a role (tests, environments) are no steps.
    const kinds = Object.values(vocabulary.kinds)
      .filter(({ role }) => role === undefined)
      .map(({ name }) => name);
    const found = await executorsOf(programOf(...kinds));
    expect(kinds.filter((kind) => !found.has(kind))).toEqual([]);
  });
});

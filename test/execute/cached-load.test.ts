import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadPrepared } from "../../cli/cached-load.ts";
import type { Invocation } from "../../cli/command.ts";

let folder: string;
let said: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mlops-cached-"));
  said = "";
  cache = join(folder, ".mlops/checked/a.mlops.json");
  write(4);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (depth: number | string) =>
  writeFileSync(
    join(folder, "a.mlops"),
    `mlops 1

param levels: int = 3

dataset points: csv {
  path = "points.csv"
  schema {
    x: float
    y: category label
  }
  split(seed = 1) { train = 70%, test = 30% }
}

model scorer: decision_tree {
  data = points.train
  depth = ${depth}
}
`,
  );

function load(code: string | null = "this build", set: readonly string[] = []) {
  const add = (text: string) => {
    said += text;
  };
  const invocation: Invocation = {
    terminal: { out: add, err: add, color: false, interactive: false, width: 80 },
    cwd: folder,
    json: false,
    signal: new AbortController().signal,
    load: async () => null,
  };
  return loadPrepared(invocation, "a.mlops", { set, environment: null }, code);
}

const depthOf = async (loading: ReturnType<typeof load>) =>
  (await loading)?.program.declarations.find(({ name }) => name === "scorer")?.props["depth"];

/** Makes it visible whether the cache was read. */
const mark = () => writeFileSync(cache, readFileSync(cache, "utf8").replaceAll('"depth":4', '"depth":44'));

describe("loadPrepared", () => {
  it("gives the same the second time, findings included", async () => {
    const first = await load();
    const warnings = said;
    said = "";
    expect(await load()).toEqual(first);
    expect(warnings).toContain("warning[");
    expect(said).toBe(warnings);
    expect(first?.templates.get("model.scorer")?.[1]).toBe("dataset.points");
    mark();
    expect(await depthOf(load())).toBe(44);
  });

  it("checks again what was edited, asked otherwise, or kept by another build", async () => {
    await load();
    mark();
    expect(await depthOf(load("another build"))).toBe(4);
    mark();
    expect(await depthOf(load("this build", ["levels=5"]))).toBe(4);
    mark();
    write(6);
    expect(await depthOf(load("this build", ["levels=5"]))).toBe(6);
  });

  it("keeps nothing of a spec with errors, and nothing without a build", async () => {
    write('"deep"');
    expect(await load()).toBeNull();
    expect(said).toContain("error[");
    write(4);
    expect(await depthOf(load(null))).toBe(4);
    expect(readdirSync(folder)).toEqual(["a.mlops"]);
  });

  it("is not led astray by a broken cache", async () => {
    await load();
    writeFileSync(cache, "{");
    expect(await depthOf(load())).toBe(4);
  });
});

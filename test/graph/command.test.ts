/** `mlops graph` as text, Mermaid and SVG, whole and around one declaration. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import type { Settings } from "../../cli/command.ts";
import { command as graph } from "../../cli/commands/graph.ts";
import { loadSpec } from "../../cli/load.ts";
import { graphMermaid, mermaidId } from "../../language/graph/mermaid.ts";
import { graphSvg } from "../../language/graph/svg.ts";
import type { ViewNode } from "../../language/graph/view.ts";
import { PIPELINE } from "../check/spec.ts";
import { ROOT } from "../samples/mlops.ts";

const cwd = mkdtempSync(join(tmpdir(), "mlops-graph-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
writeFileSync(join(cwd, "loan.mlops"), PIPELINE);

async function run(args: readonly string[], { json = false, folder = cwd } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    color: false,
    interactive: false,
    width: 100,
  };
  const program = new Command().exitOverride();
  graph.define(program);
  program.parse([...args], { from: "user" });
  const load = async (spec: string, settings?: Settings) =>
    loadSpec({ terminal, json, cwd: folder }, spec, settings);
  const invocation = { terminal, cwd: folder, json, signal: new AbortController().signal, load };
  const code = await graph.run(invocation, program.args, program.opts());
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const node = (name: string, more: Partial<ViewNode> = {}): ViewNode => ({
  id: `model.${name}`,
  name,
  kind: "model",
  variant: null,
  doc: null,
  external: null,
  stateful: false,
  group: null,
  ...more,
});

describe("mlops graph", () => {
  it("prints lines where nothing else is asked", async () => {
    const { out } = await run(["loan.mlops"]);
    expect(out).toContain("scorer         model: gradient_boosted_trees  ← applicant");
  });

  it.each([
    ["loan.svg", /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /],
    ["loan.mmd", /^flowchart LR\n/],
    ["loan.txt", /^loans {2}/m],
  ])("writes %s in the format of its ending", async (file, beginning) => {
    expect((await run(["loan.mlops", "--output", file])).code).toBe(0);
    expect(readFileSync(join(cwd, file), "utf8")).toMatch(beginning);
  });

  it("shows only what is around one declaration", async () => {
    const { out } = await run(["loan.mlops", "--focus", "scored"], { json: true });
    const names = (JSON.parse(out).nodes as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(["loans", "applicant", "scorer", "scored", "ready", "loan_approval", "api"]);
    writeFileSync(
      join(cwd, "two.mlops"),
      `${PIPELINE}\nmodel other: decision_tree {\n  data = applicant.train\n}\n`,
    );
    const around = await run(["two.mlops", "--focus", "model.other"], { json: true });
    expect(JSON.parse(around.out)).toMatchObject({
      nodes: [{ name: "loans" }, { name: "applicant" }, { name: "other" }],
      edges: [{ from: "dataset.loans" }, { from: "features.applicant" }],
    });
  });

  it.each([
    [["--format", "png"], "ML8011", "one of text, mermaid, svg"],
    [["--output", "loan.png"], "ML8011", ".svg"],
    [["--focus", "scord"], "ML8012", "did you mean `scored`?"],
  ])("%j is refused with %s", async (args, code, words) => {
    const refused = await run(["loan.mlops", ...args]);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining(`error[${code}]`)]);
    expect(refused.err).toContain(words);
  });

  it("says when the file cannot be written", async () => {
    const { code, err } = await run(["loan.mlops", "--output", "none/loan.svg"]);
    expect([code, err]).toEqual([3, expect.stringContaining("error[ML8005]")]);
  });

  it("draws the picture of the docs; scripts/graph-picture.ts draws it anew", async () => {
    const { out } = await run(["samples/music-store/music-store.mlops", "--format", "svg"], { folder: ROOT });
    expect(out).toBe(readFileSync(join(ROOT, "docs/images/graph.svg"), "utf8"));
  });
});

describe("a picture", () => {
  it("holds names, kinds, documentation and names outside as text, whatever is in them", () => {
    const odd = node('a<b>&"c"', { doc: "One\u0001\n<two>", external: "x", stateful: true });
    const svg = graphSvg({ nodes: [odd], edges: [] }, "spec & more");
    expect(svg).toContain("a&lt;b&gt;&amp;&quot;c&quot;");
    expect(svg).toContain("One�\n&lt;two&gt;");
    expect(svg).toContain('class="kind-model stateful"');
    expect(svg).toContain("<title>spec &amp; more</title>");
    expect(svg).toContain("prefers-color-scheme:dark");
  });

  it("of nothing is an empty page", () => {
    expect(graphSvg({ nodes: [], edges: [] }, "empty")).toContain('viewBox="0 0 48 24"');
  });
});

describe("a Mermaid flowchart", () => {
  it("puts instances of templates into boxes of their own", () => {
    const nodes = [node("rows"), node("tr.scorer", { group: "tr" }), node("us.scorer", { group: "us" })];
    const edges = nodes.slice(1).map(({ id }) => ({ from: "model.rows", to: id }));
    expect(graphMermaid({ nodes, edges })).toBe(`flowchart LR
  model__rows["rows<br/>model"]
  subgraph group_tr["tr"]
    model__tr__scorer["scorer<br/>model"]
  end
  subgraph group_us["us"]
    model__us__scorer["scorer<br/>model"]
  end
  model__rows --> model__tr__scorer
  model__rows --> model__us__scorer`);
  });

  it("never gives two ids one name", () => {
    const ids = ["model.a b", "model.a_b", "model.größe", "model.a-b"];
    expect(new Set(ids.map(mermaidId)).size).toBe(ids.length);
    for (const id of ids) expect(mermaidId(id)).toMatch(/^[A-Za-z0-9_]+$/);
  });
});

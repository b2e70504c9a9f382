/** The commands check, fmt, explain and graph, as they answer on a terminal and in JSON. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import type { CommandModule, Settings } from "../../cli/command.ts";
import { command as check } from "../../cli/commands/check.ts";
import { command as explain } from "../../cli/commands/explain.ts";
import { command as fmt } from "../../cli/commands/fmt.ts";
import { command as graph } from "../../cli/commands/graph.ts";
import { loadSpec } from "../../cli/load.ts";
import { changed, PIPELINE } from "./spec.ts";

const cwd = mkdtempSync(join(tmpdir(), "mlops-commands-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  writeFileSync(join(cwd, name), text);
  return name;
};

async function run(module: CommandModule, args: readonly string[], json = false) {
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
  module.define(program);
  program.parse([...args], { from: "user" });
  const load = async (spec: string, settings?: Settings) => loadSpec({ terminal, json, cwd }, spec, settings);
  const code = await module.run(
    { terminal, cwd, json, signal: new AbortController().signal, load },
    program.args,
    program.opts(),
  );
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("mlops check", () => {
  it("has nothing to say on a right spec", async () => {
    expect(await run(check, [write("right.mlops", PIPELINE)])).toEqual({
      code: 0,
      out: "right.mlops: nothing wrong",
      err: "",
    });
  });

  it("shows what is wrong and ends with 1", async () => {
    const { code, out, err } = await run(check, [write("wrong.mlops", changed("depth = 4", "dpth = 4"))]);
    expect(code).toBe(1);
    expect(err).toContain("error[ML2005]");
    expect(err).toContain("wrong.mlops:39:3");
    expect(out).toContain("1 error");
  });

  it("ends with 0 on warnings", async () => {
    expect(
      (await run(check, [write("spare.mlops", PIPELINE.replace("trees = rounds", "trees = 200"))])).code,
    ).toBe(0);
  });

  it("--json has the documented shape and nothing else", async () => {
    const { out, err } = await run(check, [write("wrong.mlops", changed("depth = 4", "dpth = 4"))], true);
    const document = JSON.parse(out);
    expect(err).toBe("");
    expect(Object.keys(document)).toEqual(["diagnostics"]);
    expect(document.diagnostics[0]).toMatchObject({
      code: "ML2005",
      severity: "error",
      file: "wrong.mlops",
      range: { line: 39, column: 3, endLine: 39, endColumn: 7 },
      related: [],
      fixes: [{ edits: [{ text: "depth" }] }],
    });
  });

  it("--fix mends the file", async () => {
    const file = write("mend.mlops", changed("depth = 4", "dpth: 4"));
    const { code, out } = await run(check, [file, "--fix"]);
    expect(code).toBe(0);
    expect(out).toContain("Fixed 2 findings.");
    expect(readFileSync(join(cwd, file), "utf8")).toBe(PIPELINE);
  });

  it("--set gives parameters their values", async () => {
    expect((await run(check, ["right.mlops", "--set", "rounds=0"])).code).toBe(1);
    expect((await run(check, ["right.mlops", "--set", "rounds=5"])).code).toBe(0);
    expect((await run(check, ["right.mlops", "--set", "rounds"])).code).toBe(1);
  });

  it("says of a file that is not there that it cannot be read", async () => {
    const { code, err } = await run(check, ["gone.mlops"]);
    expect(code).toBe(1);
    expect(err).toContain("ML2048");
  });
});

describe("mlops fmt", () => {
  it("lays a file out, once", async () => {
    const file = write("untidy.mlops", 'dataset   d:csv{path="x.csv"}\n');
    expect((await run(fmt, ["--check", file])).code).toBe(1);
    expect(await run(fmt, [file])).toMatchObject({ code: 0, out: "untidy.mlops formatted" });
    expect(readFileSync(join(cwd, file), "utf8")).toBe('dataset d: csv {\n  path = "x.csv"\n}\n');
    expect(await run(fmt, ["--check", file])).toMatchObject({ code: 0, out: "1 unchanged" });
  });

  it("leaves a file with errors as it is", async () => {
    const file = write("half.mlops", "dataset d: csv {\n  path = \n");
    expect((await run(fmt, [file])).code).toBe(1);
    expect(readFileSync(join(cwd, file), "utf8")).toBe("dataset d: csv {\n  path = \n");
  });

  it("finds the specs of a folder", async () => {
    const { out } = await run(fmt, ["."], true);
    expect(JSON.parse(out).files.map((one: { file: string }) => one.file)).toContain("untidy.mlops");
  });
});

describe("mlops explain", () => {
  it("prints the page of a code, in any case of letters", async () => {
    const { code, out } = await run(explain, ["ml2005"]);
    expect(code).toBe(0);
    expect(out).toContain("ML2005: no such attribute");
    expect(out).toContain('    dataset loans: csv {\n      path = "loans.csv"');
    expect(out).not.toContain("```");
  });

  it("lists all codes, and says of a wrong one which is near", async () => {
    expect((await run(explain, [])).out).toContain("ML3011  error");
    expect((await run(explain, [])).out).toMatch(
      /^The text\n {2}ML1001 {2}error[\s\S]*\nServing and batches\n {2}ML7001/,
    );
    const { code, err } = await run(explain, ["ML80511"]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /did you mean one of these\?\nThe store and the machine\n {2}ML8011 [\s\S]*\n {2}ML8051 {2}error/,
    );
    expect((await run(explain, ["ml2099"])).err).toContain("did you mean one of these?");
    expect((await run(explain, ["intercept"])).err).toContain("`mlops explain` lists them");
    expect((await run(explain, ["slice"])).err).toContain("one of these?");
    expect((await run(explain, ["XX"])).err).toContain("`mlops explain` lists them");
  });
});

describe("mlops graph", () => {
  it("draws text, Mermaid and JSON", async () => {
    expect((await run(graph, ["right.mlops"])).out).toContain(
      "scored         evaluation                     ← scorer, applicant",
    );
    const { out } = await run(graph, ["right.mlops", "--format", "mermaid"]);
    expect(out).toContain('  model__scorer["scorer<br/>model: gradient_boosted_trees"]');
    expect(out).toContain("  features__applicant --> model__scorer");
    const { edges } = JSON.parse((await run(graph, ["right.mlops"], true)).out);
    expect(edges).toContainEqual({ from: "gate.ready", to: "release.loan_approval" });
    expect((await run(graph, ["right.mlops", "--format", "png"])).code).toBe(1);
  });
});

describe("more errors than are told", () => {
  const spec = write(
    "many.mlops",
    Array.from({ length: 207 }, (_, n) => `datset d${n} { path = "a" }`).join("\n"),
  );

  it("are counted, for people and for programs", async () => {
    const { err } = await run(check, [spec]);
    expect(err).toContain("… and 7 more errors: mend these first.");
    const { out } = await run(check, [spec], true);
    const { diagnostics, more } = JSON.parse(out) as { diagnostics: unknown[]; more: number };
    expect([diagnostics.length, more]).toEqual([200, 7]);
  });
});

describe("wrong usage", () => {
  const mlops = (...args: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, "../../cli/main.ts"), ...args], {
      encoding: "utf8",
    });

  it("is one JSON document with --json, and exit code 1", () => {
    const { status, stdout, stderr } = mlops("check", "--json");
    expect(status).toBe(1);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect([error.code, error.message]).toEqual([
      "usage.missingArgument",
      "missing required argument 'spec'",
    ]);
    expect(stderr).toContain("missing required argument");
    expect(JSON.parse(mlops("chekc", "--json").stdout)).toMatchObject({
      error: { code: "usage.unknownCommand" },
    });
    expect(mlops("check").stdout).toBe("");
  });
});

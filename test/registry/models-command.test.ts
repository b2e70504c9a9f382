import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Invocation } from "../../cli/command.ts";
import { command } from "../../cli/commands/models.ts";
import { openRegistry } from "../../runtime/registry/registry.ts";
import type { Digest } from "../../runtime/store/types.ts";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "mlops-models-"));
  mkdirSync(join(project, ".mlops"));
});
afterEach(() => rmSync(project, { recursive: true }));

/** What `mlops models …` prints, and its exit code. */
async function models(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const json = words.includes("--json");
  const terminal = {
    out: (text: string) => {
      out += `${text}\n`;
    },
    err: (text: string) => {
      err += `${text}\n`;
    },
    color: false,
    interactive: false,
    width: 100,
  };
  const invocation: Invocation = {
    terminal,
    cwd: project,
    json,
    signal: new AbortController().signal,
    load: async () => null,
  };
  const sub = new Command("models").option("--json");
  command.define(sub);
  sub.parse(words, { from: "user" });
  const code = await command.run(invocation, sub.args, sub.opts());
  return { code, out, err };
}

function released(): void {
  using registry = openRegistry(join(project, ".mlops"), () => new Date(Date.UTC(2026, 2, 1, 12)));
  for (const [content, f1] of [
    ["a", 0.8],
    ["b", 0.85],
  ] as const) {
    const files = { "model.onnx": `sha256:${content.repeat(64)}` as Digest };
    registry.release(
      { name: "loans", files, threshold: null, metrics: { "scored.f1": f1 }, by: "mlops run" },
      "champion",
    );
  }
}

describe("mlops models", () => {
  it("lists names, versions, aliases and metrics in columns", async () => {
    expect((await models()).out).toBe(
      "No model is registered yet. `mlops run` registers what a release declares.\n",
    );
    released();
    expect((await models()).out).toBe(
      [
        "NAME   VERSIONS  ALIASES       NEWEST (UTC)      METRICS",
        "loans         2  champion → 2  2026-03-01 12:00  scored.f1 0.8500",
        "",
      ].join("\n"),
    );
    const { models: list } = JSON.parse((await models("--json")).out) as {
      models: { name: string; aliases: object }[];
    };
    expect(list).toMatchObject([
      { name: "loans", aliases: { champion: 2 }, versions: [{ version: 1 }, { version: 2 }] },
    ]);
  });

  it("shows a name's versions, and one version by number or alias", async () => {
    released();
    expect((await models("show", "loans")).out).toContain(
      "      1            2026-03-01 12:00  mlops run  scored.f1 0.8000",
    );
    for (const at of ["loans@2", "loans@champion"]) {
      const { out } = await models("show", at);
      expect(out).toContain("loans@2");
      expect(out).toContain(`model.onnx  sha256:${"b".repeat(64)}`);
    }
    const { code, err } = await models("show", "loans@7");
    expect(code).toBe(1);
    expect(err).toContain(
      "error[ML6031]: Name a version of loans that exists: 7 is not among 1, 2, champion",
    );
  });

  it("promotes, rolls back, and remembers", async () => {
    released();
    expect((await models("promote", "loans", "1")).out).toBe(
      "champion of loans now points at version 1, before that at version 2\n",
    );
    expect((await models("promote", "loans", "1")).out).toBe(
      "champion of loans already points at version 1\n",
    );
    expect((await models("rollback", "loans")).out).toBe(
      "champion of loans rolled back to version 2, before that at version 1\n",
    );
    expect((await models("rollback", "loans")).out).toContain("rolled back to version 1");
    const { code, err } = await models("rollback", "loans");
    expect(code).toBe(1);
    expect(err).toContain(
      "error[ML6032]: Nothing to roll back: the alias champion of loans has held no version before 1",
    );
    const { entries } = JSON.parse((await models("history", "loans", "--json")).out) as {
      entries: { action: string }[];
    };
    expect(entries.map((entry) => entry.action)).toEqual([
      "register",
      "release",
      "register",
      "release",
      "promote",
      "rollback",
      "rollback",
    ]);
    expect((await models("history", "loans")).out).toContain(
      "rolled back to loans@2 as champion instead of 1",
    );
  });

  it("moves another alias", async () => {
    released();
    await models("promote", "loans", "1", "--alias", "candidate");
    expect((await models()).out).toContain("candidate → 1, champion → 2");
  });

  it("refuses unknown names, versions and actions", async () => {
    released();
    expect((await models("show", "laons")).err).toContain("ML6030");
    expect((await models("promote", "loans", "two")).err).toContain("a version's number, not `two`");
    expect((await models("demote", "loans")).err).toContain("ML8011");
    expect((await models("rollback")).code).toBe(1);
  });
});

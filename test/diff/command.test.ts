/** `mlops diff` in a real repository, and between files. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command as diff } from "../../cli/commands/diff.ts";
import { changed, PIPELINE } from "../check/spec.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "mlops-diff-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function git(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("git", args, {
    cwd: root,
    encoding: "utf8",
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: "test",
      GIT_AUTHOR_EMAIL: "test@example.com",
      GIT_COMMITTER_NAME: "test",
      GIT_COMMITTER_EMAIL: "test@example.com",
    },
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
}

const write = (name: string, text: string) => writeFileSync(join(root, name), text);

async function run(args: readonly string[], { json = false, cwd = root } = {}) {
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
  diff.define(program);
  program.parse([...args], { from: "user" });
  const invocation = { terminal, cwd, json, signal: new AbortController().signal, load: async () => null };
  const code = await diff.run(invocation, program.args, program.opts());
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const first = (text: string) => text.split("\n").slice(0, 2).join("\n");

beforeAll(() => {
  git("init", "--quiet", "--initial-branch=main");
  write("loan.mlops", PIPELINE);
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
  git("tag", "v1");
  write("loan.mlops", changed("depth = 4", "depth = 5"));
  git("commit", "--quiet", "-a", "-m", "deeper");
  git("checkout", "--quiet", "-b", "work", "v1");
  write("loan.mlops", changed("depth = 4", "depth = 6"));
  git("commit", "--quiet", "-a", "-m", "deeper still");
  mkdirSync(join(root, "below"));
});

describe("mlops diff", () => {
  it("compares HEAD with the working tree", async () => {
    expect(first((await run([])).out)).toBe(
      "loan.mlops  HEAD → the working tree\nThe two are the same, byte by byte.",
    );
    write("loan.mlops", changed("depth = 4", "depth = 7"));
    const { code, out } = await run([]);
    expect(code).toBe(0);
    expect(out).toContain("    depth  6 → 7");
    git("checkout", "--quiet", "loan.mlops");
  });

  it.each([
    [["main"], "5 → 6", "main → the working tree"],
    [["main", "loan.mlops"], "5 → 6", "main → the working tree"],
    [["main", "--", "loan.mlops"], "5 → 6", "main → the working tree"],
    [["main", "--spec", "loan.mlops"], "5 → 6", "main → the working tree"],
    [["main~1", "main"], "4 → 5", "main~1 → main"],
    [["v1", "main", "loan.mlops"], "4 → 5", "v1 → main"],
    [["v1..main"], "4 → 5", "v1 → main"],
    [["main...work"], "4 → 6", "main (where they parted) → work"],
    [["main..."], "4 → 6", "main (where they parted) → HEAD"],
    [["main:loan.mlops"], "5 → 6", "main → the working tree"],
    [["v1:loan.mlops", "main:loan.mlops"], "4 → 5", "v1 → main"],
    [["v1:loan.mlops", "loan.mlops"], "4 → 6", "v1 → loan.mlops"],
  ])("%j", async (args, change, sides) => {
    const { code, out, err } = await run(args);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain(`loan.mlops  ${sides}`);
    expect(out).toContain(`    depth  ${change}`);
  });

  it("works from a folder below, and from outside", async () => {
    const below = await run(["main", "../loan.mlops"], { cwd: join(root, "below") });
    expect(below.out).toContain("    depth  5 → 6");
    const outside = await run(["main", join(root, "loan.mlops")], { cwd: tmpdir() });
    expect(outside.out).toContain("    depth  5 → 6");
  });

  it("tells a rename, and that layout and comments mean nothing", async () => {
    write("loan.mlops", changed("depth = 4", "depth = 6").replace(/\bscorer\b/g, "judge"));
    const { out } = await run(["--exit-code"]);
    expect(out).toContain("No change in meaning: 1 renamed. Nothing runs again.");
    expect(out).toContain("→ model judge (was scorer): the same meaning");
    write("loan.mlops", `// A comment.\n${changed("depth = 4", "depth   =   6")}`);
    expect(first((await run(["--exit-code"])).out)).toBe(
      "loan.mlops  HEAD → the working tree\nNo change in meaning: what differs is layout, order, comments, documentation or owners. Nothing runs again.",
    );
    expect((await run(["--exit-code"])).code).toBe(0);
    git("checkout", "--quiet", "loan.mlops");
  });

  it("ends with 2 where asked to and the meaning differs", async () => {
    expect((await run(["main", "--exit-code"])).code).toBe(2);
    expect((await run(["HEAD", "--exit-code"])).code).toBe(0);
  });

  it("compares two files without Git", async () => {
    const place = realpathSync(mkdtempSync(join(tmpdir(), "mlops-diff-files-")));
    writeFileSync(join(place, "old.mlops"), PIPELINE);
    writeFileSync(join(place, "new.mlops"), changed("depth = 4", "depth = 5"));
    const { code, out } = await run(["old.mlops", "new.mlops"], { cwd: place });
    expect([code, first(out).split("\n")[0]]).toEqual([0, "new.mlops  old.mlops → new.mlops"]);
    const alone = await run(["main"], { cwd: place });
    expect([alone.code, alone.err]).toEqual([1, expect.stringContaining("error[ML8040]")]);
    rmSync(place, { recursive: true });
  });

  it("answers in JSON", async () => {
    const { out } = await run(["v1", "main"], { json: true });
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({
      diff: 1,
      spec: "loan.mlops",
      before: { name: "v1", commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
      same: false,
      declarations: [
        { status: "changed", id: "model.scorer", changes: [{ path: "depth", before: "4", after: "5" }] },
      ],
      runs_again: [
        { id: "model.scorer", own: true, action: "unknown" },
        { id: "evaluation.scored", own: false, because: ["model.scorer"] },
        { id: "gate.ready" },
        { id: "release.loan_approval" },
        { id: "deployment.api" },
      ],
      notes: [],
    });
  });

  it.each([
    [["nothing"], "ML8041", "`nothing`"],
    [["mian"], "ML8041", "did you mean `main`?"],
    [["main", "lone.mlops"], "ML8042", "did you mean loan.mlops?"],
    [["--", "-x"], "ML8041", "`-x`"],
    [["a", "b", "c"], "ML8046", "`c`"],
    [["main", "v1:loan.mlops"], "ML8046", "`main`"],
    [["nothing:loan.mlops", "loan.mlops"], "ML8041", "`nothing`"],
    [["HEAD", "--spec", "absent.mlops"], "ML8042", "absent.mlops"],
    [["main", "--set", "depth"], "ML8011", "name=value"],
  ])("%j is refused with %s", async (args, code, words) => {
    const refused = await run(args);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(`error[${code}]`);
    expect(refused.err).toContain(words);
    const json = JSON.parse((await run(args, { json: true })).out);
    expect(json.diagnostics.at(-1)).toMatchObject({ code, severity: "error" });
  });

  it("shows what is wrong with a side, and which side it is", async () => {
    write("loan.mlops", changed("depth = 4", "dpth = 4"));
    git("commit", "--quiet", "-a", "-m", "broken");
    write("loan.mlops", PIPELINE);
    const { code, err } = await run(["HEAD"]);
    expect(code).toBe(1);
    expect(err).toContain("HEAD:loan.mlops:39:3");
    expect(err).toContain("39 |   dpth = 4");
    expect(err).toContain(
      "error[ML8044]: Mend loan.mlops in HEAD, or compare with another revision: it has 1 error",
    );
    const json = JSON.parse((await run(["HEAD"], { json: true })).out);
    expect(json.diagnostics.map((one: { code: string }) => one.code)).toEqual(["ML2005", "ML8044"]);
    git("reset", "--quiet", "--hard", "HEAD~1");
  });

  it("asks for the spec where it cannot be told", async () => {
    write("other.mlops", PIPELINE);
    git("add", ".");
    git("commit", "--quiet", "-m", "another");
    const two = await run([]);
    expect([two.code, two.err]).toEqual([1, expect.stringContaining("loan.mlops, other.mlops are here")]);
    write("other.mlops", changed("depth = 4", "depth = 9"));
    expect((await run([])).out).toContain("other.mlops  HEAD");
  });

  it("reads what a spec imports from the same revision; a declaration that moved to another file is no change", async () => {
    git("rm", "--quiet", "-r", "-f", "loan.mlops", "other.mlops");
    const gate = (least: string) => `gate strict(judged: evaluation) {\n  require judged.f1 >= ${least}\n}\n`;
    const start = PIPELINE.indexOf("gate ready {");
    const ungated = PIPELINE.slice(0, start) + PIPELINE.slice(PIPELINE.indexOf("release loan_approval"));
    const inOne = `${changed("gate = ready", "gate = checked", ungated)}\ngate checked = strict(judged = scored)\n`;
    write("loan.mlops", inOne.replace("mlops 1\n", `mlops 1\n\n${gate("80%")}`));
    git("add", ".");
    git("commit", "--quiet", "-m", "one file");
    mkdirSync(join(root, "shared"));
    write("shared/gates.mlops", `mlops 1\n\n${gate("80%")}`);
    write("loan.mlops", inOne.replace("mlops 1\n", 'mlops 1\n\nimport "./shared/gates.mlops" { strict }\n'));
    git("add", ".");
    const moved = await run(["--exit-code"]);
    expect([moved.code, moved.err, first(moved.out)]).toEqual([
      0,
      "",
      expect.stringContaining("No change in meaning"),
    ]);
    git("commit", "--quiet", "-m", "two files");
    write("shared/gates.mlops", `mlops 1\n\n${gate("70%")}`);
    const { out } = await run([]);
    expect(first(out)).toContain("loan.mlops  HEAD → the working tree");
    expect(out).toContain("    require  scored.f1 >= 0.8 → scored.f1 >= 0.7  looser");
  });

  it("tells instances of a template together that changed in the same way", async () => {
    const place = realpathSync(mkdtempSync(join(tmpdir(), "mlops-diff-template-")));
    const spec = (depth: number) =>
      `${PIPELINE}\ntemplate tree {\n  param seed: int = 1\n  model leaf: decision_tree {\n    data = applicant.train\n    depth = ${depth}\n    seed = seed\n  }\n  evaluation seen {\n    model = leaf\n    data = applicant.test\n    metrics = [f1]\n  }\n}\ntree north { seed = 2 }\ntree south { seed = 3 }\n`;
    writeFileSync(join(place, "old.mlops"), spec(4));
    writeFileSync(join(place, "new.mlops"), spec(5));
    const { out, err } = await run(["old.mlops", "new.mlops"], { cwd: place });
    expect(err).toBe("");
    expect(out).toMatch(/~ model north\.leaf, south\.leaf {2}new\.mlops:\d+\n {4}depth {2}4 → 5\n\n/);
    expect((await run(["old.mlops", "new.mlops", "--markdown"], { cwd: place })).out).toContain(
      "**model north.leaf, south.leaf** changed",
    );
    rmSync(place, { recursive: true });
  });
});

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { collides, jsonLines, writeVersion } from "../../../runtime/learn/language/jsonl.ts";
import { pairOf } from "../../../runtime/learn/language/pairs.ts";
import { textRows } from "../../../runtime/learn/language/rows.ts";
import { column, Project } from "../../data/support.ts";
import { letters } from "./letters.ts";

const project = new Project();
project.write(
  "qa.jsonl",
  `${[
    { instruction: 'say "hi"\n', output: "hi", stars: 1.5, on: "2026-03-01" },
    { instruction: "é", output: "", stars: null, on: null },
  ]
    .map((row) => JSON.stringify(row))
    .join("\n")}\n`,
);
const schema = [
  column("instruction", "text"),
  column("output", "text", { nullable: true }),
  column("stars", "float", { nullable: true }),
  column("on", "date", { nullable: true }),
];
const ask = { template: "Q: {instruction}\nA:" };

const rows = async () => {
  await project.dataset("qa", "jsonl", { path: "qa.jsonl", schema });
  return textRows(project.context(project.declarations[0]!), { ref: "dataset.qa" });
};

describe("rows as texts", () => {
  it("keep their order; what is missing is empty", async () => {
    expect(await rows()).toEqual([
      { row: 0, values: { instruction: 'say "hi"\n', output: "hi", stars: "1.5", on: "2026-03-01" } },
      { row: 1, values: { instruction: "é", output: "", stars: "", on: "" } },
    ]);
  });
});

describe("instruction data as JSON Lines", () => {
  it("keep the source's columns, and are read back to the same texts", async () => {
    const text = jsonLines(await rows(), ask, "output");
    project.write("out.jsonl", text);
    await project.dataset("again", "jsonl", {
      path: "out.jsonl",
      schema: [
        ...schema.slice(0, 2),
        column("prompt", "text"),
        column("completion", "text", { nullable: true }),
      ],
    });
    const again = await textRows(project.context(project.declarations[0]!), { ref: "dataset.again" });
    expect(again.map(({ values }) => values)).toEqual([
      { instruction: 'say "hi"\n', output: "hi", prompt: 'Q: say "hi"\n\nA:', completion: "hi" },
      { instruction: "é", output: "", prompt: "Q: é\nA:", completion: "" },
    ]);
    expect(collides(["a", "prompt"])).toBe("prompt");
    expect(() => jsonLines([{ row: 0, values: { prompt: "x" } }], { template: "" }, null)).toThrow(
      "a column prompt",
    );
  });

  it("are a new version when their bytes differ, with their hash beside them", () => {
    const pattern = join(project.folder, "data/qa-{version}.jsonl");
    expect(writeVersion(pattern, "one\n")).toMatchObject({ version: 1, made: true });
    expect(writeVersion(pattern, "one\n")).toMatchObject({ version: 1, made: false });
    for (let i = 2; i <= 11; i++) writeVersion(pattern, `${i}\n`);
    const last = writeVersion(pattern, "twelve\n");
    expect(last).toMatchObject({ version: 12, made: true, file: join(project.folder, "data/qa-12.jsonl") });
    expect(readFileSync(join(project.folder, "data/qa-1.jsonl"), "utf8")).toBe("one\n");
    const hash = createHash("sha256").update("twelve\n").digest("hex");
    expect(last.digest).toBe(`sha256:${hash}`);
    expect(readFileSync(`${last.file}.sha256`, "utf8")).toBe(`${hash}  qa-12.jsonl\n`);
  });
});

describe("a preference", () => {
  it("is one prompt with two completions", () => {
    const abc = letters("abcd", ["<|endoftext|>"]);
    const values = { x: "a", good: "b", bad: "cd" };
    const pair = pairOf(abc, { template: "{x}" }, { row: 0, values }, { chosen: "good", rejected: "bad" }, 4);
    expect(pair.chosen).toEqual({ ids: Int32Array.from([0, 1, 4]), start: 1 });
    expect(pair.rejected).toEqual({ ids: Int32Array.from([0, 2, 3, 4]), start: 1 });
  });
});

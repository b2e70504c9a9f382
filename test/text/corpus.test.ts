/** The texts of corpora. */
import { describe, expect, it } from "vitest";
import { type CorpusRef, documents } from "../../runtime/text/corpus.ts";
import { column, failureOf, Project } from "../data/support.ts";

async function all(texts: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const text of texts) found.push(text);
  return found;
}

async function textsOf(project: Project, ...corpora: CorpusRef[]): Promise<string[]> {
  const step = project.declare("tokenizer.pieces", "bpe", {});
  return await all(documents(project.context(step), corpora));
}

describe("documents", async () => {
  const project = new Project();
  const numbered = Array.from({ length: 5000 }, (_, i) => `line ${i}`);
  project.write("book.txt", `${numbered.join("\n")}\n`).write("short.txt", "one\r\n\ntwo");
  project.write("pairs.csv", "n,spoken,iso\n1,one,1\n2,,2\n3,a b,3\n");
  await project.dataset("book", "text", {
    path: "book.txt",
    split: { by: "position", parts: { train: 0.9, validation: 0.1 } },
  });
  await project.dataset("short", "text", { path: "short.txt", unit: "line" });
  await project.dataset("files", "text", { path: "*.txt", unit: "file" });
  await project.dataset("pairs", "csv", {
    path: "pairs.csv",
    header: true,
    schema: [column("n", "int"), column("spoken", "text", { nullable: true }), column("iso", "text")],
  });

  it("the lines of a text are one document, each with its end", async () => {
    expect(await textsOf(project, { ref: "dataset.short" })).toEqual(["one\n\ntwo\n"]);
    const [train, ...more] = await textsOf(project, { ref: "dataset.book", part: "train" });
    expect(more).toEqual([]);
    expect(train).toBe(`${numbered.slice(0, 4500).join("\n")}\n`);
  });

  it("a file that is one row, and a row of a table, is a document of its own", async () => {
    expect(await textsOf(project, { ref: "dataset.files" })).toEqual([
      `${numbered.join("\n")}\n`,
      "one\r\n\ntwo",
    ]);
    expect(await textsOf(project, { ref: "dataset.pairs", column: "iso" })).toEqual(["1", "2", "3"]);
  });

  it("missing values are left out, and corpora follow each other", async () => {
    expect(
      await textsOf(
        project,
        { ref: "dataset.pairs", column: "spoken" },
        { ref: "dataset.short" },
        { ref: "dataset.pairs", column: "iso" },
      ),
    ).toEqual(["one", "a b", "one\n\ntwo\n", "1", "2", "3"]);
  });

  it("a column that is not named where several could be meant, or holds no text, is an error", async () => {
    expect(await failureOf(textsOf(project, { ref: "dataset.pairs" }))).toMatchObject({
      code: "ML4204",
      values: { dataset: "`pairs`", problem: "`spoken`, `iso` could be meant", example: "pairs.spoken" },
      pointer: "/corpus/0",
    });
    expect(
      await failureOf(textsOf(project, { ref: "dataset.short" }, { ref: "dataset.pairs", column: "n" })),
    ).toMatchObject({ code: "ML4204", values: { problem: "`n` is int" }, pointer: "/corpus/1" });
  });

  it("whoever stops early leaves nothing running, and a signal ends it", async () => {
    const step = project.declare("tokenizer.pieces", "bpe", {});
    for await (const text of documents(project.context(step), [{ ref: "dataset.pairs", column: "iso" }])) {
      expect(text).toBe("1");
      break;
    }
    const controller = new AbortController();
    controller.abort(new Error("enough"));
    const context = { ...project.context(step), signal: controller.signal };
    await expect(all(documents(context, [{ ref: "dataset.book" }]))).rejects.toThrow("enough");
  });
});

/** `mlops export jsonl`, as a process of its own. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Project } from "../../data/support.ts";
import { mlops } from "../../samples/mlops.ts";

const project = new Project()
  .write("qa.jsonl", '{"question":"why?","answer":"because"}\n{"question":"who?","answer":"you"}\n')
  .write(
    "qa.mlops",
    `mlops 1

dataset qa: jsonl {
  path = "qa.jsonl"
  schema {
    question: text
    answer: text
  }
}

prompt ask {
  input { question: text }
  template = "Q: {question}\\nA: "
  output { answer: text }
}
`,
  );
const exported = (...more: string[]) => mlops(["export", "jsonl", "qa.mlops", ...more], project.folder);

describe("mlops export jsonl", () => {
  it("writes a version, and no second one of the same bytes", async () => {
    const args = [
      "qa",
      "--prompt",
      "ask",
      "--completion",
      "answer",
      "--to",
      "out/qa-{version}.jsonl",
      "--json",
    ];
    const first = await exported(...args);
    expect(first.err).not.toContain("error");
    expect(JSON.parse(first.out)).toMatchObject({
      file: join("out", "qa-1.jsonl"),
      version: 1,
      made: true,
      rows: 2,
    });
    expect(readFileSync(join(project.folder, "out/qa-1.jsonl"), "utf8").split("\n")[0]).toBe(
      JSON.stringify({ question: "why?", answer: "because", prompt: "Q: why?\nA: ", completion: "because" }),
    );
    expect(JSON.parse((await exported(...args)).out)).toMatchObject({ version: 1, made: false });
  });

  it("says what is missing", async () => {
    const [pattern, prompt, column] = await Promise.all([
      exported("qa", "--prompt", "ask", "--to", "out/qa.jsonl"),
      exported("qa", "--prompt", "aks", "--to", "out/a-{version}.jsonl"),
      exported("qa", "--prompt", "ask", "--completion", "anser", "--to", "out/a-{version}.jsonl"),
    ]);
    expect([pattern.status, prompt.status, column.status]).toEqual([1, 1, 1]);
    expect(pattern.err).toContain("error[ML8011]: Give --to a path with {version} once in its file name");
    expect(prompt.err).toContain("did you mean `ask`?");
    expect(column.err).toContain("did you mean answer?");
  });
});

/**
 * A small world: an answer repeats its question and ends with one of two marks, `!` or `?`, as often the one as the
 * other. Preferences like `!` better; a domain of its own repeats the question backwards.
 */
import { random } from "../../../runtime/learn/random.ts";
import { decoder, LanguageProject } from "./models.ts";

const LETTERS = "abcdefgh";

export interface Exchange {
  readonly question: string;
  readonly answer: string;
}

function exchanges(
  seed: number,
  rows: number,
  answer: (question: string, mark: string) => string,
): Exchange[] {
  const source = random(seed);
  return Array.from({ length: rows }, () => {
    const question = Array.from({ length: 2 + source.int(2) }, () => LETTERS[source.int(8)]).join("");
    return { question, answer: answer(question, source.int(2) === 0 ? "!" : "?") };
  });
}

const backwards = (text: string): string => [...text].reverse().join("");

/** A base that has read exchanges, and what is needed to go on from it: datasets `domain` and `preferences`. */
export async function marksProject(steps = 120): Promise<LanguageProject> {
  const project = new LanguageProject();
  const lines = (rows: readonly object[]) => `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;
  const read = exchanges(1, 400, (question, mark) => `${question}${mark}`);
  project.write("read.jsonl", lines(read.map(({ question, answer }) => ({ text: `${question}=${answer}` }))));
  project.write(
    "domain.jsonl",
    lines(exchanges(2, 200, (question, mark) => `${backwards(question)}${mark}`)),
  );
  const pairs = exchanges(3, 200, (question) => question).map(({ question }) => ({
    question,
    chosen: `${question}!`,
    rejected: `${question}?`,
  }));
  project.write("preferences.jsonl", lines(pairs));
  const split = { seed: 1, parts: { train: 0.75, validation: 0.25 } };
  await project.dataset("read", "jsonl", { path: "read.jsonl", split });
  await project.dataset("domain", "jsonl", { path: "domain.jsonl", split });
  await project.dataset("preferences", "jsonl", { path: "preferences.jsonl", split });
  await project.tokenizer("read.text");
  project.architecture(decoder(16, 32, 2));
  project.prompt("ask", "{question}=", ["question"], ["answer"]);
  await project.model("base", "pretrain", {
    architecture: { ref: "architecture.net" },
    tokenizer: { ref: "tokenizer.pieces" },
    data: { ref: "dataset.read", part: "train" },
    validate: { ref: "dataset.read", part: "validation" },
    column: "text",
    steps,
    optimizer: adamw(5e-3),
    seed: 1,
  });
  return project;
}

export const adamw = (lr: number) => ({
  call: "adamw",
  args: { lr, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weight_decay: 0.01 },
});
export const lora = { call: "lora", args: { rank: 4, alpha: 8, dropout: 0, targets: "all" } };

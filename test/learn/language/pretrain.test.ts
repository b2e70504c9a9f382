import { describe, expect, it } from "vitest";
import { loadLanguageModel } from "../../../runtime/learn/language/load.ts";
import { column } from "../../data/support.ts";
import { decoder, LanguageProject } from "./models.ts";

const project = new LanguageProject();
const LINE = "the cat sat on the mat and the dog sat on the log\n";
project.write("book.txt", LINE.repeat(60));

describe("pretraining a decoder", () => {
  it("learns a text, and says so", async () => {
    await project.dataset("book", "text", { path: "book.txt", schema: [column("text", "text")] });
    await project.tokenizer("book");
    project.architecture(decoder(16));
    const result = await project.model("writer", "pretrain", {
      architecture: { ref: "architecture.net" },
      tokenizer: { ref: "tokenizer.pieces" },
      data: { ref: "dataset.book" },
      validate: { ref: "dataset.book" },
      steps: 60,
      batch: 8,
      optimizer: {
        call: "adamw",
        args: { lr: 3e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weight_decay: 0.01 },
      },
      evaluate_every: 20,
      seed: 1,
    });
    console.log(result.summary, Object.keys(result.outputs));
    const model = await loadLanguageModel(project.store, result.outputs);
    expect(model.network.kind).toBe("decoder");
  });
});

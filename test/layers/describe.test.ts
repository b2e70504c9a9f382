import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { mlops } from "../samples/mlops.ts";

const folder = mkdtempSync(join(tmpdir(), "describe-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  join(folder, "gpt.mlops"),
  `mlops 1

architecture gpt(vocabulary: int, width: int) {
  embedding(vocabulary, width)
  positions(8)
  residual { attention(2, causal = true) }
  logits(tied = true)
}

dataset book: text {
  path = "book.txt"
}

tokenizer pieces: bpe {
  corpus = book
  vocabulary = 300
}

model base: pretrain {
  architecture = gpt(vocabulary = pieces.size, width = 16)
  tokenizer = pieces
  data = book
  batch = 4
}
`,
);

describe("mlops describe", () => {
  it("shows each layer, with what a tokenizer's size will be left open", async () => {
    const { status, out } = await mlops(["describe", "gpt.mlops", "base"], folder);
    expect(status).toBe(0);
    // 4 × 8 tokens × 4 bytes × (16 + 16 + 5 · 16 + 2 · 2 · 8 + 16 + 2 · 300) numbers.
    expect(out).toBe(`base.gpt: a decoder, 8 tokens

layer                  output                  parameters
embedding              time × 16           16·pieces.size
positions learned      time × 16                      128
residual               time × 16                    1,088
  attention 2, causal  time × 16                    1,088
logits tied            time × pieces.size

parameters  6,016 = 1,216 + 16·pieces.size
weights     24.1 KB
training    96.3 KB for weights, gradients and AdamW's moments, and about 97.3 KB for a batch of 4 × 8 tokens
`);
  });

  it("says the same to machines", async () => {
    const { out } = await mlops(["describe", "gpt.mlops", "--json", "--batch", "8"], folder);
    const said = JSON.parse(out) as {
      parameters: number;
      formula: string;
      layers: { pointer: string }[];
      memory: { batch: number };
    };
    expect(said).toMatchObject({
      kind: "decoder",
      context: 8,
      parameters: 6016,
      formula: "1,216 + 16·pieces.size",
      memory: { batch: 8 },
    });
    expect(said.layers.map(({ pointer }) => pointer)).toEqual([
      "/layers/0",
      "/layers/1",
      "/layers/2",
      "/layers/2/layers/0",
      "/layers/3",
    ]);
  });

  it("refuses a name that is none", async () => {
    const { status, err } = await mlops(["describe", "gpt.mlops", "bose"], folder);
    expect([status, err]).toEqual([1, expect.stringContaining("did you mean `base`?")]);
  });
});

/** Evaluations of language models that both `mlops check` and the runtime refuse. */
import type { RefusedSpec } from "./refused-specs.ts";

export const LANGUAGE_FILES: Readonly<Record<string, string>> = {
  "tiny.json": JSON.stringify(
    Array.from({ length: 20 }, (_, i) => ({ asked: `no ${i % 4}`, chosen: "yes", rejected: "never" })),
  ),
};

const spec = (metrics: string, more = ""): string => `dataset talk: json {
  path = "tiny.json"
  schema {
    asked: text
    chosen: text
    rejected: text
  }
  split(by = position) { train = 80%, test = 20% }
}

tokenizer letters: characters {
  corpus = [talk.train.asked, talk.train.chosen, talk.train.rejected]
}

architecture tiny {
  embedding(letters.size, 8)
  positions(16)
  residual { layer_norm(), attention(2, causal = true) }
  logits()
}

model writer: pretrain {
  architecture = tiny
  tokenizer = letters
  data = talk.train
  column = asked
  steps = 2
  batch = 2
}

prompt ask {
  input {
    asked: text
  }
  template = "{asked}"
  output {
    chosen: text
  }
}

model answerer: finetune {
  base = writer
  data = talk.train
  prompt = ask
  steps = 2
  batch = 2
}

evaluation judged {
  model = answerer
  data = talk.test
  metrics = [${metrics}]
${more}}
`;

export const REFUSED_LANGUAGE: readonly RefusedSpec[] = [
  { code: "ML6100", check: "ML6100", text: spec("loss", "  slices = [asked]\n") },
  { code: "ML6101", check: "ML6101", text: spec("loss, pair_accuracy") },
  {
    code: "ML6102",
    check: "ML6102",
    text: spec("exact_match").replace("model = answerer", "model = writer"),
  },
  {
    code: "ML6102",
    check: "ML6102",
    text: spec("pair_accuracy").replace("model = answerer", "model = writer"),
  },
  { code: "ML4204", check: "ML4204", text: spec("loss").replace("  column = asked\n", "") },
];

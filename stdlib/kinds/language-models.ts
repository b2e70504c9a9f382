// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
/** The variants of `model` that learn language. */
import * as z from "zod";
import type { Task, Variant } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import { training } from "./training.ts";

const data = (doc: string) => v.reference(["dataset"], doc, "split", "learn");
const validate = v
  .reference(
    ["dataset"],
    "The part on which the loss is watched while training; with `patience` it decides when to stop.",
    "split",
  )
  .optional();
const base = v.reference(["model"], "The model to begin with; it is left as it is.");
const prompt = v.reference(
  ["prompt"],
  "How an example's columns become the text that the model is given; serving must use the same.",
);
const adapter = v
  .call(
    {
      lora: v.form("Low-rank matrices beside the frozen ones (Hu et al. 2022).", {
        rank: v.int("Width of the added matrices.", { min: 1 }).default(8),
        alpha: v.number("They count alpha / rank times.", { min: 0 }).default(16),
        dropout: v.ratio("Share of their inputs dropped while training.").default(0),
        targets: v
          .choice(
            {
              attention: "Query, key, value and output of attention.",
              all: "Every dense matrix of the blocks.",
            },
            "Which matrices get one.",
          )
          .default("attention"),
      }),
    },
    "Train a small addition, not the model's own weights.",
  )
  .optional();
const freeze = v.int("Leave the embeddings and the first so many blocks as they are.", { min: 0 }).optional();
const chosen = v.column("data", "The column with the better answer.").default("chosen");
const rejected = v.column("data", "The column with the worse answer.").default("rejected");

const pretrain = z.object({
  architecture: v.reference(["architecture"], "The network: `gpt(vocabulary = pieces.size, …)`."),
  tokenizer: v.reference(["tokenizer"], "How text becomes ids."),
  data: data("The part to learn from."),
  validate,
  column: v
    .column(
      "data",
      "The column to learn, of a dataset that is no `text`; its one text column when not given.",
    )
    .optional(),
  encode: v.column("data", "Encoder-decoder: the column that is read.").optional(),
  decode: v.column("data", "Encoder-decoder: the column that is written.").optional(),
  buckets: v
    .list(
      v.int("A length in tokens.", { min: 1 }),
      "Lengths to which examples are padded; chosen from the data when not given.",
    )
    .optional(),
  ...training(1000, 1e-3),
});

const finetune = z.object({
  base,
  data: data("The examples to learn."),
  validate,
  prompt,
  completion: v
    .column("data", "The column with the answer; the prompt's one output when not given.")
    .optional(),
  adapter,
  freeze,
  ...training(300, 3e-4),
});

const pairs = { base, data: data("Pairs of answers."), validate, prompt, chosen, rejected, adapter };

const reward = z.object({ ...pairs, freeze, ...training(200, 3e-4) });
const dpo = z.object({
  ...pairs,
  beta: v.number("How strongly the model is held to its base.", { min: 0 }).default(0.1),
  ...training(200, 1e-4),
});
const ppo = z.object({
  base,
  reward: v.reference(["model"], "The reward model that judges answers."),
  data: data("Rows to fill the prompt with."),
  prompt,
  adapter,
  max_tokens: v.int("Tokens of an answer at most.", { min: 1 }).default(32),
  temperature: v.number("Of the answers it tries.", { min: 0.01 }).default(1),
  kl_weight: v.number("What a nat of distance from the base costs.", { min: 0 }).default(0.1),
  kl_limit: v
    .number("Stop when an answer's mean distance from the base, in nats, is more.", { min: 0 })
    .default(10),
  epochs: v.int("Passes over each round of answers.", { min: 1 }).default(2),
  ratio_clip: v.ratio("How far the policy may move on an answer (epsilon).").default(0.2),
  ...training(50, 1e-4),
});

const huggingface = z.object({
  path: v.path("A folder with `config.json`, `model.safetensors` and `tokenizer.json`."),
  context: v.int("Tokens it may read; the folder's own when not given.", { min: 1 }).optional(),
});

export type Pretrain = z.output<typeof pretrain>;
export type Finetune = z.output<typeof finetune>;
export type RewardModel = z.output<typeof reward>;
export type Dpo = z.output<typeof dpo>;
export type Ppo = z.output<typeof ppo>;
export type HuggingfaceModel = z.output<typeof huggingface>;

/** What a language model learns, told from what was written; null for a model of columns. */
export function languageTasks(props: Readonly<Record<string, unknown>>): readonly Task[] | null {
  if ("chosen" in props && !("beta" in props)) return ["preference"];
  if ("tokenizer" in props) return "encode" in props || "decode" in props ? ["sequence"] : ["language"];
  if ("base" in props) return ["language"];
  return "path" in props ? [] : null;
}

const CORPUS = `dataset book: text {
  path = "book.txt"
  split(by = position) { train = 90%, validation = 10% }
}

tokenizer letters: characters {
  corpus = book.train
}

architecture tiny {
  embedding(letters.size, 32)
  positions(64)
  residual { layer_norm(), attention(4, causal = true) }
  residual { layer_norm(), dense(128, gelu), dense(32) }
  layer_norm()
  logits()
}
`;
const WRITER = `
model writer: pretrain {
  architecture = tiny
  tokenizer = letters
  data = book.train
}

evaluation read {
  model = writer
  data = book.validation
  metrics = [loss]
}

prompt ask {
  input { instruction: text }
  template = """
    Instruction: {instruction}
    Answer:
    """
  output { answer: text }
}
`;
const QUESTIONS = `
dataset qa: json {
  path = "qa.json"
  schema {
    instruction: text
    answer: text
  }
  split(seed = 1) { train = 80%, validation = 20% }
}
`;
const PAIRS = `
dataset preferences: json {
  path = "preferences.json"
  schema {
    instruction: text
    chosen: text
    rejected: text
  }
  split(seed = 1) { train = 80%, test = 20% }
}
`;

export const languageVariants = {
  pretrain: {
    name: "pretrain",
    doc: "A language model from nothing: the next token of a text, or one text from another.",
    tasks: ["language", "sequence"],
    schema: pretrain,
    context: CORPUS,
    example: `model storyteller: pretrain {
  architecture = tiny
  tokenizer = letters
  data = book.train
  validate = book.validation
  steps = 500
  batch = 12
  optimizer = adamw(lr = 1e-3)
  schedule = cosine(warmup = 50)
  seed = 42
}

evaluation told {
  model = storyteller
  data = book.validation
  metrics = [loss, perplexity, bits_per_byte]
}
`,
    snippet:
      "model ${1:name}: pretrain {\n  architecture = ${2:architecture}\n  tokenizer = ${3:tokenizer}\n  data = ${4:corpus}.train\n  seed = 42\n}",
  },
  finetune: {
    name: "finetune",
    doc: "A language model taught to answer: all of its weights, its last blocks, or a LoRA addition.",
    tasks: ["language", "sequence"],
    schema: finetune,
    context: `${CORPUS}${WRITER}${QUESTIONS}`,
    example: `model assistant: finetune {
  base = writer
  data = qa.train
  validate = qa.validation
  prompt = ask
  completion = answer
  adapter = lora(rank = 8)
  seed = 42
}
`,
    snippet:
      "model ${1:name}: finetune {\n  base = ${2:model}\n  data = ${3:examples}.train\n  prompt = ${4:prompt}\n  completion = ${5:answer}\n  adapter = lora(rank = 8)\n  seed = 42\n}",
  },
  reward: {
    name: "reward",
    doc: "A judge of answers, learnt from pairs (Bradley & Terry 1952; Ouyang et al. 2022).",
    tasks: ["preference"],
    schema: reward,
    context: `${CORPUS}${WRITER}${PAIRS}`,
    example: `model judge: reward {
  base = writer
  data = preferences.train
  prompt = ask
  seed = 42
}
`,
    snippet:
      "model ${1:name}: reward {\n  base = ${2:model}\n  data = ${3:pairs}.train\n  prompt = ${4:prompt}\n  seed = 42\n}",
  },
  dpo: {
    name: "dpo",
    doc: "A language model moved towards the better of two answers (Rafailov et al. 2023).",
    tasks: ["language", "sequence"],
    schema: dpo,
    context: `${CORPUS}${WRITER}${PAIRS}`,
    example: `model aligned: dpo {
  base = writer
  data = preferences.train
  prompt = ask
  beta = 0.1
  seed = 42
}
`,
    snippet:
      "model ${1:name}: dpo {\n  base = ${2:model}\n  data = ${3:pairs}.train\n  prompt = ${4:prompt}\n  seed = 42\n}",
  },
  ppo: {
    name: "ppo",
    doc: "A language model that learns from a reward model's judgement of its answers (Schulman et al. 2017).",
    tasks: ["language", "sequence"],
    schema: ppo,
    context: `${CORPUS}${WRITER}${QUESTIONS}${PAIRS}`,
    example: `model judge: reward {
  base = writer
  data = preferences.train
  prompt = ask
}

model pleasing: ppo {
  base = writer
  reward = judge
  data = qa.train
  prompt = ask
  kl_limit = 5
  seed = 42
}
`,
    snippet:
      "model ${1:name}: ppo {\n  base = ${2:model}\n  reward = ${3:judge}\n  data = ${4:rows}.train\n  prompt = ${5:prompt}\n  seed = 42\n}",
  },
  huggingface: {
    name: "huggingface",
    doc: "A model of a Hugging Face folder: GPT-2, Llama, Mistral, Gemma, BERT and what is built like them.",
    tasks: ["language", "sequence"],
    schema: huggingface,
    context: "",
    example: `model gpt2: huggingface {
  path = "models/gpt2"
}
`,
    snippet: 'model ${1:name}: huggingface {\n  path = "${2:models/gpt2}"\n}',
  },
} as const satisfies Readonly<Record<string, Variant>>;

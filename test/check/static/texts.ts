/** Random specs of language models: texts, a tokenizer, an architecture, training, judgement, serving. */
import type fc from "fast-check";
import { type Choices, choicesOf } from "./choices.ts";
import type { Spec } from "./generate.ts";

export const textSpecs: fc.Arbitrary<Spec> = choicesOf([0, 40, 20, 10]).map(makeTextSpec);
/** Specs in which nothing is odd: all of them are right. */
export const plainTextSpecs: fc.Arbitrary<Spec> = choicesOf([0]).map(makeTextSpec);

const LINES = Array.from({ length: 60 }, (_, i) => `the ${["cat", "dog", "owl"][i % 3]} saw ${i % 7} mice`);
const FILES: Readonly<Record<string, string>> = {
  "book.txt": `${LINES.join("\n")}\n`,
  "talk.json": JSON.stringify(
    LINES.map((line, i) => ({ asked: line, told: `no ${i % 4}`, worse: "the owl", number: i })),
  ),
};

function makeTextSpec(choose: Choices): Spec {
  const tokenizer = makeTokenizer(choose);
  const base = makeBase(choose);
  const last = choose.pick(["finetune", "finetune", "dpo"]);
  const parts = [
    DATA,
    tokenizer,
    makeArchitecture(choose),
    base,
    makePrompt(choose),
    makeTaught(choose, last),
    makeEnds(choose, last, base),
  ];
  return { text: `mlops 1\n\n${parts.join("\n")}`, specs: {}, environment: null, files: () => FILES };
}

const DATA = `dataset book: text {
  path = "book.txt"
  split(by = position) { train = 80%, test = 20% }
}

dataset talk: json {
  path = "talk.json"
  schema {
    asked: text
    told: text
    worse: text
    number: int
  }
  split(by = position) { train = 80%, test = 20% }
}
`;

const CORPUS = ["[book.train, talk.train.asked, talk.train.told, talk.train.worse]"];
const ODD_CORPUS = [
  "talk.train.number",
  "talk",
  "talk.train",
  "book.test",
  "[]",
  "book.nothing",
  "talk.train.nothing",
  "pieces",
  "[book, book]",
];

function makeTokenizer(choose: Choices): string {
  const corpus = `  corpus = ${choose.odd(CORPUS, ODD_CORPUS)}\n`;
  const specials = choose.odd(
    ["", '  specials = ["<|endoftext|>", "<user>"]\n'],
    [
      "  specials = []\n",
      '  specials = [""]\n',
      '  specials = ["a", "a"]\n',
      '  specials = ["<unk>"]\n',
      '  specials = ["<pad>", "</s>"]\n',
    ],
  );
  const [variant, settings] = choose.pick<readonly [string, string]>([
    ["characters", choose.odd([""], ["  min_frequency = 1000\n", "  vocabulary = 30\n"])],
    [
      "bpe",
      `  vocabulary = ${choose.odd(["280", "300"], ["3", "256", "257", "1"])}\n${choose.odd(["", "  pretokenizer = punctuation\n", "  pretokenizer = whitespace\n"], ["  byte_fallback = false\n", "  pretokenizer = none\n", "  min_frequency = 100000\n"])}`,
    ],
    [
      "words",
      choose.odd(
        ['  specials = ["<unk>", "<|endoftext|>"]\n'],
        ["  vocabulary = 2\n", "  lowercase = true\n", "  min_frequency = 1000\n"],
      ),
    ],
  ]);
  const own = settings.includes("specials") ? "" : specials;
  return `tokenizer pieces: ${variant} {\n${corpus}${own}${settings}}\n`;
}

function makeArchitecture(choose: Choices): string {
  const size = choose.odd(["pieces.size"], ["8", "1000", "pieces", "pieces.sise"]);
  const positions = choose.odd(
    ["positions(24)", "positions(24, kind = rotary)", "positions(24, kind = sinusoidal)"],
    ["", "positions(1)", "positions(2)", "positions(24)\n  positions(24)", "positions(0)"],
  );
  const attention = choose.odd(
    ["attention(2, causal = true)", "attention(2, kv_heads = 1, causal = true)"],
    [
      "attention(3, causal = true)",
      "attention(2)",
      "attention(4, kv_heads = 3, causal = true)",
      "attention(8, causal = true)",
      "attention(0)",
      "cross_attention(2)",
    ],
  );
  const dense = choose.odd(
    ["dense(16, gelu), dense(8)", "swiglu(12)", "gated(12)"],
    [
      "dense(16, gelu), dense(9)",
      "dense(16, gelu)",
      "dense(0)",
      "conv2d(4, 3)",
      "flatten()",
      "global_pool()",
    ],
  );
  const block = `  repeat ${choose.odd(["1", "2"], ["0", "-1"])} {
    residual { layer_norm(), ${attention} }
    residual { ${choose.pick(["layer_norm()", "rms_norm()"])}, ${dense} }
  }
`;
  const tied = choose.odd(["tied = true", ""], ["tied = 3", `${size}, tied = true`]);
  const end = choose.odd(
    [`logits(${tied})`],
    ["dense(8)", "softmax()", `logits(${tied})\n  layer_norm()`, ""],
  );
  const first = choose.odd(
    [`embedding(${size}, 8)`],
    [
      `embedding(${size}, 7)`,
      `embedding(${size}, 0)`,
      "dense(8)",
      `embedding(${size})`,
      `embedding(${size}, 8)\n  embedding(${size}, 8)`,
    ],
  );
  return `architecture tiny {
  ${first}
  ${positions}
${block}  ${choose.odd(["layer_norm()", "dropout(10%)"], ["dropout(100%)", "dropout(2)"])}
  ${end}
}
`;
}

/** What every recipe may be told about its training. */
const training = (choose: Choices): string =>
  choose.odd(
    [
      "",
      "  optimizer = sgd(lr = 0.1)\n",
      "  schedule = cosine(warmup = 1)\n",
      "  clip = 0.5\n",
      "  accumulate = 2\n",
    ],
    [
      "  optimizer = adamw(lr = 0)\n",
      "  optimizer = adamw(lr = -1)\n",
      "  optimizer = adamw(beta1 = 1)\n",
      "  optimizer = adam(lr = 0.1)\n",
      "  schedule = cosine(warmup = 100)\n",
      "  schedule = linear(floor = 2)\n",
      "  clip = 0\n",
      "  clip = -1\n",
      "  accumulate = 0\n",
      "  buckets = []\n",
      "  buckets = [4, 4]\n",
      "  buckets = [100]\n",
      "  buckets = [1]\n",
      "  evaluate_every = 0\n",
      "  checkpoint_every = 0\n",
      "  patience = 1\n",
      "  seed = -1\n",
    ],
  );

function makeBase(choose: Choices): string {
  const data = choose.odd(
    ["  data = book.train\n", "  data = talk.train\n  column = asked\n"],
    [
      "  data = talk.train\n  column = number\n",
      "  data = talk.train\n  column = nothing\n",
      "  data = talk.train\n",
      "  data = book.train\n  column = asked\n",
      "  data = talk.train\n  encode = asked\n  decode = told\n",
      "  data = talk.train\n  encode = asked\n",
    ],
  );
  const validate = choose.odd(
    ["", "  validate = book.test\n"],
    ["  validate = book.train\n", "  validate = talk.test\n"],
  );
  return `model base: pretrain {
  architecture = ${choose.odd(["tiny"], ["pieces", "tiny()", "ask"])}
  tokenizer = ${choose.odd(["pieces"], ["tiny", "book"])}
${data}${data.includes("book") ? validate : ""}  steps = ${choose.odd(["2"], ["0", "-1", "2.5"])}
  batch = ${choose.odd(["2"], ["0", "1"])}
${training(choose)}}
`;
}

function makePrompt(choose: Choices): string {
  const template = choose.odd(
    ['"Q: {asked}\\nA:"', '"{asked}"', '"<user>{asked}"'],
    ['"{askd}"', '"Q:"', '""', '"{asked} {asked}"', '"{asked} {number}"', '"{"', '"{{asked}}"'],
  );
  const input = choose.odd(
    ["asked: text"],
    [
      "asked: int",
      "asked: text nullable",
      "asked: text\n    number: int",
      "told: text",
      "",
      "asked: text\n    asked: text",
      "asked: text label",
    ],
  );
  const output = choose.odd(
    ["    told: text\n"],
    ["    told: int\n", "    asked: text\n", "    told: text\n    number: int\n", ""],
  );
  return `prompt ask {
  input {
    ${input}
  }
  template = ${template}
${output === "" ? "" : `  output {\n${output}  }\n`}}
`;
}

function makeTaught(choose: Choices, variant: string): string {
  const common = `  base = ${choose.odd(["base"], ["pieces", "taught", "tiny"])}
  data = ${choose.odd(["talk.train"], ["book.train", "talk.test", "talk", "talk.nothing"])}
  prompt = ${choose.odd(["ask"], ["tiny", "base"])}
  steps = 2
  batch = 2
${training(choose)}`;
  if (variant === "dpo") {
    const pair = choose.odd(
      ["  chosen = told\n  rejected = worse\n"],
      [
        "  chosen = told\n  rejected = told\n",
        "",
        "  chosen = number\n  rejected = worse\n",
        "  chosen = told\n  rejected = nothing\n",
      ],
    );
    return `model taught: dpo {\n${common}${pair}${choose.odd([""], ["  beta = 0\n", "  beta = -1\n"])}}\n`;
  }
  const how = choose.odd(
    ["", "  adapter = lora(rank = 2)\n", "  freeze = 1\n", "  adapter = lora(rank = 2, targets = all)\n"],
    [
      "  adapter = lora(rank = 0)\n",
      "  adapter = lora(rank = 2)\n  freeze = 1\n",
      "  freeze = 9\n",
      "  freeze = -1\n",
      "  adapter = lora(rank = 1000)\n",
      "  adapter = lora(targets = none)\n",
      "  adapter = lora(dropout = 1)\n",
      "  adapter = lora(alpha = 0)\n",
    ],
  );
  const completion = choose.odd(
    ["", "  completion = told\n"],
    ["  completion = number\n", "  completion = asked\n", "  completion = nothing\n"],
  );
  return `model taught: finetune {\n${common}${completion}${how}}\n`;
}

function makeEnds(choose: Choices, last: string, base: string): string {
  const own = base.includes("data = book") ? "book.test" : "talk.test";
  const all = [
    "loss",
    "perplexity",
    "bits_per_byte",
    "exact_match",
    "bleu",
    "rouge_l",
    "pair_accuracy",
    "accuracy",
    "token_accuracy",
    "confusion",
  ];
  const metrics = choose.odd(
    last === "dpo" ? [["pair_accuracy"]] : [["exact_match"], ["loss", "exact_match"], ["bleu", "rouge_l"]],
    [choose.some(all, 3), [], ["perplexity"]],
  );
  const judged = choose.odd(["talk.test"], ["book.test", "talk.train", "talk"]);
  const more = choose.odd(
    [""],
    [
      "  slices = [number]\n",
      "  threshold = 0.5\n",
      "  cost { false_positive = 1, false_negative = 2 }\n",
      "  max_tokens = 0\n",
      "  confidence = 100%\n",
      "  resamples = 0\n",
    ],
  );
  const read = choose.odd(
    [["loss", "perplexity"], ["bits_per_byte"]],
    [["exact_match"], ["pair_accuracy"], ["loss", "bleu"]],
  );
  const rule = choose.odd(
    [`read.${read[0]} >= 0`, `read.${read[0]} > baseline(ngram(2)).${read[0]} or read.${read[0]} >= 0`],
    [
      "read.nothing > 0",
      "read.loss < baseline(majority).loss",
      "read.loss < baseline(ngram(0)).loss",
      "read.loss < baseline(ngram(99)).loss",
      "told.exact_match < baseline(ngram(2)).exact_match",
      "read.loss > 0 by number",
      "read.loss >= champion.loss",
    ],
  );
  const deployment = choose.odd(
    [
      "  protocol = openai\n",
      "  protocol = openai\n  prompt = ask\n",
      "  protocol = openai\n  prompt = ask\n  max_tokens = 4\n  sessions = 2\n",
    ],
    [
      "",
      "  protocol = openai\n  prompt = base\n",
      "  protocol = openai\n  response = json\n",
      "  protocol = openai\n  prompt = ask\n  response = json\n",
      "  protocol = openai\n  temperature = 3\n",
      "  protocol = openai\n  max_tokens = 0\n",
      "  protocol = http\n  prompt = ask\n",
      '  protocol = openai\n  path = "/x"\n',
      "  protocol = openai\n  missing = refuse\n",
      "  protocol = openai\n  max_tokens = 100000\n",
    ],
  );
  const [first = "exact_match"] = metrics;
  const required = choose.odd([`  require told.${first} >= 0\n`], [""]);
  return `evaluation read {
  model = ${choose.odd(["base"], ["taught", "pieces"])}
  data = ${choose.odd([own], ["talk.test", "book.test", "talk.test.asked", "book.train"])}
  metrics = [${read.join(", ")}]
  resamples = 10
}

evaluation told {
  model = taught
  data = ${judged}
  metrics = [${metrics.join(", ")}]
${more}}

gate ready {
  require ${rule}
${required}}

release writer {
  model = ${choose.odd(["base", "taught"], ["pieces"])}
  gate = ready
}

deployment chat {
  release = writer.champion
  port = 0
${deployment}}
`;
}

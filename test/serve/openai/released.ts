/** A released language model in a project's registry: random weights from a seed, and letters as tokens. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeLanguageModel } from "../../../runtime/learn/language/artifact.ts";
import type { Prompt } from "../../../runtime/learn/language/prompt.ts";
import { architectureOf } from "../../../runtime/network/artifact.ts";
import { compileArchitecture, initialise } from "../../../runtime/network/network.ts";
import { openRegistry } from "../../../runtime/registry/registry.ts";
import { openStore } from "../../../runtime/store/store.ts";
import { tokenizerFromJson } from "../../../runtime/text/tokenizer/tokenizer.ts";
import { layer } from "../../generate/networks.ts";
import { ask } from "./model.ts";

const LETTERS = " abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,:?!'\n0123456789";
const END = "<|endoftext|>";

/** `tokenizer.json` of single characters, as Hugging Face writes one. */
export function lettersJson(): string {
  const vocab = Object.fromEntries([END, ...LETTERS].map((letter, id) => [letter, id]));
  return JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [
      {
        id: 0,
        content: END,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    ],
    normalizer: null,
    pre_tokenizer: { type: "Split", pattern: { Regex: "[\\s\\S]" }, behavior: "Isolated", invert: false },
    post_processor: null,
    decoder: { type: "Fuse" },
    model: { type: "WordLevel", vocab, unk_token: " " },
  });
}

const CONTEXT = 96;
const WIDTH = 32;

const layers = (vocabulary: number) => [
  layer("embedding", { vocabulary, width: WIDTH }),
  layer("positions", { length: CONTEXT }),
  layer("repeat", { count: 2 }, [
    layer("residual", {}, [layer("layer_norm"), layer("attention", { heads: 4, causal: true })]),
    layer("residual", {}, [
      layer("layer_norm"),
      layer("dense", { units: 4 * WIDTH, activation: "gelu" }),
      layer("dense", { units: WIDTH }),
    ]),
  ]),
  layer("layer_norm"),
  layer("logits", { tied: false }),
];

/** Registers the model as `storyteller`'s champion in the project's `.mlops`. */
export async function releaseLanguageModel(project: string, prompt: Prompt | null = ask): Promise<void> {
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, "book.txt"), "Once upon a time.\n");
  const tokenizer = tokenizerFromJson(lettersJson());
  const architecture = architectureOf(layers(tokenizer.size));
  const weights = initialise(compileArchitecture(architecture), 11);
  for (const [name, { data }] of weights)
    if (!name.endsWith("gain")) for (let i = 0; i < data.length; i++) data[i] = 6 * data[i]!;
  const store = openStore(join(project, ".mlops"));
  const files = await writeLanguageModel(store, {
    architecture,
    weights,
    adapter: null,
    tokenizer,
    generation: { format: 1, prompt, completion: prompt === null ? null : "answer", stop: [], end: 0 },
    history: [{ step: 1, loss: 3, rate: 1e-3 }],
  });
  using registry = openRegistry(store.root);
  registry.release(
    { name: "storyteller", files, threshold: null, metrics: { "read.loss": 3 }, by: "test" },
    "champion",
  );
  store.close();
}

/** A spec whose release is that model, with these deployments. */
export const languageSpec = (deployments: string): string => `mlops 1

secret API_TOKEN

dataset book: text {
  path = "book.txt"
  split(by = position) { train = 90%, validation = 10% }
}

tokenizer letters: characters {
  corpus = book.train
}

architecture tiny {
  embedding(letters.size, ${WIDTH})
  positions(${CONTEXT})
  repeat 2 {
    residual { layer_norm(), attention(4, causal = true) }
    residual { layer_norm(), dense(${4 * WIDTH}, gelu), dense(${WIDTH}) }
  }
  layer_norm()
  logits(tied = false)
}

prompt ask {
  input { question: text }
  template = "Q: {question}\\nA:"
  output { answer: text }
}

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

gate fluent {
  require read.loss < 3
}

release storyteller {
  name = "storyteller"
  model = writer
  gate = fluent
}

${deployments}`;

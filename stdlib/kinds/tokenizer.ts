// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind, Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import { reviewCorpora } from "../reviews/corpus.ts";

const corpus = v.corpus("The texts to learn from: a part of a dataset, a column of it, or a list of them.");

const specials = (doc: string) =>
  v.list(v.text("The token's text: `<|endoftext|>`."), `Tokens of no text, with the last ids. ${doc}`);

const frequency = (what: string) => v.int(`Leave out ${what} that occur less often.`, { min: 1 });

const bpe = z.object({
  corpus,
  vocabulary: v.int("How many ids there are at most: bytes, merges and special tokens.", {
    min: 1,
    max: 1_000_000,
  }),
  specials: specials("Text that spells one is that token.").default(["<|endoftext|>"]),
  pretokenizer: v
    .choice(
      {
        gpt2: "Letters, digits and other signs apart, each with the space before it, and `'s`, `'ll`, … apart: GPT-2's pattern.",
        punctuation: "Words with the space before them; every punctuation mark and symbol alone.",
        whitespace: "What stands between spaces, with the space before it.",
        none: "Not at all: merges go over whole texts.",
      },
      "How texts are cut; merges never reach over a cut. Nothing is lost by it.",
    )
    .default("gpt2"),
  byte_fallback: v
    .boolean(
      "Every byte has an id, so that any text can be encoded; otherwise bytes that the corpus has not are `<unk>`.",
    )
    .default(true),
  min_frequency: frequency("merges of pairs").default(2),
});

const characters = z.object({
  corpus,
  specials: specials(
    "With `<unk>` among them, characters that the corpus has not are that; otherwise an error.",
  ).default(["<|endoftext|>"]),
  min_frequency: frequency("characters").default(1),
});

const words = z.object({
  corpus,
  vocabulary: v
    .int(
      "How many ids there are at most: the most frequent words, and the special tokens. All when not given.",
      {
        min: 1,
        max: 10_000_000,
      },
    )
    .optional(),
  specials: specials(
    "With `<unk>` among them, words that are not in the vocabulary are that; otherwise an error.",
  ).default(["<unk>", "<|endoftext|>"]),
  lowercase: v.boolean("`The` and `the` are one word.").default(false),
  min_frequency: frequency("words").default(1),
});

const huggingface = z.object({
  path: v.path("A `tokenizer.json`, or a folder with one or with GPT-2's tables."),
});

export type BpeTokenizer = z.output<typeof bpe>;
export type CharacterTokenizer = z.output<typeof characters>;
export type WordTokenizer = z.output<typeof words>;
export type HuggingFaceTokenizer = z.output<typeof huggingface>;

type TokenizerProps = Partial<BpeTokenizer> & Partial<HuggingFaceTokenizer>;

/** Special tokens must be told apart from each other and from bytes. */
function reviewSpecials(props: TokenizerProps): Objection[] {
  const specials = props.specials ?? [];
  return specials.flatMap((token, i): Objection[] => {
    const problem =
      token === ""
        ? "a token of no text is found nowhere"
        : specials.indexOf(token) < i
          ? `\`${token}\` stands in it twice`
          : props.pretokenizer !== undefined && /^[!-~]$/.test(token)
            ? `\`${token}\` is a byte, which has an id already`
            : null;
    return problem === null ? [] : [{ code: "ML4210", values: { problem }, pointer: `/specials/${i}` }];
  });
}

/** A vocabulary holds at least what does not depend on the corpus. */
function reviewVocabulary(props: TokenizerProps): Objection[] {
  const { vocabulary, specials = [], byte_fallback: fallback } = props;
  if (vocabulary === undefined) return [];
  const tokens = specials.length === 1 ? "the special token" : `the ${specials.length} special tokens`;
  const held = [fallback === true ? "the 256 bytes" : null, specials.length > 0 ? tokens : null].filter(
    Boolean,
  );
  const least = (fallback === true ? 256 : 0) + specials.length;
  if (vocabulary >= least) return [];
  const values = { least: String(least), reason: `it holds ${held.join(" and ")}` };
  return [{ code: "ML4206", values, pointer: "/vocabulary" }];
}

export const tokenizer = {
  name: "tokenizer",
  doc: "Text to numbers: the pieces that a language model reads and writes, learnt from a corpus or taken from a model.",
  variantRequired: true,
  stateful: false,
  terminal: false,
  unused: "name it in a model's `tokenizer`",
  offers: { sized: true },
  review: (
    props: TokenizerProps,
    _name: string,
    of: (reference: v.Reference) => Neighbour | null,
  ): Objection[] => [
    ...reviewCorpora(props.corpus ?? [], of),
    ...reviewSpecials(props),
    ...reviewVocabulary(props),
  ],
  context: `dataset book: text {
  path = "book.txt"
  split(by = position) { train = 90%, validation = 10% }
}
`,
  variants: {
    bpe: {
      name: "bpe",
      doc: "Byte-level byte-pair encoding: bytes, and the pairs that a corpus has most often, merged.",
      schema: bpe,
      example: `tokenizer pieces: bpe {
  corpus = book.train
  vocabulary = 1_024
  specials = ["<|endoftext|>"]
}
`,
      snippet: "tokenizer ${1:name}: bpe {\n  corpus = ${2:dataset}.${3:train}\n  vocabulary = ${4:1_024}\n}",
    },
    characters: {
      name: "characters",
      doc: "Every character that the corpus has is a token.",
      schema: characters,
      context: `dataset pairs: csv {
  path = "pairs.csv"
  schema {
    spoken: text
    iso: text
  }
  split(seed = 7) { train = 90%, test = 10% }
}
`,
      example: `tokenizer letters: characters {
  corpus = [pairs.train.spoken, pairs.train.iso]
}
`,
      snippet: "tokenizer ${1:name}: characters {\n  corpus = ${2:dataset}.${3:train}\n}",
    },
    words: {
      name: "words",
      doc: "Words, and the signs between them; the spaces between them are not kept.",
      schema: words,
      example: `tokenizer vocabulary: words {
  corpus = book.train
  vocabulary = 5_000
  lowercase = true
}
`,
      snippet:
        "tokenizer ${1:name}: words {\n  corpus = ${2:dataset}.${3:train}\n  vocabulary = ${4:5_000}\n}",
    },
    huggingface: {
      name: "huggingface",
      doc: "The tokenizer of an existing model, from Hugging Face's `tokenizer.json`.",
      schema: huggingface,
      context: "",
      example: `tokenizer pieces: huggingface {
  path = "models/minilm/tokenizer.json"
}
`,
      snippet: 'tokenizer ${1:name}: huggingface {\n  path = "${2:models/name/tokenizer.json}"\n}',
    },
  },
} as const satisfies Kind;

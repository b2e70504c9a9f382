// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind, Objection } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";

const METHODS = {
  cbow: "Predict a word from the mean of those around it.",
  skip_gram: "Predict the words around a word from it.",
} as const;

const word2vec = z.object({
  corpus: v.corpus("The texts to learn from: one or a list."),
  method: v
    .call(
      {
        cbow: v.form(METHODS.cbow),
        skip_gram: v.form(METHODS.skip_gram),
        mean: v.form("Learn both, and take the mean of each word's two vectors.", {
          first: v.choice(METHODS, "One method.").default("cbow"),
          second: v.choice(METHODS, "The other.").default("skip_gram"),
        }),
      },
      "What is predicted from what.",
    )
    .default({ call: "skip_gram", args: {} }),
  width: v.int("Numbers of a vector.", { min: 1, max: 4096 }).default(100),
  window: v
    .int("Words on each side that count as context, at most; each place draws 1 to this many.", {
      min: 1,
      max: 100,
    })
    .default(5),
  negatives: v
    .int("Words drawn by chance as wrong answers beside each right one.", { min: 1, max: 100 })
    .default(5),
  subsample: v
    .ratio("Share of the text above which a word is left out now and then; 0 leaves nothing out.")
    .default(1e-3),
  min_count: v.int("Leave out words that occur less often.", { min: 1 }).default(5),
  epochs: v.int("Passes over the texts.", { min: 1 }).default(5),
  rate: v.number("The learning rate at the start; it falls linearly.", { min: 1e-6, max: 1 }).default(0.025),
  seed: v.int("Decides where vectors begin and what is drawn.").default(0),
});

export type Word2vec = z.output<typeof word2vec>;
export type Word2vecMethod = keyof typeof METHODS;

/** The mean of a method with itself is that method. */
function review(props: Word2vec): Objection[] {
  const { call, args } = props.method;
  if (call !== "mean" || args["first"] !== args["second"]) return [];
  const problem = `takes two different methods in \`mean\`; write \`${String(args["first"])}\` for one alone`;
  return [{ code: "ML2016", values: { attribute: "method", problem }, pointer: "/method" }];
}

export const embedding = {
  name: "embedding",
  doc: "A vector for each word, learnt from text. `mlops neighbours` looks at it and writes it in word2vec's formats.",
  variantRequired: true,
  stateful: false,
  terminal: true,
  review,
  context: `dataset book: text {
  path = "book.txt"
  split(by = position) { train = 90%, validation = 10% }
}
`,
  variants: {
    word2vec: {
      name: "word2vec",
      doc: "CBOW or skip-gram with negative sampling (Mikolov et al. 2013), or the mean of both.",
      schema: word2vec,
      example: `embedding words: word2vec {
  corpus = book.train
  method = mean(cbow, skip_gram)
  width = 64
  window = 5
  seed = 42
}
`,
      snippet:
        "embedding ${1:name}: word2vec {\n  corpus = ${2:book}.train\n  width = ${3:100}\n  seed = ${4:42}\n}",
    },
  },
} as const satisfies Kind;

import * as z from "zod";
import type { MetricSpec, Task } from "../../language/vocabulary/kind.ts";

const TEXT: readonly Task[] = ["language", "sequence"];
const NONE = z.object({});
const FROM_ZERO = [0, Number.POSITIVE_INFINITY] as const;

const share = (name: string, doc: string, tasks = TEXT): MetricSpec => ({
  name,
  doc,
  tasks,
  better: "higher",
  args: NONE,
  ratio: true,
});
const surprise = (name: string, doc: string, range: MetricSpec["range"] = FROM_ZERO): MetricSpec => ({
  name,
  doc,
  tasks: TEXT,
  better: "lower",
  args: NONE,
  ratio: false,
  ...(range === undefined ? {} : { range }),
});

/** What evaluations of language models compute. */
export const languageMetrics: readonly MetricSpec[] = [
  surprise("loss", "The mean negative log-likelihood of a token, in nats."),
  surprise("perplexity", "e to the power of the loss.", [1, Number.POSITIVE_INFINITY]),
  surprise(
    "bits_per_byte",
    "The negative log-likelihood of the text in bits, by its UTF-8 bytes: comparable whatever the tokenizer.",
  ),
  share("token_accuracy", "The share of tokens that the model held the likeliest."),
  share(
    "exact_match",
    "The share of generated answers that equal the reference, white space around them aside.",
  ),
  share("bleu", "Corpus BLEU of the generated answers: sacrebleu's (tokenizer 13a) divided by 100."),
  share("rouge_l", "The mean ROUGE-L F-measure of the generated answers, without stemming."),
  share("pair_accuracy", "The share of pairs in which the chosen answer is judged the better one.", [
    "language",
    "preference",
  ]),
];

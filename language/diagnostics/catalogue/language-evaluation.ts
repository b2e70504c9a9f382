/** ML6100 to ML6119: evaluations of language models. */
import type { Catalogue } from "../entry.ts";

export const languageEvaluationDiagnostics = {
  ML6100: {
    severity: "error",
    message: "Remove `{attribute}` from {evaluation}: its model predicts text, which has no {attribute}",
  },
  ML6101: {
    severity: "error",
    message:
      "Ask for pair_accuracy in an evaluation of its own: {others} of {evaluation} read texts, not pairs",
  },
  ML6102: {
    severity: "error",
    message:
      "Remove {metric} from {evaluation}, or judge it with another model or other data: {model} {problem}",
    help: "Answers and pairs are judged behind the prompt that the model was taught with; `finetune`, `reward` and `dpo` have one.",
  },
  ML6103: {
    severity: "error",
    message:
      "Compare {evaluation} with a number instead of {baseline}: {model} has no text of its own that n-grams could learn, or no likelihood is judged",
    help: "The baseline learns the text that the model learnt, of a `pretrain` or `finetune` model.",
  },
  ML6104: {
    severity: "error",
    message: "Leave {text} out of {data}, or give {model} a tokenizer that knows it",
  },
  ML6105: {
    severity: "warning",
    message:
      "Shorten the rows of {data} or give {model} a longer context: {dropped} of {rows} rows do not fit into its {context} tokens and were left out of {evaluation}",
  },
  ML6106: {
    severity: "error",
    message: "Give {evaluation} something to judge: {data} is no use, for {problem}",
  },
  ML6107: {
    severity: "error",
    message: "Judge the champion {champion} with another metric than {metric}, or move its alias: {why}",
  },
  ML6108: {
    severity: "error",
    message: "Compare {metric} of {evaluation} with a number: what {gate} compares it with has {known}",
  },
} as const satisfies Catalogue;

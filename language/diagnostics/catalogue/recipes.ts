/** ML5271–ML5299: language models, pretrained, fine-tuned and aligned. */
import type { Catalogue } from "../entry.ts";

export const recipesDiagnostics = {
  ML5271: {
    severity: "error",
    message: "Name a decoder as the base of {variant}: `{model}` is {kind}",
    help: "Encoder-decoders can be pretrained and fine-tuned.",
  },
  ML5272: {
    severity: "error",
    message:
      "Shorten the prompt or the texts of {data}, or give the model a longer context: none of its {rows} rows fits {context} tokens",
    help: "A row that is too long is left out rather than cut, for half an answer teaches to stop half way.",
  },
  ML5273: {
    severity: "warning",
    message: "{dropped} of {rows} rows of {data} were left out: they do not fit the model's {context} tokens",
    help: "A row that is too long is left out rather than cut, for half an answer teaches to stop half way.",
  },
  ML5274: {
    severity: "error",
    message:
      'Give the tokenizer `{tokenizer}` an end of text, `specials = ["<|endoftext|>"]`: an encoder-decoder begins and ends what it writes with it',
  },
  ML5275: {
    severity: "error",
    message: "Mend the architecture, which cannot be pretrained: {problem}",
  },
  ML5276: {
    severity: "error",
    message:
      "Give the model more text or a shorter context: {tokens} tokens do not fill a window of {context}",
  },
  ML5277: {
    severity: "error",
    message: "Teach the tokenizer what the data holds: it has no token for {text}",
    help: "Learn it from all texts that the model will see, add `<unk>` to its `specials`, or use a `bpe` tokenizer, which reads any text.",
  },
  ML5278: {
    severity: "error",
    message: "Adapt `{model}` in another way: {problem}",
  },
  ML5279: {
    severity: "error",
    message:
      "Give the column `{column}` of `{dataset}` another name: in the exported file that is what the rendered text is called",
    help: "Each line holds the row's own columns, then `prompt` and `completion`.",
  },
  ML5280: {
    severity: "error",
    message: "Change `{attribute}`: {problem}",
  },
  ML5281: {
    severity: "error",
    message: "Use one tokenizer: the reward model `{reward}` reads other ids than the base `{base}` writes",
    help: "Train the reward model from the same base.",
  },
  ML5282: {
    severity: "warning",
    message:
      "The training stopped after {steps} steps, as the answers went further than `kl_limit = {limit}` from the base's; the weights are those from before",
    help: "Lower the learning rate or raise `kl_weight` to stay nearer, or raise `kl_limit`. Read some answers first: a model far from its base may have found what the reward model overlooks.",
  },
} as const satisfies Catalogue;

/** ML3130–ML3159: architectures, prompts and language models, checked before anything has run. */
import type { Catalogue } from "../entry.ts";

export const networksDiagnostics = {
  ML3130: { severity: "error", message: "Write a layer that there is instead of `{layer}`{near}" },
  ML3131: { severity: "error", message: "Write the layer as a call: `{written}`" },
  ML3132: {
    severity: "error",
    message: "Give `{layer}` a block of layers: `{layer} { … }`",
    help: "It says what happens around the layers within it.",
  },
  ML3133: {
    severity: "error",
    message: "Nest layers at most {deepest} deep, and take `{layer}` out of here",
  },
  ML3134: {
    severity: "error",
    message: "Name one of the columns of {what} that is meant, {known}",
    help: "Without a name the one column of type `text` is read.",
  },
  ML3135: {
    severity: "error",
    message: "Write {known} instead of `{placeholder}`: the prompt `{prompt}` has no such input",
  },
  ML3136: {
    severity: "error",
    message:
      "Write `{placeholder}` in the template of `{prompt}`, or take the input `{input}` out: nothing reads it",
  },
  ML3137: {
    severity: "error",
    message: "Give the architecture layers: `embedding(…)`, `dense(64, relu)`, …",
  },
  ML3138: {
    severity: "error",
    message: "Give `{missing}` beside `{given}`: one text is read and the other written",
  },
  ML3139: {
    severity: "error",
    message:
      "Give `encode` and `decode` to the model `{model}`: its architecture reads one text and writes another",
  },
  ML3140: {
    severity: "error",
    message:
      "Take `encode` and `decode` out, or give the architecture `{architecture}` an `encoder` and a `decoder`",
  },
  ML3141: {
    severity: "error",
    message:
      "Use one tokenizer: the model `{model}` reads `{tokenizer}`, and its embedding holds the ids of `{other}`",
  },
  ML3142: {
    severity: "error",
    message:
      "Make the embedding hold {size} ids, `vocabulary = {tokenizer}.size`: it holds {vocabulary}, and `{tokenizer}` may have {size}",
  },
  ML3143: { severity: "error", message: "Name {needed} as `{attribute}`: `{found}` is none" },
  ML3144: {
    severity: "error",
    message: "Give the data a column `{input}`, which the prompt `{prompt}` is filled with; {hint}",
  },
  ML3145: {
    severity: "error",
    message: "Name the column to learn, `completion = …`: the prompt `{prompt}` {problem}",
  },
  ML3146: {
    severity: "error",
    message:
      "Write `protocol = openai` in the deployment `{deployment}`: the model `{model}` is a language model",
  },
  ML3147: {
    severity: "error",
    message:
      "Take `protocol = openai` out of the deployment `{deployment}`: the model `{model}` predicts rows",
  },
} as const satisfies Catalogue;

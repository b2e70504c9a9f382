/** ML5250–ML5269: models of Hugging Face folders, read and written. */
import type { Catalogue } from "../entry.ts";

export const huggingFaceDiagnostics = {
  ML5250: {
    severity: "error",
    message: "Give the folder of a Hugging Face model as `path`: `{path}` cannot be read, {problem}",
    help: "It holds `config.json`, `model.safetensors` and `tokenizer.json`.",
  },
  ML5251: {
    severity: "error",
    message: "Take a model of a known architecture, {known}: `{path}` is a `{type}`",
  },
  ML5252: {
    severity: "error",
    message:
      "Take a model whose `{setting}` is {expected}: that of `{path}` is {value}, which no layer expresses",
  },
  ML5253: {
    severity: "error",
    message: "Give `{path}` the weights that its `config.json` describes: {problem}",
  },
  ML5254: {
    severity: "error",
    message: "Change {place}: `{layer}` is unlike {family}, the nearest model that `transformers` has; {why}",
    help: "Only architectures of GPT-2, Llama, Mistral, Gemma, Gemma 2 and BERT are written as Hugging Face folders.",
  },
  ML5255: {
    severity: "error",
    message: "Download the model and give its folder: `{path}` is no folder here, and a run fetches nothing",
    help: '`hf download {path} --local-dir models/{name}` fetches the repository, then `path = "models/{name}"`.',
  },
  ML5256: {
    severity: "error",
    message: "Give `{path}` a tokenizer that fits the model: {problem}",
  },
  ML5257: {
    severity: "error",
    message: "Name a language model to export: `{name}` is {found}",
  },
  ML5258: {
    severity: "error",
    message: "Name a model that reads one text: `{name}` {found}",
  },
} as const satisfies Catalogue;

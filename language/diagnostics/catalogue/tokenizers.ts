import type { Catalogue } from "../entry.ts";

/** ML4204–ML4219 corpora and tokenizers. */
export const tokenizersDiagnostics = {
  ML4204: {
    severity: "error",
    message: "Name a column of text of {dataset}, `{example}`: {problem}.",
    help: "A corpus is a column of text: `text`, `string` or `category`. A `text` dataset has only one.",
  },
  ML4205: {
    severity: "error",
    message: "Give {tokenizer} a corpus with text in it: {corpus} has none.",
  },
  ML4206: {
    severity: "error",
    message: "Raise `vocabulary` to {least} or more: {reason}.",
  },
  ML4207: {
    severity: "error",
    message: "{file} needs {component}, which is not supported here: {supported}.",
    help: "A tokenizer that is not carried out exactly would give other ids than the model learnt with.",
  },
  ML4208: {
    severity: "error",
    message: "No tokenizer at {path}: {problem}.",
    help: "`path` is a `tokenizer.json`, or a folder with one, or with `encoder.json` and `vocab.bpe`, or `vocab.json` and `merges.txt`; it is relative to the spec's folder.",
  },
  ML4209: {
    severity: "error",
    message: "{file} is no tokenizer: {problem}.",
  },
  ML4210: {
    severity: "error",
    message: "Mend `specials`: {problem}.",
    help: "A special token is a text of its own, such as `<|endoftext|>`, and stands in the list once.",
  },
  ML4211: {
    severity: "error",
    message:
      "{tokenizer} has no token for {text}: add `<unk>` to its `specials`, or give it a corpus that has it.",
  },
} as const satisfies Catalogue;

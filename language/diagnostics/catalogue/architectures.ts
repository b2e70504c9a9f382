/** ML3100–ML3129: architectures whose layers do not fit one another. */
import type { Catalogue } from "../entry.ts";

export const architecturesDiagnostics = {
  ML3100: {
    severity: "error",
    message: "Let the heads divide the width: {heads} do not divide {width}; take {near}",
    help: "Or say `head_width`: then heads × head_width may differ from the width.",
  },
  ML3101: {
    severity: "error",
    message: "Let `kv_heads` divide the heads: {shared} do not divide {heads}; take {near}",
  },
  ML3102: {
    severity: "error",
    message: "Move `{layer}` before `logits`, or take it out: scores of tokens are the end of a network",
  },
  ML3103: {
    severity: "error",
    message:
      "Begin with `embedding(vocabulary, width)`, or end with `dense`: `logits` scores the tokens of one",
  },
  ML3104: {
    severity: "error",
    message:
      "Move `cross_attention` into a `decoder` behind an `encoder`: there is no source to look at here",
  },
  ML3105: {
    severity: "error",
    message: "Write {mend}: through `{layer}` a token sees those that the logits must foretell",
  },
  ML3106: {
    severity: "error",
    message:
      "Begin with `embedding(vocabulary, width)`: `{layer}` reads vectors, and only ids come before it",
  },
  ML3107: {
    severity: "error",
    message: "Take the second `embedding` out: ids have become vectors already",
  },
  ML3108: {
    severity: "error",
    message:
      "End the architecture `{architecture}` with `logits()`: the model `{model}` learns to write tokens",
  },
  ML3109: {
    severity: "error",
    message:
      "Let the residual end with the shape it began with: {before} comes in, and {after} is to be added to it",
    help: "End its layers with a `dense` of the width that came in.",
  },
  ML3110: {
    severity: "error",
    message: "Let what is repeated keep its shape: {before} comes in, and {after} comes out",
  },
  ML3111: {
    severity: "error",
    message: "Take a smaller `size` for `{layer}`, {length} at most: it is {size}, laid on {length}",
  },
  ML3112: {
    severity: "error",
    message: "Give `{layer}` {wanted}: {found} comes before it",
  },
  ML3113: {
    severity: "warning",
    message: "Add `positions(…)` before the attention: without them the order of the tokens is not seen",
  },
  ML3114: {
    severity: "error",
    message: "Take the second `positions` out: where tokens stand is told already",
  },
  ML3115: {
    severity: "error",
    message: "Take heads of an even width for rotary positions, which turn numbers in pairs: it is {width}",
  },
  ML3116: {
    severity: "error",
    message: "Give `{layer}` layers, or take it out: its block is empty",
  },
  ML3117: {
    severity: "error",
    message: "Write `encoder { … }` and then `decoder { … }`: {problem}",
  },
  ML3118: {
    severity: "error",
    message: "Take `shared = true` out, or let both tables be alike: {problem}",
  },
  ML3119: {
    severity: "error",
    message:
      "Take `tied = true` out, or add `dense({embedded})` before the logits: vectors of {width} come in, and the table's are of {embedded}",
  },
  ML3120: {
    severity: "warning",
    message: "Take `window` out, or make it smaller than the context of {context}: {window} hides nothing",
  },
  ML3121: {
    severity: "warning",
    message:
      "Add `residual { layer_norm(), cross_attention(…) }` to the decoder: it does not look at the source",
  },
  ML3122: {
    severity: "error",
    message: "Write `global_pool()` in place of `flatten()`: texts are not all of one length",
  },
  ML3123: {
    severity: "error",
    message: "Write `causal = true` beside `window = {window}`: only looking back has a window",
  },
  ML3124: {
    severity: "error",
    message:
      "Take `embedding` out of `{architecture}`: the model `{model}` reads columns of numbers, not ids",
  },
  ML3125: {
    severity: "error",
    message:
      "End `{architecture}` with `flatten()` or `global_pool()`: the model `{model}` predicts from one vector, and {found} comes out",
  },
  ML3126: {
    severity: "error",
    message:
      "Say what the columns of `{model}` are, `image { height = …, width = … }`: `{architecture}` reads an image",
  },
  ML3127: {
    severity: "error",
    message:
      "Take buckets of {context} tokens at most, or longer `positions` in `{architecture}`: one is of {longest}",
  },
} as const satisfies Catalogue;

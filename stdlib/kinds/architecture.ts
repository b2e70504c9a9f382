// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import { reviewArchitecture } from "../reviews/architecture.ts";

const schema = z.object({
  layers: v.entries(v.layers("The layers, in the order in which they compute.")),
});

export type ArchitectureProps = z.output<typeof schema>;

export const architecture = {
  name: "architecture",
  doc: "A network, layer by layer, usually with parameters; its shapes and sizes are checked before anything runs.",
  variantRequired: false,
  stateful: false,
  terminal: false,
  unused: "give it to a model's `architecture`",
  review: reviewArchitecture,
  context: "",
  variants: {
    architecture: {
      name: "architecture",
      doc: "A network, layer by layer.",
      schema,
      example: `/// A small decoder, as GPT-2 is.
architecture small_gpt(vocabulary: int, context: int, width: int, depth: int) {
  embedding(vocabulary, width)
  positions(context)
  repeat depth {
    residual { layer_norm(), attention(4, causal = true) }
    residual { layer_norm(), dense(4 * width, gelu), dense(width) }
  }
  layer_norm()
  logits(tied = true)
}

dataset book: text {
  path = "book.txt"
  split(by = position) { train = 90%, validation = 10% }
}

tokenizer letters: characters {
  corpus = book.train
}

model writer: pretrain {
  architecture = small_gpt(vocabulary = letters.size, context = 64, width = 64, depth = 2)
  tokenizer = letters
  data = book.train
}

evaluation read {
  model = writer
  data = book.validation
  metrics = [loss]
}
`,
      snippet: "architecture ${1:name}(${2:width}: int) {\n  ${3:embedding}(${4:vocabulary}, ${2:width})\n}",
    },
  },
} as const satisfies Kind;

/** ML5200 to ML5209: embeddings. */
import type { Catalogue } from "../entry.ts";

export const embeddingsDiagnostics = {
  ML5200: {
    severity: "error",
    message:
      "Give {embedding} more text, or lower its `min_count`: {found} {min_count} times or more among {total} words",
    help: "Vectors are learnt from words beside each other, so there must be at least two.",
  },
  ML5201: {
    severity: "error",
    message:
      "Raise `min_count` of {embedding}, or lower its `width`: {words} words of {width} numbers do not fit into the 4 GiB that training has",
  },
  ML5202: {
    severity: "error",
    message: "Run the spec first: {embedding} has no vectors yet",
    help: "`mlops run SPEC` makes them; `mlops neighbours` reads what the last run left.",
  },
  ML5203: {
    severity: "error",
    message: "Ask {embedding} for another word than {word}: it is not among its {words} words{near}",
    help: "Words are lower case; those that occur less often than `min_count` have no vector.",
  },
  ML5204: {
    severity: "error",
    message: "Name a file that ends in .txt or .bin: {file} says neither text nor binary",
  },
} as const satisfies Catalogue;

import type { Catalogue } from "../entry.ts";

/** ML8050–8059: what goes to other tools and comes from them. */
export const exchangeDiagnostics: Catalogue = {
  ML8050: {
    severity: "info",
    message: "the {kind} `{name}` did not run, because {cause}",
  },
  ML8051: {
    severity: "error",
    message: "{options} both want standard output: give one of them a file instead of `-`",
  },
  ML8052: {
    severity: "error",
    message: "this is not JSON: write {expected} here",
    help: "An IR is the JSON document that `mlops check SPEC --ir -` writes.",
  },
  ML8053: {
    severity: "error",
    message: "`ir` must be {expected}, the version that this mlops reads, not {found}",
    help: "Write the IR anew with a tool of this version; `mlops check SPEC --ir -` does.",
  },
  ML8054: {
    severity: "error",
    message: "`{place}` {problem}",
    help: "The published schema is schemas/mlops-ir-1.schema.json.",
  },
  ML8055: {
    severity: "error",
    message: "`{place}` must name {expected}, not `{found}`{hint}",
  },
  ML8056: {
    severity: "error",
    message: "the hash of {what} must be {expected}, not {found}",
    help: "The document was changed after its hash was computed, or another tool computes it differently; docs/ir.md says how.",
  },
  ML8057: {
    severity: "error",
    message: "`/declarations` needs itself: {cycle}; take one of these references out",
  },
  ML8058: {
    severity: "error",
    message: "the dataset `{dataset}` needs a `schema` block: the types of {what} follow from it",
    help: "Declare the columns, or release a version and write the types of what is released: `mlops types SPEC --released`.",
  },
  ML8059: {
    severity: "error",
    message: "{what} cannot be written: {problem}",
  },
};

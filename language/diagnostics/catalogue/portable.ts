/** ML55xx: the portable model, its export gate and the machine's engines. */
import type { Catalogue } from "../entry.ts";

export const portableDiagnostics = {
  ML5501: {
    severity: "error",
    message:
      "Report this model: {runtime} gives {output} = {actual} on golden row {row}, where training gave {expected}",
    help: "Nothing was written: what is served must be what was trained. The details say which row it is. Leaving out the newest derived column or encoding usually shows which step differs.",
  },
  ML5502: {
    severity: "error",
    message: "Install onnxruntime-node or onnxruntime-web: neither can run the model ({reason})",
    help: "`mlops doctor` says why each engine does or does not load.",
  },
  ML5503: {
    severity: "error",
    message: "Run the pipeline again: {file} of this model is damaged ({problem})",
    help: "The store keeps checksums; `mlops run` makes what is missing or damaged again.",
  },
  ML5504: {
    severity: "error",
    message: "Mend the row: {column} must be {expected}, not {value}",
  },
  ML5505: {
    severity: "error",
    message: "Write the row as one JSON object: {problem}",
    help: `mlops predict loan-approval --row '{"income": 4200, "area": "rural"}'`,
  },
  ML5506: {
    severity: "error",
    message: "Run the pipeline first: {release} has no released model here",
    help: "`mlops models` lists what is registered.",
  },
  ML5507: {
    severity: "error",
    message: "Say which release: {spec} declares {releases}",
    help: "Give the release's name in place of the spec.",
  },
  ML5508: {
    severity: "warning",
    message: "Check the field {field}: the model does not read it",
  },
  ML5509: {
    severity: "error",
    message: "Give {columns}: the schema does not let them be missing",
    help: "A column that may be missing is declared `nullable`; a linear model needs an `impute` for it as well.",
  },
} as const satisfies Catalogue;

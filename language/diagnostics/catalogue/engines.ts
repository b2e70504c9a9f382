/** ML5210–ML5229: tensor graphs and the engines that compute them. */
import type { Catalogue } from "../entry.ts";

export const enginesDiagnostics = {
  ML5210: {
    severity: "error",
    message: "Install an engine that computes networks: {reason}",
    help: "`npm install onnxruntime-node`, or `onnxruntime-web` where nothing native may be loaded; without `engine` a model takes what there is. `mlops doctor` shows what loads here.",
  },
  ML5211: {
    severity: "error",
    message: "Mend the layer `{layer}`, whose tensors do not go together: {problem}",
    help: "The shapes are those of a training batch: the first axis counts rows, the second tokens.",
  },
} as const satisfies Catalogue;

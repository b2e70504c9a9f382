/** ML8060–ML8069: beginning a project. */
import type { Catalogue } from "../entry.ts";

export const initDiagnostics = {
  ML8060: { severity: "error", message: "Name a template that there is, {known}, not `{name}`{near}" },
  ML8061: {
    severity: "error",
    message:
      "Choose an empty place, `mlops init {template} FOLDER`, or move {files} away: nothing was written",
    help: "`mlops init` never writes over a file.",
  },
  ML8063: {
    severity: "error",
    message: "Say what to predict: `--label NAME`, where NAME is {columns}",
    help: "The label could not be told from the names of the columns.",
  },
  ML8064: {
    severity: "error",
    message: "Name a column of {file} after `--label`, {columns}, not `{label}`{near}",
  },
  ML8065: { severity: "error", message: "Predict another column than `{label}`: {problem}" },
} as const satisfies Catalogue;

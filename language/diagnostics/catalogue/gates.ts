/** ML6xxx: evaluations, gates, releases and the registry. */
import type { Catalogue } from "../entry.ts";

export const gatesDiagnostics = {
  ML6001: {
    severity: "error",
    message: "Remove `threshold_on` from {evaluation} or complete it: {problem}",
    help: "`threshold_on` names the part on which the threshold that is cheapest under `cost` is chosen.",
  },
  ML6002: {
    severity: "error",
    message: "Remove `{attribute}` from {evaluation}: it needs two classes, and {target} {found}",
  },
  ML6003: {
    severity: "error",
    message: "Remove {metric} from {evaluation}: it does not fit a {task} model",
    help: "Metrics for this task: {metrics}.",
  },
  ML6004: {
    severity: "error",
    message: "Give {evaluation} some rows: {data} has none with a known {target}",
  },
  ML6005: {
    severity: "error",
    message: "Slice {evaluation} by another column than {column}: it has {count} different values",
    help: "A slice is a group of rows: use a category, or a bucketed number, with at most {limit} values.",
  },
  ML6006: {
    severity: "error",
    message: "Add a `cost` block to {evaluation}: {metric} is computed from it",
  },
  ML6010: {
    severity: "error",
    message: "Add {metric} to the metrics of {evaluation}: a rule of {gate} reads it",
    help: "{evaluation} computes {metrics}.",
  },
  ML6011: {
    severity: "error",
    message: "Add {column} to the slices of {evaluation}: a rule of {gate} is judged by it",
  },
  ML6012: {
    severity: "error",
    message:
      "Let one release use {gate}: `champion` means the model that its release would replace, and {found}",
  },
  ML6013: {
    severity: "error",
    message:
      "Give {data} the column {column}: the champion {champion} reads it and is scored again on the same rows",
    help: "Without it the champion cannot be judged beside the candidate. Keep the column, or move the alias to a version that does not need it.",
  },
  ML6014: {
    severity: "error",
    message: "Compare with another baseline than {baseline}: {evaluation} has {baselines}",
  },
  ML6015: {
    severity: "error",
    message: "Name one evaluation in the rule `{rule}`: it must be clear on which rows {what} is judged",
  },
  ML6016: {
    severity: "error",
    message: "Judge the champion {champion} with another metric than {metric}, or move its alias: {why}",
  },
  ML6017: {
    severity: "error",
    message: "Write `{rule}` as comparisons of metrics: {problem}",
  },
  ML6018: {
    severity: "error",
    message:
      "Give {evaluation} `resamples`: a rule of {gate} asks for a confidence interval, and it draws none",
  },
  ML6020: {
    severity: "error",
    message: "Gate {gate} did not pass: {rule} failed{by}{message}",
  },
  ML6021: {
    severity: "error",
    message: "Gate {gate} cannot tell: {rule} has too little evidence{why}{message}",
    help: "More rows, fewer slices, or `as optional` at the end of the rule let it decide.",
  },
  ML6022: {
    severity: "error",
    message: "Add a rule to {gate} that stands on its own: every rule was skipped, so nothing was judged",
    help: "Compare a metric with a number or a baseline; a comparison with the champion is skipped on a first release.",
  },
  ML6030: {
    severity: "error",
    message: "Name a registered model: {name} is not in the registry{known}",
  },
  ML6031: {
    severity: "error",
    message: "Name a version of {name} that exists: {version} is not among {versions}",
  },
  ML6032: {
    severity: "error",
    message: "Nothing to roll back: the alias {alias} of {name} {found}",
  },
  ML6033: {
    severity: "error",
    message:
      "Restore the registry's ledger from a copy: entry {entry} was changed after it was written ({problem})",
    help: "Each entry holds the digest of the one before it; nothing after the changed entry can be trusted.",
  },
  ML6034: {
    severity: "error",
    message: "Run the gate {gate} first: {release} is released only behind a gate that passed",
  },
  ML6035: {
    severity: "error",
    message: "Judge {release} at one threshold: the evaluations behind its gate chose {thresholds}",
    help: "A released model predicts with the threshold at which it was judged. Give both evaluations the same `cost`, or fix `threshold`.",
  },
} as const satisfies Catalogue;

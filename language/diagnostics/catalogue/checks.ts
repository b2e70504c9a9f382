/** ML3xxx: specs that are well formed and would still go wrong. */
import type { Catalogue } from "../entry.ts";

export const checksDiagnostics = {
  ML3001: { severity: "error", message: "Give {what} a `{rule}` rule: without one it checks nothing" },
  ML3002: { severity: "warning", message: "Nothing uses {what}: {advice}" },
  ML3003: {
    severity: "error",
    message:
      "Compute `{column}` without `{label}`: a feature that reads what is to be predicted knows the answer",
    help: "When the model serves, `{label}` is not known yet.",
  },
  ML3004: {
    severity: "error",
    message: "Take `{column}` out of `{attribute}`: it is the {role}",
    help: "A {role} is never a feature.",
  },
  ML3005: { severity: "error", message: "Let the shares make {total}: they make {sum}" },
  ML3007: {
    severity: "warning",
    message: "{what} never moves `{alias}`, only {moved}",
    help: "Until `mlops models promote` moves that alias by hand there is nothing under it.",
  },
  ML3008: {
    severity: "error",
    message: "Write `{metric} * …` for a relative bound: {percent} of a metric that is no ratio says nothing",
    help: "`* 99%` is one percent less; a plain number is an absolute difference.",
  },
  ML3009: {
    severity: "error",
    message: "Add `{metric}` to the metrics of {what}: it does not compute it",
    help: "It computes {computed}.",
  },
  ML3011: {
    severity: "error",
    message: "Train {model} and judge it on different parts: both read `{part}`",
    help: "A model's score on rows it has seen says nothing about new ones.",
  },
  ML3012: {
    severity: "error",
    message: "Tune {model} and judge it on different parts: both read `{part}`",
    help: "A part that chose the model or its threshold flatters them; judge on one that nothing has read.",
  },
  ML3013: { severity: "error", message: "Say which part of {what} `{attribute}` reads: {parts}" },
  ML3014: {
    severity: "error",
    message: "Train {first} and {second} on the same part of {what}, or declare the features twice",
    help: "Features learn their statistics from the part that models train on; that must be one part.",
  },
  ML3015: {
    severity: "error",
    message: "Take `{metric}` out: it does not fit {what}, which predicts {target}",
    help: "Metrics that fit: {fitting}.",
  },
  ML3016: {
    severity: "error",
    message: "Use another model than {variant} for `{target}`, which is `{type}`: it learns {learns}",
    help: "Models that fit: {fitting}.",
  },
  ML3017: {
    severity: "error",
    message: "Say what {what} predicts: `target = COLUMN`, or mark one column of the schema as `label`",
  },
  ML3018: {
    severity: "error",
    message: "Predict another column than `{target}`: {type} columns cannot be predicted",
  },
  ML3019: {
    severity: "error",
    message: "Let {gate} judge {model}: none of its rules names an evaluation of it",
    help: "A gate guards a release only when it requires something of the model that is released.",
  },
  ML3020: {
    severity: "error",
    message: "Give {gate} a rule that stands on its own: `{word}` is not there yet on a first release",
    help: "Such rules are then skipped; compare a metric with a number or with `baseline(majority)` beside them.",
  },
  ML3021: {
    severity: "error",
    message: "Give {what} another `name`: {other} is called `{name}` outside too",
  },
  ML3022: {
    severity: "error",
    message: "Rename the column `{column}`: under that name mlops keeps where each row stands",
    help: "A column of another name in the file is read with a query: `SELECT … AS name`.",
  },
  ML3023: {
    severity: "error",
    message:
      "Impute what `{column}` is computed from: it is derived, and missing values are filled before that",
    help: "Or give it a value in its own expression: `coalesce(…, 0)`.",
  },
  ML3024: {
    severity: "error",
    message: "Take `{column}` out of `only`, or {how}: a model sees no {type} as it is",
  },
  ML3025: {
    severity: "error",
    message: "Take `{column}` out of `encode` or out of `vectorize`: a column becomes numbers in one way",
  },
  ML3026: {
    severity: "error",
    message:
      "Predict a column of the dataset: `{target}` is derived, and a target is read before anything is derived",
    help: "A `dataset …: sql` can compute it: `SELECT *, … AS {target} FROM …`.",
  },
  ML3027: {
    severity: "error",
    message: "Tune {model} on a part of `{data}`, from which it learns: `{tune}` gives it other columns",
  },
  ML3028: {
    severity: "error",
    message: "Add the column `{column}` to {dataset}, or name other rows here: {model} {verb} it",
  },
  ML3029: {
    severity: "error",
    message:
      "Make `{column}` in {dataset} `{expected}`, as {model} {verb} it, or name other rows here: it is `{actual}` there",
  },
} as const satisfies Catalogue;

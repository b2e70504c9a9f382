import type { Catalogue } from "../entry.ts";

/** ML40xx reading and checking rows, ML41xx features, ML42xx the target. */
export const dataDiagnostics = {
  ML4001: {
    severity: "error",
    message: "No file {path}: correct `path`, which is relative to the spec's folder.",
  },
  ML4002: {
    severity: "error",
    message: "{file} has no column {columns}{hint}",
    help: "Name the column in `schema` as the source does, letter by letter.",
  },
  ML4003: {
    severity: "error",
    message: "mend what cannot be read (rows: {count}; the first: {first}), or set `on_bad_row = drop`",
  },
  ML4004: {
    severity: "error",
    message: "mend the rows that break the schema ({count} of {total}: {columns}); the first: {first}",
    help: "Or widen the schema (`nullable`, `min`, `missing = [...]`), or set `on_bad_row = drop` or `keep`.",
  },
  ML4005: {
    severity: "error",
    message: "{file} has {problem}: rename one of them there.",
    help: "A file whose first line is data already needs `header = false`.",
  },
  ML4006: {
    severity: "error",
    message: "Cannot read {file}: {problem}.",
  },
  ML4007: {
    severity: "error",
    message: "The query does not run: {problem}",
  },
  ML4008: {
    severity: "error",
    message: "Expected {rule}, but {because}.",
    help: "Mend the data, or change the expectation if the world did.",
  },
  ML4009: {
    severity: "error",
    message: "No row is left of {source}: a dataset needs at least one.",
  },
  ML4010: {
    severity: "error",
    message: 'No row of {column} has the positive class "{positive}"; it has: {values}.',
    help: "Write the positive class as the data does, letter by letter.",
  },
  ML4011: {
    severity: "warning",
    message: "{count} of {total} rows break the schema ({columns}); {done}.",
  },
  ML4012: {
    severity: "error",
    message: "This source is not complete: {problem}.",
  },
  ML4013: {
    severity: "error",
    message: "This split contradicts itself: {problem}.",
  },
  ML4014: {
    severity: "error",
    message: "No row falls into part {part}: {rows} rows are too few for its share.",
    help: "Give the part a larger share, or more rows; with `group`, a group is never divided.",
  },
  ML4015: {
    severity: "error",
    message:
      "The query calls {function}, whose value is another each time: a dataset must be the same on every run.",
  },
  ML4101: {
    severity: "error",
    message: "{dataset} has no column {column}{hint}",
  },
  ML4102: {
    severity: "error",
    message:
      "{column} has no value at all in the training part: nothing can be learnt from it. Drop it, or give a constant.",
  },
  ML4103: {
    severity: "error",
    message: "{what} does not fit {column}, which is {type}.",
  },
  ML4104: {
    severity: "error",
    message: "Derived columns read each other in a circle: {circle}.",
  },
  ML4105: {
    severity: "error",
    message: "{feature} reads {target}, which the model is to predict: leave it out.",
  },
  ML4106: {
    severity: "error",
    message: "Models on {features} learn from {parts}: declare `features` once for each part.",
    help: "What is fitted on one part has seen its rows, which the other model may be judged on.",
  },
  ML4107: {
    severity: "error",
    message: "{column} is missing in {count} training rows, which a linear model cannot read: {fix}.",
  },
  ML4108: {
    severity: "error",
    message:
      "{column} cannot be encoded by the target: {problem}. Use one_hot, or a number or two classes as label.",
  },
  ML4109: {
    severity: "error",
    message: "Name another part than {part}: {dataset} has no rows in it.",
  },
  ML4110: {
    severity: "error",
    message: "{column} cannot be computed: {problem}.",
  },
  ML4111: {
    severity: "error",
    message: "{column} has no term left to count: lower `min_rows`, or drop the column.",
  },
  ML4112: {
    severity: "error",
    message: "Leave a column from which {target} could be predicted: none is left.",
    help: "Keys, labels, text and plain strings are no features; encode, vectorize or derive from them.",
  },
  ML4113: {
    severity: "error",
    message:
      "{column} has more than {count} values: it is no category. Declare it `string`, or leave it out.",
  },
  ML4201: {
    severity: "error",
    message: "{column} is {unknown} in {part}, a class that training never saw (it saw {known}).",
    help: "Stratify the split by the label, or leave rows of the rare class out.",
  },
  ML4202: {
    severity: "error",
    message: "{column} cannot be learnt from {dataset}: {problem}.",
  },
  ML4203: {
    severity: "error",
    message: "{column} is {type}, which no model predicts: name a number, a boolean or a category.",
  },
} as const satisfies Catalogue;

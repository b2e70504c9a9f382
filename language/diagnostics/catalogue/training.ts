/** ML5xxx: training and portable models. */
import type { Catalogue } from "../entry.ts";

export const trainingDiagnostics = {
  ML5001: {
    severity: "error",
    message:
      "Impute {column}: {rows} of its values are missing, and a linear model cannot read a missing number",
    help: "Add `impute { {column} = median }` to the features, or use a tree model, which reads missing values as they are.",
  },
  ML5002: {
    severity: "warning",
    message: "Raise `iterations` or `l2`: after {iterations} steps the weights still change",
    help: "Columns that are nearly the same, or classes that are nearly told apart, make the minimum hard to reach; a larger `l2` helps both.",
  },
  ML5003: {
    severity: "error",
    message:
      "Set `l2` above 0: without it the weights grow without end, for some columns tell the classes apart completely",
    help: "Look also for a column that gives the answer away: one that is known only after it.",
  },
  ML5004: {
    severity: "error",
    message:
      "Use linear_regression or a tree model: {target} is {type}, a quantity, and {variant} learns classes",
    help: "If its values are classes, declare the column as `category`.",
  },
  ML5005: {
    severity: "error",
    message:
      "Use logistic_regression or a tree model: {target} is {type}, which names classes, and {variant} learns quantities",
    help: "If its values are quantities, declare the column as `int` or `float`.",
  },
  ML5006: {
    severity: "error",
    message: "Mend {target}: {rows} of its values are infinite or not a number",
    help: "Filter such rows out of the dataset, or leave the value empty: rows without a target are left out.",
  },
  ML5007: {
    severity: "error",
    message: "Remove `class_weights`: {target} is a quantity and has no classes",
  },
  ML5008: {
    severity: "error",
    message: "Give the training part another class of {target}: every row is {class}",
    help: "Stratify the split by the target, or look at how the rows were chosen.",
  },
  ML5009: {
    severity: "error",
    message: "Name the `target`: {dataset} has no column marked `label`",
  },
  ML5010: {
    severity: "error",
    message: "Divide {target} or its features down to a usual range: {what}",
    help: "Numbers beyond 1e150 overflow when they are squared. Look for a value that stands for something missing (9e99), or derive a logarithm.",
  },
  ML5230: {
    severity: "error",
    message: "Lower the optimizer's `lr`: at step {step} the {what} is {value}{layer}",
    help: "A rate that is too high makes the weights grow until they overflow; a `warmup` of the schedule and, where the model has it, `clip` help. Look also for values in the data that are far beyond all others.",
  },
  ML5231: {
    severity: "error",
    message: "Mend `image`: {image} are {numbers} numbers, and a row of the data has {columns}",
    help: "Height × width × channels must be the number of columns without the target; mark others as `key` or `ignored` in the schema.",
  },
  ML5232: {
    severity: "error",
    message: "Mend the `architecture` of this network: {reason}",
    help: "A network over columns reads vectors, or images with `image`: dense, activations, norms, dropout, residual, repeat, conv2d, pools and flatten.",
  },
} as const satisfies Catalogue;

/** ML6050–ML6079: tests in a spec, and what they find. */
import type { Catalogue } from "../entry.ts";

export const testsDiagnostics = {
  ML6050: {
    severity: "error",
    message: "Write {wanted} for `{column}` in {row}: it is `{type}`, and {found} stands here",
  },
  ML6051: {
    severity: "error",
    message: "Ask {what} for something else than `{member}`, which no prediction of it has{near}",
  },
  ML6052: {
    severity: "error",
    message: "Name a class in `{of}`: {problem}",
    help: "A probability is one of a class. With two classes, that of the positive one is meant when none is named.",
  },
  ML6053: {
    severity: "error",
    message: "Expect {wanted}: `{text}` is no outcome of a {kind}",
  },
  ML6054: {
    severity: "error",
    message: "Name a `{among}` of this test: `{name}` is none{near}",
  },
  ML6055: {
    severity: "error",
    message: "Say which row and what of it, such as {wanted}: `{text}` alone is no value",
  },
  ML6056: {
    severity: "error",
    message: "Take `{attribute}` out: a test of {subject} takes {fits}",
  },
  ML6057: {
    severity: "error",
    message: "Give the test {test} something to check: add {what}",
  },
  ML6058: {
    severity: "error",
    message: "Give {row} {columns}: {why}",
    help: "A value that all rows share stands in `given { … }`. A nullable column may be left out and is then missing.",
  },
  ML6059: {
    severity: "error",
    message: "Give {from} instead of `{column}` in {row}, which is computed from {them}",
  },
  ML6060: {
    severity: "error",
    message: "Change `{column}` in {row}: {value} is {problem}, and the schema lets no such row in",
    help: "Whether the schema keeps such rows out is tested with the dataset as the subject: `rejects …`.",
  },
  ML6061: {
    severity: "error",
    message: "Add `value {metric} = …`: the rule `{rule}` of {gate} reads it",
    help: "`null` stands for a metric that too few rows cannot tell.",
  },
  ML6062: {
    severity: "error",
    message: "Take `value {metric}` out: {why}",
  },
  ML6063: {
    severity: "error",
    message: "Name another column than `{column}` in `{attribute}`: {why}",
  },
  ML6064: {
    severity: "error",
    message: "Write `where` as one column and its value, such as `where {example}`",
  },
  ML6065: {
    severity: "error",
    message: "Give {what} a `schema` block: a test reads its rows by it",
  },
  ML6066: {
    severity: "error",
    message: 'Add `for "…"` with a class to `{attribute} with {column}`: {model} tells several apart',
  },
  ML6067: {
    severity: "warning",
    message: "Say something of the row `{row}`, or take it out: no claim of {test} names it",
  },
  ML6070: {
    severity: "error",
    message: "Test {test} failed: {claim}: {found}",
  },
  ML6071: {
    severity: "error",
    message: "Name a test of {spec}: {name} is none{near}",
    help: "Its tests: {known}.",
  },
  ML6072: {
    severity: "error",
    message: "Write a `test` block into {spec}: it has none",
  },
  ML6073: {
    severity: "error",
    message: "Mend {step} first: test {test} reads its result, and it {found}",
  },
  ML6074: {
    severity: "error",
    message: "Write {file} with `mlops test --update`: test {test} compares the plan with it, and it {found}",
  },
  ML6075: {
    severity: "error",
    message: "Change the row {row} of {test}: {problem}",
  },
} as const satisfies Catalogue;

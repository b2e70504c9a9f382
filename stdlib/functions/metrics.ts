import type { FunctionSpec } from "../../language/vocabulary/kind.ts";

/** What a gate may compare with. */
export const metricsFunctions: readonly FunctionSpec[] = [
  {
    name: "baseline",
    doc: "A metric of a model that hardly looks at the data, learnt from the training part and judged on the same rows.",
    scope: "metrics",
    parameters: [
      {
        name: "of",
        type: "any",
        words: {
          majority: "Always the most frequent class.",
          mean: "Always the mean of the target.",
          one_rule: "The best rule over one column (Holte 1993).",
        },
        counted: {
          ngram: {
            doc: "The next character by the frequencies of what followed the `n` − 1 before it: `ngram(5)`.",
            min: 1,
            max: 8,
          },
        },
      },
    ],
    result: "number",
    example: "baseline(majority).accuracy",
    members: "metrics",
  },
  {
    name: "champion",
    doc: "A metric of the version that now stands under the release's alias, scored again on the same rows. With none yet the rule is skipped.",
    scope: "metrics",
    parameters: [],
    result: "number",
    example: "champion.auc",
    members: "metrics",
    mayBeAbsent: true,
  },
  {
    name: "min",
    doc: "The smallest of its arguments.",
    scope: "metrics",
    parameters: [
      { name: "a", type: "number" },
      { name: "b", type: "number" },
    ],
    variadic: true,
    result: "number",
    example: "min(scored.precision, scored.recall)",
  },
  {
    name: "max",
    doc: "The largest of its arguments.",
    scope: "metrics",
    parameters: [
      { name: "a", type: "number" },
      { name: "b", type: "number" },
    ],
    variadic: true,
    result: "number",
    example: "max(baseline(majority).accuracy, 0.7)",
  },
  {
    name: "abs",
    doc: "The distance from zero.",
    scope: "metrics",
    parameters: [{ name: "x", type: "number" }],
    result: "number",
    example: "abs(scored.recall - scored.precision)",
  },
];

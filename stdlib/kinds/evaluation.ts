// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import { z } from "zod";
import type { Kind, OfferedColumn } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";

const schema = z.object({
  model: v.reference(["model"], "The model to judge."),
  data: v.reference(
    ["features", "dataset"],
    "The part to judge it on; the training part is refused.",
    "split",
    "judge",
  ),
  metrics: v.set(v.metric("A metric."), "What to compute."),
  slices: v
    .set(v.column("data", "A column."), "Compute every metric again for each value of these columns.")
    .optional(),
  min_rows: v.int("Slices with fewer rows are insufficient evidence.", { min: 1 }).default(30),
  cost: v
    .block(
      {
        false_positive: v.number("What predicting the positive class wrongly costs.").default(0),
        false_negative: v.number("What missing a positive costs.").default(0),
        true_positive: v.number("What a found positive costs (negative: earns).").default(0),
        true_negative: v.number("What a right negative costs (negative: earns).").default(0),
      },
      "The cost of each outcome; the threshold is then the cheapest on `threshold_on`.",
    )
    .optional(),
  threshold: v
    .ratio("Probability from which the positive class is predicted; 0.5, or the cheapest under `cost`.")
    .optional(),
  threshold_on: v
    .reference(
      ["features", "dataset"],
      "The part on which `cost` chooses the threshold; the model's `tune` part when not given.",
      "split",
      "tune",
    )
    .optional(),
  confidence: v.ratio("Confidence level of the intervals.").default(0.95),
  resamples: v.int("Bootstrap resamples for the intervals.", { min: 0 }).default(1000),
  seed: v.int("Decides the resamples.").default(0),
  plots: v.boolean("Draw ROC, precision-recall, calibration, confusion and importance as SVG.").default(true),
});

export type Evaluation = z.output<typeof schema>;

export const evaluation = {
  name: "evaluation",
  doc: "Metrics of a model on a part of the data, overall and for each slice, with intervals, baselines and plots.",
  variantRequired: false,
  stateful: false,
  terminal: true,
  offers: {
    through: "data",
    columns: (props: { slices?: readonly string[] }, inherited: readonly OfferedColumn[] | null) =>
      inherited?.filter((column) => props.slices?.includes(column.name)) ?? null,
    metrics: (props: { metrics?: readonly v.MetricUse[] }) => props.metrics ?? null,
  },
  context: `dataset loans: csv {
  path = "loans.csv"
  schema {
    income: float
    area: category
    approved: category label positive "yes"
  }
  split(seed = 42) { train = 70%, validation = 15%, test = 15% }
}

model scorer: logistic_regression {
  data = loans.train
}
`,
  variants: {
    evaluation: {
      name: "evaluation",
      doc: "Metrics of a model on a part of the data.",
      schema,
      example: `evaluation scored {
  model = scorer
  data = loans.test
  metrics = [accuracy, f1, auc, log_loss]
  slices = [area]
}
`,
      snippet:
        "evaluation ${1:name} {\n  model = ${2:model}\n  data = ${3:features}.test\n  metrics = [${4:accuracy}]\n}",
    },
  },
} as const satisfies Kind;

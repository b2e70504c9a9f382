// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind, Neighbour, Objection, OfferedColumn } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import { reviewEvaluation } from "../reviews/evaluation.ts";

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
      "What each outcome costs; the mean cost of a row is then reported as `cost`.",
    )
    .optional(),
  threshold: v
    .ratio("Probability from which the positive class is predicted; the model's own (0.5) when not given.")
    .optional(),
  threshold_on: v
    .reference(
      ["features", "dataset"],
      "Predict from the threshold that is cheapest under `cost` on this part; the release then serves with it.",
      "split",
      "tune",
    )
    .optional(),
  max_tokens: v
    .int("Language models: tokens of a generated answer at most (`exact_match`, `bleu`, `rouge_l`).", {
      min: 1,
    })
    .default(64),
  confidence: v.ratio("Confidence level of the intervals.").default(0.95),
  resamples: v.int("Bootstrap resamples for the intervals.", { min: 0 }).default(1000),
  seed: v.int("Decides the resamples.").default(0),
  plots: v.boolean("Draw ROC, precision-recall, calibration, confusion and importance as SVG.").default(true),
});

export type Evaluation = z.output<typeof schema>;

const COST_METRICS: readonly string[] = ["cost", "profit"];

/** What the judged model's task and the other attributes rule out. */
function review(
  props: Evaluation,
  name: string,
  of: (reference: v.Reference) => Neighbour | null,
): Objection[] {
  const found: Objection[] = reviewEvaluation(props, name, of);
  const refuse = (code: string, pointer: string, values: Readonly<Record<string, string>>) =>
    void found.push({ code, pointer, values: { evaluation: name, ...values } });
  const model = of(props.model);
  const tasks = model?.tasks ?? ["binary"];
  if (!tasks.includes("binary")) {
    const classes = tasks.includes("regression")
      ? "is a number"
      : tasks.includes("multiclass")
        ? "has more"
        : "is text";
    for (const attribute of ["cost", "threshold", "threshold_on"] as const) {
      if (props[attribute] !== undefined) {
        refuse("ML6002", `/${attribute}`, {
          attribute,
          target: model?.target ?? "the target",
          found: classes,
        });
      }
    }
  }
  for (const [index, metric] of props.metrics.entries()) {
    if (COST_METRICS.includes(metric.name) && props.cost === undefined) {
      refuse("ML6006", `/metrics/${index}`, { metric: metric.name });
    }
  }
  if (props.threshold_on !== undefined && props.cost === undefined) {
    refuse("ML6001", "/threshold_on", { problem: "without a `cost` block no threshold is the cheapest" });
  }
  if (props.threshold_on !== undefined && props.threshold !== undefined) {
    refuse("ML6001", "/threshold_on", {
      problem: "`threshold` already says where the positive class begins",
    });
  }
  return found;
}

export const evaluation = {
  name: "evaluation",
  doc: "Metrics of a model on a part of the data, overall and for each slice, with intervals, baselines and plots.",
  variantRequired: false,
  stateful: false,
  terminal: true,
  review,
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

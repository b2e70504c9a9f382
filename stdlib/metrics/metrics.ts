import * as z from "zod";
import type { MetricSpec, Task } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import { languageMetrics } from "./language.ts";

const CLASSES: readonly Task[] = ["binary", "multiclass"];
const TWO: readonly Task[] = ["binary"];
const NUMBERS: readonly Task[] = ["regression"];

const average = v
  .choice(
    {
      binary: "Of the positive class.",
      macro: "The mean over the classes.",
      weighted: "The mean over the classes, each weighted by its rows.",
    },
    "How the classes' values become one; the positive class of two and the mean over more when not given.",
  )
  .optional();
const top = v.ratio("Among the highest-scoring share of the rows only.").optional();

function metric(
  name: string,
  tasks: readonly Task[],
  better: MetricSpec["better"],
  ratio: boolean,
  doc: string,
  args: z.ZodObject = z.object({}),
  range?: MetricSpec["range"],
): MetricSpec {
  return { name, doc, tasks, better, args, ratio, ...(range === undefined ? {} : { range }) };
}

const NONE = z.object({});
const FROM_ZERO = [0, Number.POSITIVE_INFINITY] as const;

/** What evaluations compute. */
export const allMetrics: readonly MetricSpec[] = [
  metric("accuracy", CLASSES, "higher", true, "The share of rows predicted right."),
  metric("balanced_accuracy", CLASSES, "higher", true, "The mean of the classes' recalls."),
  metric(
    "precision",
    CLASSES,
    "higher",
    true,
    "Of the rows predicted positive, the share that is.",
    z.object({ top, average }),
  ),
  metric(
    "recall",
    CLASSES,
    "higher",
    true,
    "Of the positive rows, the share found.",
    z.object({ top, average }),
  ),
  metric("f1", CLASSES, "higher", true, "The harmonic mean of precision and recall.", z.object({ average })),
  metric(
    "auc",
    CLASSES,
    "higher",
    true,
    "The area under the ROC curve: how often a positive scores above a negative; over several classes the mean of one against the rest.",
  ),
  metric("pr_auc", CLASSES, "higher", true, "Average precision: the area under the precision-recall curve."),
  metric("log_loss", CLASSES, "lower", false, "The mean negative log-likelihood, in nats.", NONE, FROM_ZERO),
  metric("brier", CLASSES, "lower", false, "The mean squared error of the probabilities.", NONE, FROM_ZERO),
  metric("mcc", CLASSES, "higher", false, "Matthews' correlation coefficient, −1 to 1.", NONE, [-1, 1]),
  metric("cost", TWO, "lower", false, "The mean cost of a row under the evaluation's `cost` block."),
  metric("profit", TWO, "higher", false, "The mean profit of a row: the negative cost."),
  {
    ...metric(
      "confusion",
      CLASSES,
      "higher",
      false,
      "The confusion matrix: rows by true and predicted class.",
    ),
    scalar: false,
  },
  metric(
    "rmse",
    NUMBERS,
    "lower",
    false,
    "The root of the mean squared error, in the target's unit.",
    NONE,
    FROM_ZERO,
  ),
  metric("mae", NUMBERS, "lower", false, "The mean absolute error, in the target's unit.", NONE, FROM_ZERO),
  metric(
    "r2",
    NUMBERS,
    "higher",
    false,
    "The share of the variance explained; negative when worse than the mean.",
    NONE,
    [Number.NEGATIVE_INFINITY, 1],
  ),
  metric(
    "mape",
    NUMBERS,
    "lower",
    false,
    "The mean absolute error as a share of the true value.",
    NONE,
    FROM_ZERO,
  ),
  ...languageMetrics,
];

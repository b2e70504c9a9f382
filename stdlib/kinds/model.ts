// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in LSP syntax, `${1:name}`
import * as z from "zod";
import type { Kind, Neighbour, Objection, OfferedColumn } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import { reviewLanguageModel } from "../reviews/language-model.ts";
import { type Learning, reviewModel } from "../reviews/model.ts";
import { reviewModelArchitecture } from "../reviews/model-architecture.ts";
import { languageTasks, languageVariants } from "./language-models.ts";
import { seenThrough } from "./seen.ts";
import { engine, optimizer, schedule } from "./training.ts";

const common = {
  data: v.reference(["features", "dataset"], "The part to learn from: `applicant.train`.", "split", "learn"),
  target: v
    .column("data", "The column to predict; the schema's label when not given.", ["key", "ignored"])
    .optional(),
  seed: v.int("Decides everything random; the same seed gives the same bytes.").default(0),
};

const weights = v
  .choice(
    { balanced: "Each class counts the same in total.", none: "Each row counts the same." },
    "How much each class counts.",
  )
  .default("none");

const linear = {
  ...common,
  l2: v
    .number("Weight of the squared coefficients (the intercept is free); scikit-learn's 1/C, alpha.", {
      min: 0,
    })
    .default(1),
  standardize: v
    .boolean("Scale numbers to mean 0, deviation 1 before fitting; the penalty then treats them alike.")
    .default(true),
  iterations: v.int("Give up after this many Newton steps.", { min: 1 }).default(100),
  tolerance: v.number("Stop when no coefficient's gradient is larger.", { min: 0 }).default(1e-8),
};

const logisticRegression = z.object({ ...linear, class_weights: weights });
const linearRegression = z.object({
  ...linear,
  l2: v.number("Weight of the squared coefficients.", { min: 0 }).default(0),
});

const tree = {
  ...common,
  depth: v.int("Levels of questions at most; without a limit when not given.", { min: 1 }).optional(),
  min_rows: v.int("Rows a leaf holds at least.", { min: 1 }).default(1),
  class_weights: weights,
};

const decisionTree = z.object({
  ...tree,
  prune: v
    .number("Cost-complexity pruning: an impurity decrease below this is not worth a split.", { min: 0 })
    .default(0),
});

const randomForest = z.object({
  ...tree,
  trees: v.int("How many trees.", { min: 1 }).default(300),
  columns: v
    .ratio("Share of the columns tried at each split; √k of k when not given (a third for regression).")
    .optional(),
  rows: v.ratio("Rows drawn for each tree, with replacement, as a share.").default(1),
});

const boosting = z.object({
  ...common,
  tune: v
    .reference(["features", "dataset"], "The part that decides when to stop.", "split", "tune")
    .optional(),
  trees: v.int("Rounds at most.", { min: 1 }).default(300),
  depth: v.int("Levels of questions in each tree.", { min: 1, max: 16 }).default(6),
  leaves: v.int("Leaves in each tree at most.", { min: 2 }).default(31),
  rate: v.number("Learning rate: how much each tree adds.", { min: 0, max: 1 }).default(0.1),
  min_rows: v.int("Rows a leaf holds at least.", { min: 1 }).default(20),
  l2: v.number("Weight of the squared leaf values.", { min: 0 }).default(0),
  bins: v.int("Histogram bins a column.", { min: 2, max: 255 }).default(255),
  rows: v.ratio("Share of the rows drawn for each tree, without replacement.").default(1),
  columns: v.ratio("Share of the columns drawn for each tree.").default(1),
  patience: v
    .int("Stop after this many rounds without a better `tune` loss; the best round is kept.", { min: 1 })
    .default(20),
  class_weights: weights,
});

const network = z
  .object({
    ...common,
    tune: v
      .reference(["features", "dataset"], "The part that decides when to stop.", "split", "tune")
      .optional(),
    architecture: v
      .reference(["architecture"], "The layers from the input to the last hidden one; or give `hidden`.")
      .optional(),
    image: v
      .block(
        {
          height: v.int("Rows of pixels.", { min: 1 }),
          width: v.int("Pixels in a row.", { min: 1 }),
          channels: v.int("Numbers a pixel.", { min: 1 }).default(1),
        },
        "The columns are an image's pixels, row by row, each pixel's channels together.",
      )
      .optional(),
    hidden: v.list(v.int("Units.", { min: 1 }), "Units of each hidden layer.").default([64, 64]),
    activation: v
      .choice(
        { relu: "max(0, x).", gelu: "x Φ(x).", tanh: "Between −1 and 1.", silu: "x sigmoid(x)." },
        "Between the layers.",
      )
      .default("relu"),
    dropout: v.ratio("Share of the hidden units dropped while training.").default(0),
    epochs: v.int("Passes over the rows.", { min: 1 }).default(50),
    batch: v.int("Rows in each step.", { min: 1 }).default(64),
    optimizer: optimizer(1e-3),
    schedule,
    patience: v
      .int("Stop after so many passes without a better `tune` loss; the best weights are kept.", { min: 1 })
      .default(10),
    engine,
    class_weights: weights,
  })
  .refine((props) => props.image === undefined || props.architecture !== undefined, {
    message: "needs an `architecture` that reads it",
    path: ["image"],
  });

export type NetworkModel = z.output<typeof network>;
export type LogisticRegression = z.output<typeof logisticRegression>;
export type LinearRegression = z.output<typeof linearRegression>;
export type DecisionTree = z.output<typeof decisionTree>;
export type RandomForest = z.output<typeof randomForest>;
export type GradientBoostedTrees = z.output<typeof boosting>;

const listed = (names: readonly string[]): string =>
  names.length < 3
    ? names.map((name) => `\`${name}\``).join(" and ")
    : `${names
        .slice(0, 2)
        .map((name) => `\`${name}\``)
        .join(", ")} and ${names.length - 2} more`;

/** What linear models and networks cannot read: numbers that may be missing and that nothing fills. */
function reviewMissing(
  props: { readonly data: v.Reference; readonly target?: string },
  name: string,
  of: (reference: v.Reference) => Neighbour | null,
): Objection[] {
  // Only the linear variants have a penalty and an intercept to scale for, only networks hidden units.
  if (!("standardize" in props || "hidden" in props)) return [];
  // A label has a role, and is not seen anyway.
  const missing = seenThrough(props.data, props.target ?? null, of)?.mayMiss ?? [];
  if (missing.length === 0) return [];
  const names = missing.map((column) => column.name);
  const values = {
    columns: listed(names),
    may: names.length === 1 ? "it may" : "they may",
    model: `the model \`${name}\``,
    example: /^[A-Za-z_]\w*$/.test(names[0]!) ? names[0]! : `\`${names[0]}\``,
  };
  return [{ code: "ML3057", values, pointer: "/data" }];
}

const reviewAll = (
  props: Learning,
  name: string,
  of: (reference: v.Reference) => Neighbour | null,
): Objection[] => [
  ...(languageTasks(props) !== null
    ? reviewLanguageModel(props, name, of)
    : [...reviewModel(props, name, of), ...reviewMissing(props, name, of)]),
  ...reviewModelArchitecture(props, name, of),
];

const snippet = (variant: string) =>
  `model \${1:name}: ${variant} {\n  data = \${2:features}.train\n  target = \${3:label}\n  seed = 42\n}`;
const example = (variant: string, more = "") => `model scorer: ${variant} {
  data = applicant.train
  target = approved
${more}  seed = 42
}
`;

export const model = {
  name: "model",
  doc: "A recipe that makes a model from data. The task of a model of columns follows from the target: a category or boolean is classified, a number is regressed.",
  variantRequired: true,
  stateful: false,
  terminal: false,
  unused: "name it in an evaluation's `model`",
  review: reviewAll,
  offers: {
    through: "data",
    tasks: languageTasks,
    target: (props: { target?: string }, inherited: readonly OfferedColumn[]) =>
      props.target ?? inherited.find((column) => column.role === "label")?.name ?? null,
  },
  context: `dataset loans: csv {
  path = "loans.csv"
  schema {
    income: float
    area: category
    approved: category label positive "yes"
    amount: float
  }
  split(seed = 42) { train = 70%, validation = 15%, test = 15% }
}

features applicant {
  from = loans
  derive { thousands = income / 1000 }
}
`,
  variants: {
    logistic_regression: {
      name: "logistic_regression",
      doc: "Logistic regression, binary or multinomial, solved to convergence by Newton's method.",
      tasks: ["binary", "multiclass"],
      schema: logisticRegression,
      example: example("logistic_regression", "  l2 = 0.1\n"),
      snippet: snippet("logistic_regression"),
    },
    linear_regression: {
      name: "linear_regression",
      doc: "Least squares, or ridge regression with `l2`, solved exactly.",
      tasks: ["regression"],
      schema: linearRegression,
      example: `model price: linear_regression {
  data = applicant.train
  target = amount
}
`,
      snippet: snippet("linear_regression"),
    },
    decision_tree: {
      name: "decision_tree",
      doc: "One tree of questions (CART: Gini impurity, or squared error).",
      schema: decisionTree,
      example: example("decision_tree", "  depth = 4\n"),
      snippet: snippet("decision_tree"),
    },
    random_forest: {
      name: "random_forest",
      doc: "Many trees on random rows and columns, averaged (Breiman 2001).",
      schema: randomForest,
      example: example("random_forest", "  trees = 300\n"),
      snippet: snippet("random_forest"),
    },
    gradient_boosted_trees: {
      name: "gradient_boosted_trees",
      doc: "Trees added one by one, each correcting the sum so far, on histograms (Friedman 2001; LightGBM). Missing values and categories are native.",
      schema: boosting,
      example: example(
        "gradient_boosted_trees",
        "  tune = applicant.validation\n  trees = 200\n  depth = 4\n",
      ),
      snippet: snippet("gradient_boosted_trees"),
    },
    network: {
      name: "network",
      doc: "A neural network over the columns: a multilayer perceptron, or layers of your own (images: convolutions).",
      tasks: ["binary", "multiclass", "regression"],
      schema: network,
      example: example("network", "  tune = applicant.validation\n  hidden = [32, 16]\n"),
      snippet: snippet("network"),
    },
    ...languageVariants,
  },
} as const satisfies Kind;

/** Random features, models and evaluations over a dataset. */
import type { Choices } from "./choices.ts";
import { type PoolColumn, spelt } from "./columns.ts";
import type { Made } from "./datasets.ts";
import { expression, knownOf } from "./expressions.ts";

export interface Rows {
  /** As references write it. */
  readonly name: string;
  readonly parts: readonly string[];
  readonly columns: readonly PoolColumn[];
  /** Names of derived columns. */
  readonly derived: readonly string[];
}

const block = (name: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `  ${name} {\n${lines.map((line) => `    ${line}\n`).join("")}  }\n`;

const IMPUTE: Readonly<Record<string, readonly string[]>> = {
  number: ["median", "mean", "mode", "0", "-1.5"],
  text: ["mode", '"none"'],
  note: ["mode", '"none"'],
  boolean: ["mode", "true"],
  time: ["mode", '"2024-01-01"'],
};
const kindOf = (type: PoolColumn["type"]): string =>
  type === "text"
    ? "note"
    : type === "int" || type === "float"
      ? "number"
      : type === "boolean"
        ? "boolean"
        : /date|time/.test(type)
          ? "time"
          : "text";
const ALL_IMPUTE = ["median", "mode", "0", '"none"', "true", '"2024-01-01"'];
const ENCODE = [
  "one_hot",
  "ordinal",
  "target",
  "one_hot(min_count = 5)",
  "target(folds = 2, smoothing = 0)",
  'ordinal(order = ["north", "south"])',
];
const SCALE = ["standard", "min_max", "robust"];
const BUCKET = ["quantile(count = 4)", "uniform(3)", "edges(at = [0, 10, 100])"];
const VECTORIZE = ["tfidf", "tfidf(max_terms = 4, ngrams = 2, sublinear = true)", "tfidf(min_rows = 2)"];

export function makeFeatures(choose: Choices, name: string, from: Made): Rows & { readonly text: string } {
  const { columns } = from;
  const inputs = columns.filter((column) => column.rest?.includes("label") !== true);
  const known = knownOf(inputs);
  const anything = columns.map((column) => column.name);
  const of = (kinds: readonly string[], outOf: number) => {
    const right = inputs.filter((column) => kinds.includes(kindOf(column.type)) && column.rest !== "key");
    return choose
      .some(right, outOf)
      .map((column) => ({ name: choose.odd([column.name], anything), type: column.type }));
  };
  const once = (lines: readonly string[]) => [
    ...new Map(lines.map((line) => [line.split(" = ")[0], line])).values(),
  ];
  const derived = ["d1", "d2", "d3"].filter(() => choose.chance(3));
  const derive = derived.map((one, i) => {
    const kind = choose.pick(["number", "number", "boolean", "text"] as const);
    const before = choose.odd(
      [known],
      [[...known, ...derived.slice(0, i).map((other) => ({ name: other, kind: "number" as const }))]],
    );
    return `${one} = ${expression(choose, before, kind, 2)}`;
  });
  const holes = inputs.filter((column) => column.rest === "nullable");
  const impute = holes
    .filter(() => !choose.chance(5))
    .map(
      (column) =>
        `${spelt(choose.odd([column.name], [...anything, ...derived]))} = ${choose.odd(IMPUTE[kindOf(column.type)]!, ALL_IMPUTE)}`,
    );
  const spare = anything.filter((column) => column !== "income");
  const drop = choose.chance(4) ? choose.some(choose.odd([spare], [anything]), 4) : [];
  const seen = inputs.filter((column) => !["text", "date", "timestamp"].includes(column.type));
  const only = choose.chance(6)
    ? choose
        .odd([seen], [columns])
        .filter(({ name: column }) => column === choose.odd(["income"], [""]) || choose.chance(2))
        .map((column) => column.name)
    : null;
  const entries = (
    kinds: readonly string[],
    outOf: number,
    ways: readonly string[],
    odd: readonly string[],
  ) =>
    once(
      of(kinds, outOf).map(
        ({ name: column }) =>
          `${spelt(choose.odd([column], [...derived, column]))} = ${choose.odd(ways, odd)}`,
      ),
    );
  const listed = (word: string, names: readonly string[] | null) =>
    names === null || names.length === 0 ? "" : `  ${word} = [${names.map(spelt).join(", ")}]\n`;
  const ways = taskOf(columns) === "more" ? ENCODE.filter((way) => !way.startsWith("target")) : ENCODE;
  const encode = entries(["text", "boolean"], 3, ways, [
    "target",
    "ordinal(order = [])",
    "one_hot(min_count = 999)",
  ]);
  const vectorize = entries(["text", "note"], 5, VECTORIZE, [
    "tfidf(max_terms = 1)",
    "tfidf(min_rows = 100000)",
  ]);
  const free = vectorize.filter(
    (line) => !encode.some((other) => other.split(" = ")[0] === line.split(" = ")[0]),
  );
  const text = [
    `features ${name} {\n  from = ${from.name}\n`,
    listed("only", only),
    listed("drop", drop),
    block("impute", once(impute)),
    block("derive", derive),
    block("encode", encode),
    block("scale", entries(["number"], 4, SCALE, SCALE)),
    block(
      "bucket",
      entries(["number"], 6, BUCKET, ["edges(at = [])", "edges(at = [3, 3, 1])", "quantile(count = 1000)"]),
    ),
    block("vectorize", choose.odd([free], [vectorize])),
    "}\n",
  ].join("");
  return { name, parts: from.parts, columns, derived, text };
}

const TASK: Readonly<Record<string, "two" | "more" | "number">> = {
  approved: "two",
  done: "two",
  level: "more",
  sort: "two",
  total: "number",
  count: "number",
};

export const taskOf = (columns: readonly PoolColumn[]): "two" | "more" | "number" =>
  TASK[columns.find((column) => column.name in TASK)?.name ?? "total"]!;

const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  logistic_regression: [
    "l2 = 0.5",
    "standardize = false",
    "iterations = 30",
    "class_weights = balanced",
    "tolerance = 1e-4",
  ],
  linear_regression: ["l2 = 1", "standardize = false", "tolerance = 1e-4"],
  decision_tree: ["depth = 3", "min_rows = 5", "prune = 0.01"],
  random_forest: ["depth = 3", "min_rows = 5", "rows = 50%", "columns = 50%"],
  gradient_boosted_trees: [
    "depth = 3",
    "leaves = 4",
    "rate = 0.3",
    "rows = 50%",
    "columns = 50%",
    "bins = 8",
    "min_rows = 3",
    "l2 = 1",
    "patience = 2",
  ],
};
const ODD_SETTINGS = [
  "class_weights = balanced",
  "rows = 0%",
  "columns = 0%",
  "rate = 0",
  "l2 = 0",
  "tolerance = 0",
  "iterations = 1",
  "min_rows = 100000",
  "depth = 100000",
  "bins = 2",
  "leaves = 2",
  "seed = -5",
  "seed = 9007199254740991",
];

const part = (choose: Choices, rows: Rows, wanted: string): string => {
  const name = choose.odd([rows.parts.includes(wanted) ? wanted : null], [null, ...rows.parts]);
  return name === null ? rows.name : `${rows.name}.${name}`;
};

export function makeModel(choose: Choices, name: string, rows: Rows, others: readonly Rows[]): string {
  const task = taskOf(rows.columns);
  const right =
    task === "number"
      ? ["linear_regression", "decision_tree", "random_forest", "gradient_boosted_trees"]
      : ["logistic_regression", "decision_tree", "random_forest", "gradient_boosted_trees"];
  const variant = choose.odd(right, Object.keys(SETTINGS));
  const label = rows.columns.find((column) => column.rest?.includes("label") === true)!;
  const target = choose.chance(3)
    ? `  target = ${spelt(choose.odd([label.name], [...rows.columns.map((column) => column.name), ...rows.derived]))}\n`
    : "";
  const forest = variant === "random_forest" || variant === "gradient_boosted_trees";
  const tune =
    variant === "gradient_boosted_trees" && choose.chance(2)
      ? `  tune = ${part(choose, choose.odd([rows], others), "tune")}\n`
      : "";
  const settings = choose.some(SETTINGS[variant]!, 4);
  const odd = choose.odd([""], ODD_SETTINGS);
  const lines = [
    ...new Map(
      [...settings, odd].filter((line) => line !== "").map((line) => [line.split(" ")[0], line]),
    ).values(),
  ];
  return `model ${name}: ${variant} {
  data = ${part(choose, rows, "train")}
${target}${tune}${forest ? "  trees = 3\n" : ""}${lines.map((line) => `  ${line}\n`).join("")}}
`;
}

const METRICS: Readonly<Record<string, readonly string[]>> = {
  two: [
    "accuracy",
    "f1",
    "auc",
    "log_loss",
    "recall(top = 20%)",
    "precision(average = macro)",
    "brier",
    "mcc",
    "pr_auc",
    "confusion",
    "balanced_accuracy",
  ],
  more: [
    "accuracy",
    "f1",
    "auc",
    "log_loss",
    "recall",
    "precision(average = weighted)",
    "brier",
    "mcc",
    "pr_auc",
    "balanced_accuracy",
    "confusion",
  ],
  number: ["rmse", "mae", "r2", "mape"],
};
const ODD_METRICS = [
  "cost",
  "profit",
  "rmse",
  "accuracy",
  "recall(top = 0%)",
  "f1(average = binary)",
  "precision(top = 10%, average = macro)",
];

export interface Judged {
  readonly name: string;
  readonly metrics: readonly string[];
  readonly slices: readonly string[];
  readonly task: "two" | "more" | "number";
}

export function makeEvaluation(
  choose: Choices,
  name: string,
  model: string,
  rows: Rows,
  others: readonly Rows[],
): Judged & { readonly text: string } {
  const task = taskOf(rows.columns);
  const priced = task === "two" && choose.chance(3);
  const right = [...METRICS[task]!, ...(priced ? ["cost", "profit"] : [])];
  const metrics = [
    ...new Set(
      [choose.pick(right.filter((metric) => metric !== "confusion")), ...choose.some(right, 3)].map(
        (metric) => choose.odd([metric], ODD_METRICS),
      ),
    ),
  ];
  const groups = rows.columns.filter(
    (column) => ["category", "boolean"].includes(column.type) && column.rest?.includes("label") !== true,
  );
  const anything = [...rows.columns.map((column) => column.name), ...rows.derived];
  const slices = choose.chance(2)
    ? [...new Set(choose.some(groups, 2).map((column) => choose.odd([column.name], anything)))]
    : [];
  const cost =
    priced || choose.odd([false], [true])
      ? "  cost { false_positive = 1, false_negative = 5USD }\n".replace("5USD", "5")
      : "";
  const on =
    priced && choose.chance(2)
      ? `  threshold_on = ${part(choose, choose.odd([rows], others), "tune")}\n`
      : "";
  const threshold = choose.odd([""], ["  threshold = 0.3\n", "  threshold = 0%\n", "  threshold = 1\n"]);
  const resamples = choose.odd(["20", "10"], ["0", "1"]);
  const text = `evaluation ${name} {
  model = ${model}
  data = ${part(choose, choose.odd([rows], others), "test")}
  metrics = [${metrics.join(", ")}]
${slices.length === 0 ? "" : `  slices = [${slices.map(spelt).join(", ")}]\n`}${cost}${on}${threshold}  min_rows = ${choose.pick([1, 5, 1000])}
  resamples = ${resamples}
${choose.odd([""], ["  confidence = 0%\n", "  confidence = 100%\n", "  seed = -3\n"])}  plots = ${choose.odd(["false"], ["true"])}
}
`;
  return { name, metrics, slices, task, text };
}

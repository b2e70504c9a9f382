/** Hand-made models of every kind. */
import type { Layer } from "../../language/vocabulary/layer.ts";
import type { FeatureUse, PortableModel, TransformStep } from "../../runtime/portable/form.ts";
import { layer, linear, network, type TreeShape, trees } from "./learners.ts";
import { AREAS, bin, CITIES, col, either, INPUTS, lit } from "./rows.ts";

const ratio = bin("/", col("income"), col("size"));

/** Steps of every kind, and the features they leave. */
export const STEPS: readonly TransformStep[] = [
  { op: "impute_number", column: "age", value: 37.5 },
  { op: "impute_string", column: "area", value: "urban" },
  { op: "derive", output: "burden", expression: ratio, type: "number" },
  {
    op: "derive",
    output: "group",
    expression: either(
      bin("==", col("area"), lit("rural")),
      lit("country"),
      either(bin(">", col("age"), lit(40)), lit("old"), lit(null)),
    ),
    type: "string",
  },
  {
    op: "derive",
    output: "local",
    expression: bin("in", col("city"), { is: "list", items: [lit("city 01"), lit("city 02")] }),
    type: "number",
  },
  { op: "scale", column: "income", output: "income", offset: 5000.1, factor: 2890.7 },
  { op: "bucket", column: "size", output: "bucket", edges: [1, 2.5, 4] },
  {
    op: "one_hot",
    column: "area",
    levels: ["rural", "urban", "Ünïcode 🎉"],
    outputs: ["area=rural", "area=urban", "area=Ünïcode 🎉"],
    other: { levels: ["semiurban", "with space"], output: "area=other" },
  },
  { op: "ordinal", column: "group", output: "group rank", levels: ["country", "old"] },
  {
    op: "target",
    column: "city",
    output: "city rate",
    levels: CITIES,
    values: CITIES.map((_, i) => (i * 0.1) / 7),
    default: 0.31,
  },
];

const numeric = (name: string): FeatureUse => ({ name, kind: "numeric", width: 1 });

export const DENSE: readonly FeatureUse[] = [
  "age",
  "area=Ünïcode 🎉",
  "area=other",
  "area=rural",
  "area=urban",
  "bucket",
  "burden",
  "city rate",
  "group rank",
  "income",
  "joined",
  "local",
  "member",
].map(numeric);

/** Imputes what a linear model reads, so that its raw outputs are numbers. */
export const COMPLETE: readonly TransformStep[] = [
  { op: "impute_number", column: "income", value: 4000 },
  { op: "impute_number", column: "size", value: 2 },
  { op: "impute_number", column: "joined", value: 0 },
  { op: "impute_number", column: "member", value: 0 },
  { op: "impute_string", column: "city", value: "city 03" },
  ...STEPS,
  { op: "impute_number", column: "burden", value: 100 },
];

/** Native categories for trees; 80 cities are too many for one bit mask. */
export const CATEGORIES: readonly TransformStep[] = [
  { op: "category", column: "area", output: "area", levels: AREAS },
  { op: "category", column: "city", output: "city", levels: CITIES },
];

export const TFIDF: TransformStep = {
  op: "tfidf",
  column: "note",
  output: "note",
  terms: ["good", "bad", "été", "straße", "snake_case", "日本", "good bad", "bad good"],
  idf: [1, 1.5, 2.25, 3, 1.1, 1.2, 1.9, 2],
  ngrams: 2,
  sublinear: true,
};

type Parts = Pick<PortableModel, "task" | "steps" | "features" | "learner">;

const CLASSES = { binary: ["no", "yes"], multiclass: ["a", "b", "c"], regression: [] } as const;

export function model(parts: Parts, threshold = 0.5): PortableModel {
  return { format: 1, target: "y", inputs: INPUTS, classes: CLASSES[parts.task], threshold, ...parts };
}

/** What no ONNX operator computes alike everywhere, on imputed values, and a text that is imputed first. */
const OUTSIDE: readonly TransformStep[] = [
  { op: "impute_string", column: "city", value: "city 50" },
  { op: "derive", output: "late", expression: bin(">", col("city"), lit("city 40")), type: "number" },
  {
    op: "derive",
    output: "later",
    expression: either(bin("<", col("area"), col("city")), col("city"), lit(null)),
    type: "string",
  },
  {
    op: "target",
    column: "later",
    output: "later",
    levels: CITIES,
    values: CITIES.map((_, i) => i / 3),
    default: -1,
  },
  { op: "impute_string", column: "note", value: "Good BAD" },
  TFIDF,
];
const OUTSIDE_FEATURES: readonly FeatureUse[] = [
  ...["age", "late", "later"].map(numeric),
  { name: "note", kind: "sparse", width: 8 },
];

const hidden = (units: number, activation: string): Layer => layer("dense", { units, activation });

/** Every layer that a row can go through. */
const VECTOR_LAYERS: readonly Layer[] = [
  hidden(8, "gelu"),
  layer("layer_norm"),
  layer("dropout", { rate: 0.5 }),
  layer("residual", {}, [hidden(6, "tanh"), layer("dense", { units: 8, bias: false })]),
  layer("repeat", { count: 2 }, [layer("rms_norm"), layer("gated", { units: 5, activation: "gelu_tanh" })]),
  layer("swiglu", { units: 4 }),
  layer("scale", { by: 0.5 }),
  hidden(6, "softmax"),
  layer("silu"),
  layer("gelu", { approximation: "tanh" }),
  layer("dense", { units: 3 }),
];
const IMAGE_LAYERS: readonly Layer[] = [
  layer("conv2d", { filters: 3, size: 2, padding: "same", activation: "relu" }),
  layer("conv2d", { filters: 2, size: 3, stride: 2, padding: "same", bias: false }),
  layer("residual", {}, [layer("conv2d", { filters: 2, size: 1, activation: "sigmoid" })]),
  layer("softmax"),
  layer("max_pool", { size: 1 }),
  layer("flatten"),
  layer("dense", { units: 1 }),
];
const POOLED_LAYERS: readonly Layer[] = [
  layer("conv2d", { filters: 4, size: 2, padding: "valid", activation: "silu" }),
  layer("max_pool", { size: 2, stride: 1 }),
  layer("average_pool", { size: 1 }),
  layer("global_pool", { by: "average" }),
  layer("dense", { units: 3 }),
];

/** Networks: over columns, over an image in them, over a text. */
function networks(seed: number, text: readonly FeatureUse[], textSteps: readonly TransformStep[]) {
  const dense = { steps: COMPLETE, features: DENSE };
  const image = { channels: 2, height: 2, width: 3 };
  const flat = { channels: 1, height: 3, width: 4 };
  const perceptron = [hidden(5, "relu"), layer("dense", { units: 1 })];
  return [
    [
      "a network of two classes",
      model({ ...dense, task: "binary", learner: network(1, 13, perceptron, "logistic", seed) }, 0.4),
    ],
    [
      "a network of three classes through every layer",
      model({ ...dense, task: "multiclass", learner: network(3, 13, VECTOR_LAYERS, "softmax", seed) }),
    ],
    [
      "a network of convolutions",
      model({ ...dense, task: "regression", learner: network(1, 13, IMAGE_LAYERS, "identity", seed, image) }),
    ],
    [
      "a network of convolutions and pools",
      model({ ...dense, task: "multiclass", learner: network(3, 13, POOLED_LAYERS, "softmax", seed, flat) }),
    ],
    [
      "a network over numbers and a text",
      model({
        task: "regression",
        steps: textSteps,
        features: text,
        learner: network(1, 11, perceptron, "identity", seed),
      }),
    ],
  ] as const;
}

/** One model of every kind: learner × task × what it reads. */
export function everyKind(seed: number): ReadonlyMap<string, PortableModel> {
  const mixed: readonly FeatureUse[] = [
    { name: "age", kind: "numeric", width: 1 },
    { name: "area", kind: "category", width: 1 },
    { name: "burden", kind: "numeric", width: 1 },
    { name: "city", kind: "category", width: 1 },
    { name: "size", kind: "numeric", width: 1 },
  ];
  const levels = new Map([
    [1, AREAS.length],
    [3, CITIES.length],
  ]);
  const mixedSteps = [...STEPS.slice(2, 3), ...CATEGORIES];
  const text: readonly FeatureUse[] = [...DENSE.slice(0, 3), { name: "note", kind: "sparse", width: 8 }];
  const textSteps = [...COMPLETE, TFIDF];
  const tree = (shape: TreeShape) => trees({ ...shape, levels }, mixed, seed);
  return new Map<string, PortableModel>([
    ...networks(seed, text, textSteps),
    [
      "logistic regression",
      model(
        { task: "binary", steps: COMPLETE, features: DENSE, learner: linear(1, DENSE, "logistic", seed) },
        0.37,
      ),
    ],
    [
      "softmax regression",
      model({
        task: "multiclass",
        steps: COMPLETE,
        features: DENSE,
        learner: linear(3, DENSE, "softmax", seed),
      }),
    ],
    [
      "linear regression",
      model({
        task: "regression",
        steps: COMPLETE,
        features: DENSE,
        learner: linear(1, DENSE, "identity", seed),
      }),
    ],
    [
      "linear with missing values",
      model({ task: "binary", steps: STEPS, features: DENSE, learner: linear(1, DENSE, "logistic", seed) }),
    ],
    [
      "logistic regression on text",
      model({ task: "binary", steps: textSteps, features: text, learner: linear(1, text, "logistic", seed) }),
    ],
    [
      "trees on text",
      model({
        task: "binary",
        steps: textSteps,
        features: text,
        learner: trees({ trees: 5, depth: 4, outputs: 1, link: "logistic" }, text, seed),
      }),
    ],
    [
      "boosting, encoded",
      model(
        {
          task: "binary",
          steps: STEPS,
          features: DENSE,
          learner: trees({ trees: 30, depth: 5, outputs: 1, link: "logistic" }, DENSE, seed),
        },
        0.61,
      ),
    ],
    [
      "boosting, native categories",
      model({
        task: "binary",
        steps: mixedSteps,
        features: mixed,
        learner: tree({ trees: 30, depth: 5, outputs: 1, link: "logistic" }),
      }),
    ],
    [
      "boosting, three classes",
      model({
        task: "multiclass",
        steps: mixedSteps,
        features: mixed,
        learner: tree({ trees: 30, depth: 4, outputs: 3, link: "softmax" }),
      }),
    ],
    [
      "boosting, regression",
      model({
        task: "regression",
        steps: mixedSteps,
        features: mixed,
        learner: tree({ trees: 20, depth: 6, outputs: 1, link: "identity" }),
      }),
    ],
    [
      "forest, binary",
      model(
        {
          task: "binary",
          steps: mixedSteps,
          features: mixed,
          learner: tree({ trees: 12, depth: 7, outputs: 2, vector: true, link: "probabilities" }),
        },
        0.1,
      ),
    ],
    [
      "forest, three classes",
      model({
        task: "multiclass",
        steps: mixedSteps,
        features: mixed,
        learner: tree({ trees: 12, depth: 7, outputs: 3, vector: true, link: "probabilities" }),
      }),
    ],
    [
      "forest, regression",
      model({
        task: "regression",
        steps: mixedSteps,
        features: mixed,
        learner: tree({ trees: 12, depth: 7, outputs: 1, link: "identity" }),
      }),
    ],
    [
      "decision tree",
      model({
        task: "binary",
        steps: mixedSteps,
        features: mixed,
        learner: tree({ trees: 1, depth: 5, outputs: 2, vector: true, link: "probabilities" }),
      }),
    ],
    [
      "a tree that is one leaf",
      model({
        task: "regression",
        steps: mixedSteps,
        features: mixed,
        learner: tree({ trees: 1, depth: 0, outputs: 1, link: "identity" }),
      }),
    ],
    [
      "steps before the graph",
      model({
        task: "regression",
        steps: OUTSIDE,
        features: OUTSIDE_FEATURES,
        learner: trees({ trees: 30, depth: 4, outputs: 1, link: "identity" }, OUTSIDE_FEATURES, seed),
      }),
    ],
  ]);
}

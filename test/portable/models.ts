/** Hand-made models of every kind, and tables for them, from a seed. */
import type { IrExpression } from "../../language/ir/expression.ts";
import type { Layer } from "../../language/vocabulary/layer.ts";
import type { Table, TableColumn } from "../../runtime/data/table.ts";
import { sizeOf } from "../../runtime/graph/graph.ts";
import { compileArchitecture } from "../../runtime/network/network.ts";
import type {
  FeatureUse,
  InputColumn,
  LinearLearner,
  Link,
  NetworkInput,
  NetworkLearner,
  PortableModel,
  TransformStep,
  TreeLearner,
} from "../../runtime/portable/form.ts";
import { layFeatures } from "../../runtime/portable/layout.ts";
import { inputSize } from "../../runtime/portable/network/stages.ts";

/** mulberry32: numbers in [0, 1) from a 32-bit seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const input = (
  name: string,
  type: InputColumn["type"],
  more: Partial<InputColumn> = {},
): InputColumn => ({
  name,
  type,
  nullable: true,
  min: null,
  max: null,
  values: null,
  format: null,
  doc: null,
  ...more,
});

export const col = (name: string): IrExpression => ({ is: "column", name });
export const lit = (value: number | string | boolean | null): IrExpression => ({ is: "literal", value });
export const bin = (
  op: Extract<IrExpression, { is: "binary" }>["op"],
  left: IrExpression,
  right: IrExpression,
): IrExpression => ({
  is: "binary",
  op,
  left,
  right,
});
export const call = (name: string, ...args: IrExpression[]): IrExpression => ({
  is: "call",
  name,
  args,
  named: {},
  path: [],
});
export const either = (condition: IrExpression, then: IrExpression, other: IrExpression): IrExpression => ({
  is: "if",
  condition,
  then,
  else: other,
});

/** The columns that every model here may read. */
export const INPUTS: readonly InputColumn[] = [
  input("age", "int"),
  input("area", "category"),
  input("city", "category"),
  input("income", "float"),
  input("joined", "date"),
  input("member", "boolean"),
  input("note", "text"),
  input("size", "float"),
];

export const AREAS = ["rural", "semiurban", "urban", "Ünïcode 🎉", "with space"];
export const CITIES = Array.from({ length: 80 }, (_, i) => `city ${String(i).padStart(2, "0")}`);
const WORDS = [
  "good",
  "Bad",
  "ÉTÉ",
  "straße",
  "x",
  "snake_case",
  "42",
  "naïve",
  "good",
  "日本",
  "don't",
  "I",
];

export function numbers(values: readonly number[]): TableColumn {
  return { type: "number", values: Float64Array.from(values) };
}

export function strings(values: readonly (string | null)[]): TableColumn {
  const levels = [...new Set(values.filter((value) => value !== null))].sort();
  return {
    type: "string",
    codes: Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value))),
    levels,
  };
}

/** Random rows of `INPUTS`: a share of values is missing, some categories are unknown to every model. */
export function table(rows: number, seed: number): Table {
  const next = random(seed);
  const many = <T>(value: () => T) => Array.from({ length: rows }, value);
  const maybe = <T>(value: () => T, missing: T) => (next() < 0.15 ? missing : value());
  const of = (list: readonly string[]) => list[Math.floor(next() * list.length)] as string;
  const text = () =>
    Array.from({ length: Math.floor(next() * 6) }, () => of(WORDS)).join(next() < 0.5 ? " " : ", ") || null;
  return {
    rows,
    columns: new Map<string, TableColumn>([
      ["age", numbers(many(() => maybe(() => Math.floor(next() * 60) + 18, Number.NaN)))],
      ["area", strings(many(() => maybe(() => of([...AREAS, "elsewhere"]), null)))],
      ["city", strings(many(() => maybe(() => of([...CITIES, "nowhere"]), null)))],
      ["income", numbers(many(() => maybe(() => Math.round(next() * 1e6) / 100, Number.NaN)))],
      ["joined", numbers(many(() => maybe(() => Math.floor(next() * 20_000) * 86_400, Number.NaN)))],
      ["member", numbers(many(() => maybe(() => (next() < 0.5 ? 1 : 0), Number.NaN)))],
      ["note", strings(many(() => maybe(text, null)))],
      ["size", numbers(many(() => maybe(() => Math.floor(next() * 5), Number.NaN)))],
    ]),
  };
}

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

export function linear(
  outputs: number,
  features: readonly FeatureUse[],
  link: Link,
  seed: number,
): LinearLearner {
  const next = random(seed);
  const { width } = layFeatures(features);
  return {
    is: "linear",
    outputs,
    intercept: Float64Array.from({ length: outputs }, () => next() - 0.5),
    weights: Float64Array.from({ length: outputs * width }, () => (next() - 0.5) / 4),
    link,
  };
}

/** A network of these layers with random parameters. */
export function network(
  outputs: number,
  columns: number,
  layers: readonly Layer[],
  link: Link,
  seed: number,
  input: NetworkInput = { features: columns },
): NetworkLearner {
  const next = random(seed);
  const { parameters } = compileArchitecture({ layers }, input);
  const numbers = (length: number, from: number, to: number) =>
    Float64Array.from({ length }, () => from + (to - from) * next());
  const count = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const inputs = inputSize(input);
  return {
    is: "network",
    outputs,
    link,
    input,
    layers,
    shapes: parameters.map(({ name, shape }) => ({ name, shape: [...shape] })),
    parameters: Float32Array.from({ length: count }, () => next() - 0.5),
    order: Int32Array.from({ length: inputs }, (_, j) => (j * 5 + 1) % columns),
    offset: numbers(inputs, -1, 1),
    // Incomes are in the thousands.
    factor: numbers(inputs, 500, 2000),
    outOffset: numbers(outputs, -1, 1),
    outFactor: numbers(outputs, 0.5, 2),
  };
}

export const layer = (name: string, args: Layer["args"] = {}, layers?: readonly Layer[]): Layer =>
  layers === undefined ? { layer: name, args } : { layer: name, args, layers };

interface TreeShape {
  readonly trees: number;
  readonly depth: number;
  readonly outputs: number;
  /** Each leaf holds a value for every output. */
  readonly vector?: boolean;
  readonly link: Link;
  /** Levels of the category in a column. */
  readonly levels?: ReadonlyMap<number, number>;
}

/** Random trees whose thresholds lie among values that the rows have, so that equality is met often. */
export function trees(shape: TreeShape, features: readonly FeatureUse[], seed: number): TreeLearner {
  const next = random(seed);
  const { width } = layFeatures(features);
  const valueWidth = shape.vector ? shape.outputs : 1;
  const [roots, output, feature, threshold, set, setWords, sets, left, right, missingLeft, value] =
    Array.from({ length: 11 }, (): number[] => []) as [
      number[],
      number[],
      number[],
      number[],
      number[],
      number[],
      number[],
      number[],
      number[],
      number[],
      number[],
    ];
  const grow = (depth: number): number => {
    const at = feature.push(-1) - 1;
    threshold.push(0);
    set.push(-1);
    setWords.push(0);
    left.push(0);
    right.push(0);
    missingLeft.push(next() < 0.5 ? 1 : 0);
    for (let k = 0; k < valueWidth; k++) value.push((next() - 0.5) / 3);
    if (depth === 0 || next() < 0.1) return at;
    const f = Math.floor(next() * width);
    feature[at] = f;
    const levels = shape.levels?.get(f);
    if (levels === undefined) {
      threshold[at] = [0, 1, 2, 30, 37.5, 40, 0.1, 1000.5, 5e8][Math.floor(next() * 9)] as number;
    } else {
      set[at] = sets.length;
      setWords[at] = Math.ceil(levels / 32);
      for (let w = 0; w < Math.ceil(levels / 32); w++) sets.push(Math.floor(next() * 2 ** 32));
      // Bits beyond the last level mean nothing.
      if (levels % 32 !== 0)
        sets[sets.length - 1] = ((sets.at(-1) as number) & (2 ** (levels % 32) - 1)) >>> 0;
    }
    // Deliberately not pre-order: nothing may rely on where nodes stand.
    right[at] = grow(depth - 1);
    left[at] = grow(depth - 1);
    return at;
  };
  for (let t = 0; t < shape.trees; t++) {
    roots.push(grow(shape.depth));
    output.push(shape.vector ? -1 : t % shape.outputs);
  }
  return {
    is: "trees",
    outputs: shape.outputs,
    link: shape.link,
    base: Float64Array.from({ length: shape.outputs }, () => next() - 0.5),
    roots: Int32Array.from(roots),
    output: Int32Array.from(output),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    set: Int32Array.from(set),
    setWords: Int32Array.from(setWords),
    sets: Uint32Array.from(sets),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    missingLeft: Uint8Array.from(missingLeft),
    value: Float64Array.from(value),
    valueWidth,
    gain: new Float64Array(feature.length),
    cover: new Float64Array(feature.length).fill(1),
  };
}

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

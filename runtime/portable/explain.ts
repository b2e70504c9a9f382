/** Why a model predicts what it predicts for one row: the rules that trees followed, or what each column added. */
import { compileRowFeatures } from "./features-row.ts";
import type { LinearLearner, NetworkLearner, PortableModel, TransformStep, TreeLearner } from "./form.ts";
import { type FeatureLayout, layFeatures } from "./layout.ts";
import { sharesOf } from "./network/shares.ts";
import { compileRow, type RowPrediction } from "./predict.ts";
import { addLeaf, type FlatTrees, flattenTrees, leafPath } from "./trees.ts";

/** One question of a tree and the row's answer. */
export interface Condition {
  readonly feature: string;
  /** What held, in words: `income > 4200`, `area is one of rural, urban`. */
  readonly text: string;
  /** The row's value: a number, a level, or null when it is missing or unknown. */
  readonly value: number | string | null;
  /** What the answer allows: numbers up to or above a bound, some levels, or only missing (and unknown) values. */
  readonly allows:
    | { readonly is: "at most" | "above"; readonly bound: number }
    | { readonly is: "levels"; readonly levels: readonly string[]; readonly of: readonly string[] }
    | { readonly is: "missing"; readonly unknown: boolean };
}

/** What a path says of each feature, each once: the tightest bounds, the levels that are left. */
export function ruleOf(conditions: readonly Condition[]): string[] {
  const byFeature = Map.groupBy(conditions, (condition) => condition.feature);
  return [...byFeature].flatMap(([feature, all]) => {
    const said: string[] = [];
    const bounds = (is: "at most" | "above") =>
      all.flatMap(({ allows }) => (allows.is === is ? [allows.bound] : []));
    const [above, atMost] = [bounds("above"), bounds("at most")];
    if (above.length > 0) said.push(`${feature} > ${Math.max(...above)}`);
    if (atMost.length > 0) said.push(`${feature} ≤ ${Math.min(...atMost)}`);
    const sets = all.flatMap(({ allows }) => (allows.is === "levels" ? [allows] : []));
    const [first] = sets;
    if (first !== undefined) {
      said.push(
        among(
          feature,
          first.of.filter((level) => sets.every((set) => set.levels.includes(level))),
          first.of,
        ),
      );
    }
    const missing = all.find(({ allows }) => allows.is === "missing");
    return missing === undefined ? said : [...said, missing.text];
  });
}

function among(feature: string, levels: readonly string[], of: readonly string[]): string {
  const others = of.filter((level) => !levels.includes(level));
  if (others.length === 0) return `${feature} is known`;
  return levels.length <= others.length
    ? `${feature} is ${oneOf(levels)}`
    : `${feature} is not ${oneOf(others)}`;
}

/** The path of the row through one tree. */
export interface TreePath {
  /** From 0, in the order of training. */
  readonly tree: number;
  readonly conditions: readonly Condition[];
  /** [learner.outputs] what the leaf adds to each raw output. */
  readonly adds: readonly number[];
}

/** What one column adds: of a linear model exactly, of a network on average over sampled orders (`shares.ts`). */
export interface Contribution {
  readonly feature: string;
  readonly value: number;
  /** [learner.outputs]; of a linear model weight × value. */
  readonly adds: readonly number[];
}

export type Explanation = {
  readonly prediction: RowPrediction;
  /** [learner.outputs] what every row starts from; with all that is added, the raw outputs. */
  readonly base: readonly number[];
} & (
  | { readonly is: "trees"; readonly paths: readonly TreePath[] }
  /** Largest first. */
  | { readonly is: "linear" | "network"; readonly contributions: readonly Contribution[] }
);

/**
 * Explains one prediction: `base` and all that is added, in the order given by `tree` (trees) or the columns (linear,
 * network), sum to `prediction.raw`. A network's base is the output of a row that is average in every column.
 * @param row as a caller sends it; throws `InputError` as `compileRow` does
 */
export function explainRow(model: PortableModel, row: Readonly<Record<string, unknown>>): Explanation {
  const prediction = compileRow(model)(row);
  const features = compileRowFeatures(model);
  features.load(row);
  const layout = layFeatures(model.features);
  const { learner } = model;
  if (learner.is === "linear") {
    const columns = [...features.dense, ...features.touched()];
    return {
      prediction,
      base: [...learner.intercept],
      is: "linear",
      contributions: contributionsOf(model, learner, layout, features.x, columns),
    };
  }
  if (learner.is === "network") {
    const columns = [...features.dense, ...features.touched()];
    return { prediction, is: "network", ...sharesOfRow(model, learner, layout, features.x, columns) };
  }
  return {
    prediction,
    base: [...learner.base],
    is: "trees",
    paths: pathsOf(model, learner, layout, features.x),
  };
}

function contributionsOf(
  model: PortableModel,
  learner: LinearLearner,
  layout: FeatureLayout,
  x: Float64Array,
  columns: readonly number[],
): Contribution[] {
  const names = columnNames(model, layout);
  const width = layout.width;
  return columns
    .map((j) => {
      const value = x[j]!;
      const adds = Array.from({ length: learner.outputs }, (_, k) => learner.weights[k * width + j]! * value);
      return { feature: names(j), value, adds };
    })
    .sort((a, b) => sizeOf(b) - sizeOf(a));
}

function sharesOfRow(
  model: PortableModel,
  learner: NetworkLearner,
  layout: FeatureLayout,
  x: Float64Array,
  columns: readonly number[],
): { readonly base: readonly number[]; readonly contributions: readonly Contribution[] } {
  const { base, adds } = sharesOf(learner, x, columns);
  const names = columnNames(model, layout);
  const { outputs } = learner;
  const contributions = columns.map((column, i) => ({
    feature: names(column),
    value: x[column]!,
    adds: [...adds.subarray(i * outputs, (i + 1) * outputs)],
  }));
  return { base: [...base], contributions: contributions.sort((a, b) => sizeOf(b) - sizeOf(a)) };
}

const sizeOf = ({ adds }: Contribution): number => Math.max(...adds.map(Math.abs));

/** The name of each column: the feature's, or `feature:term` within a sparse block. */
function columnNames(model: PortableModel, layout: FeatureLayout): (column: number) => string {
  const terms = new Map(
    model.steps.flatMap((step) => (step.op === "tfidf" ? [[step.output, step.terms]] : [])),
  );
  const dense = new Map(layout.dense.map(({ name, at }) => [at, name]));
  return (column) => {
    const block = layout.sparse.find(({ at, width }) => column >= at && column < at + width);
    if (block === undefined) return dense.get(column) ?? `column ${column}`;
    return `${block.name}:${terms.get(block.name)?.[column - block.at] ?? column - block.at}`;
  };
}

function pathsOf(
  model: PortableModel,
  learner: TreeLearner,
  layout: FeatureLayout,
  x: Float64Array,
): TreePath[] {
  const trees = flattenTrees(learner);
  const names = columnNames(model, layout);
  const words = new Map<number, (at: number, left: boolean) => Condition>();
  const wordsOf = (column: number): ((at: number, left: boolean) => Condition) => {
    const known = words.get(column) ?? phrase(model.steps, names(column), trees, x[column]!);
    words.set(column, known);
    return known;
  };
  return Array.from(trees.roots, (root, tree) => {
    const path = leafPath(trees, root, x);
    const adds = new Float64Array(learner.outputs);
    addLeaf(trees, tree, path.at(-1)!, adds, 0);
    const conditions = path
      .slice(0, -1)
      .map((at, i) => wordsOf(trees.test[at * 4]!)(at, path[i + 1] === at + 1));
    return { tree, conditions, adds: [...adds] };
  });
}

/** How questions about one feature read, given the row's value of it. */
function phrase(
  steps: readonly TransformStep[],
  feature: string,
  trees: FlatTrees,
  value: number,
): (at: number, left: boolean) => Condition {
  const last = steps.findLast((step) => "output" in step && step.output === feature);
  if (last?.op === "category") {
    const of = last.levels;
    const level = value >= 0 ? (of[value] ?? null) : null;
    return (at, left) => {
      if (level === null) {
        const text = `${feature} is missing or unknown`;
        return { feature, text, value: null, allows: { is: "missing", unknown: true } };
      }
      const levels = of.filter((_, code) => inSet(trees, at, code) === left);
      return {
        feature,
        text: among(feature, levels, of),
        value: level,
        allows: { is: "levels", levels, of },
      };
    };
  }
  // Scaled numbers are said in the column's own unit.
  const unit = (x: number): number => (last?.op === "scale" ? x * last.factor + last.offset : x);
  return (at, left) => {
    if (Number.isNaN(value)) {
      return {
        feature,
        text: `${feature} is missing`,
        value: null,
        allows: { is: "missing", unknown: false },
      };
    }
    const bound = unit(trees.number[at]!);
    const text = `${feature} ${left ? "≤" : ">"} ${bound}`;
    return { feature, text, value: unit(value), allows: { is: left ? "at most" : "above", bound } };
  };
}

function oneOf(levels: readonly string[]): string {
  return levels.length === 1 ? levels[0]! : `one of ${levels.join(", ")}`;
}

function inSet(trees: FlatTrees, at: number, code: number): boolean {
  const words = trees.test[at * 4 + 3]! >> 1;
  const word = code >>> 5;
  return word < words && ((trees.sets[trees.test[at * 4 + 2]! + word]! >>> (code & 31)) & 1) === 1;
}

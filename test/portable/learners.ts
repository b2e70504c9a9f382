/** Hand-made learners with random numbers, from a seed. */
import type { Layer } from "../../language/vocabulary/layer.ts";
import { sizeOf } from "../../runtime/graph/graph.ts";
import { compileArchitecture } from "../../runtime/network/network.ts";
import type {
  FeatureUse,
  LinearLearner,
  Link,
  NetworkInput,
  NetworkLearner,
  TreeLearner,
} from "../../runtime/portable/form.ts";
import { layFeatures } from "../../runtime/portable/layout.ts";
import { inputSize } from "../../runtime/portable/network/stages.ts";
import { random } from "./rows.ts";

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

export interface TreeShape {
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

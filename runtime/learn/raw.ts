/** Raw outputs of a learner for a frame: the plain, slow reading of the portable form that training is held to. */

import { GraphBuilder } from "../graph/builder.ts";
import { interpret } from "../graph/reference.ts";
import { compileArchitecture } from "../network/network.ts";
import type { Learner, LinearLearner, NetworkLearner, TreeLearner } from "../portable/form.ts";
import { type Column, columnCount, columnsOf } from "./columns.ts";
import type { Frame } from "./frame.ts";

/** [rows × outputs] */
export function rawOutputs(learner: Learner, frame: Frame): Float64Array {
  switch (learner.is) {
    case "linear":
      return linear(learner, frame);
    case "trees":
      return trees(learner, frame);
    case "network":
      return network(learner, frame);
  }
}

/** The tensor graph that was trained, computed in double by the plain interpreter. */
function network(learner: NetworkLearner, frame: Frame): Float64Array {
  const { layers, input, order, offset, factor, outputs, outOffset, outFactor } = learner;
  const { rows } = frame;
  if (rows === 0) return new Float64Array(0);
  const columns = [...columnsOf(frame)];
  const z = new Float64Array(rows * order.length);
  order.forEach((at, j) => {
    const column = columns[at]!;
    if (column.kind === "category") throw new TypeError(`a network cannot read the category ${column.name}`);
    for (let row = 0; row < rows; row++)
      z[row * order.length + j] = (column.values[row]! - offset[j]!) / factor[j]!;
  });
  const b = new GraphBuilder();
  const compiled = compileArchitecture({ layers }, input);
  const parameters = new Map(
    learner.shapes.map(({ name, shape }) => [name, b.input(name, "float32", shape)]),
  );
  const shape = "features" in input ? [input.features] : [input.channels, input.height, input.width];
  const features = b.input("features", "float32", [rows, ...shape]);
  b.output("raw", compiled.forward(b, parameters, { features }));
  const { raw } = interpret(b.graph(), { ...parametersOf(learner), features: { data: z } });
  return Float64Array.from(raw!.data, (y, i) => y * outFactor[i % outputs]! + outOffset[i % outputs]!);
}

function parametersOf({ shapes, parameters }: NetworkLearner): Record<string, { data: Float32Array }> {
  let at = 0;
  return Object.fromEntries(
    shapes.map(({ name, shape }) => {
      const from = at;
      at += shape.reduce((product, length) => product * length, 1);
      return [name, { data: parameters.subarray(from, at) }];
    }),
  );
}

function linear(learner: LinearLearner, frame: Frame): Float64Array {
  const { outputs, intercept, weights } = learner;
  const inputs = columnCount(frame);
  const raw = new Float64Array(frame.rows * outputs);
  for (let row = 0; row < frame.rows; row++) raw.set(intercept, row * outputs);
  let at = 0;
  for (const column of columnsOf(frame)) {
    if (column.kind === "category")
      throw new TypeError(`a linear learner cannot read the category ${column.name}`);
    for (let row = 0; row < frame.rows; row++) {
      const x = column.values[row]!;
      if (x === 0) continue;
      for (let k = 0; k < outputs; k++) raw[row * outputs + k]! += weights[k * inputs + at]! * x;
    }
    at++;
  }
  return raw;
}

function trees(learner: TreeLearner, frame: Frame): Float64Array {
  const { outputs, base, roots, output, value, valueWidth } = learner;
  const columns = [...columnsOf(frame)];
  const raw = new Float64Array(frame.rows * outputs);
  for (let row = 0; row < frame.rows; row++) {
    for (let k = 0; k < outputs; k++) raw[row * outputs + k] = base[k]!;
    for (let t = 0; t < roots.length; t++) {
      const leaf = leafOf(learner, columns, roots[t]!, row);
      const only = output[t]!;
      if (only >= 0) raw[row * outputs + only]! += value[leaf * valueWidth]!;
      else for (let k = 0; k < outputs; k++) raw[row * outputs + k]! += value[leaf * valueWidth + k]!;
    }
  }
  return raw;
}

function leafOf(learner: TreeLearner, columns: readonly Column[], root: number, row: number): number {
  let at = root;
  while (learner.feature[at]! >= 0) {
    at = goesLeft(learner, columns[learner.feature[at]!]!, at, row) ? learner.left[at]! : learner.right[at]!;
  }
  return at;
}

function goesLeft(learner: TreeLearner, column: Column, node: number, row: number): boolean {
  if (column.kind === "numeric") {
    const x = column.values[row]!;
    return !Number.isNaN(x) ? x <= learner.threshold[node]! : learner.missingLeft[node] === 1;
  }
  const code = column.codes[row]!;
  if (code < 0) return learner.missingLeft[node] === 1;
  const word = code >> 5;
  return (
    word < learner.setWords[node]! && ((learner.sets[learner.set[node]! + word]! >>> (code & 31)) & 1) === 1
  );
}

/** [rows × classes] probabilities from raw outputs. */
export function probabilitiesOf(learner: Learner, raw: Float64Array): Float64Array {
  const { outputs, link } = learner;
  if (link === "probabilities" || link === "identity") return raw;
  const rows = raw.length / outputs;
  if (link === "logistic") {
    const two = new Float64Array(rows * 2);
    for (let row = 0; row < rows; row++) {
      const p = 1 / (1 + Math.exp(-raw[row]!));
      two[2 * row] = 1 - p;
      two[2 * row + 1] = p;
    }
    return two;
  }
  const all = new Float64Array(raw.length);
  for (let row = 0; row < rows; row++) {
    const own = raw.subarray(row * outputs, (row + 1) * outputs);
    const top = own.reduce((a, b) => Math.max(a, b), -Infinity);
    const exps = own.map((x) => Math.exp(x - top));
    const sum = exps.reduce((a, b) => a + b, 0);
    all.set(
      exps.map((e) => e / sum),
      row * outputs,
    );
  }
  return all;
}

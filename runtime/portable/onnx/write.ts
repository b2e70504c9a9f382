/** model.onnx of a portable model. */
import type { PortableModel } from "../form.ts";
import { layFeatures } from "../layout.ts";
import { cutOf } from "../link.ts";
import { type GraphLayout, layGraph } from "../steps.ts";
import { GraphBuilder } from "./builder.ts";
import { addNetwork } from "./network.ts";
import { GraphTransforms } from "./transforms.ts";
import { addTrees } from "./trees.ts";

export interface WrittenGraph {
  readonly bytes: Uint8Array;
  readonly layout: GraphLayout;
}

/**
 * Writes the graph: inputs `num` (float64 [rows × k]) and `str` (string [rows × m]), each left out when it has no
 * columns; outputs `label`, `probabilities` (not for regression) and `raw`, all numbers in double.
 * `label` is the class's name [rows], or the value for regression.
 * @see https://onnx.ai/onnx/operators/ (opset 21, ai.onnx.ml 5)
 */
export function writeOnnx(model: PortableModel): WrittenGraph {
  const layout = layGraph(model);
  const graph = new GraphBuilder();
  const { num, str } = layout;
  if (num.length > 0) graph.input({ name: "num", type: "double", dims: ["rows", num.length] });
  if (str.length > 0) graph.input({ name: "str", type: "string", dims: ["rows", str.length] });
  if (num.length + str.length === 0) throw new Error("a model without inputs has no graph");
  const transforms = new GraphTransforms(graph, num.length > 0 ? "num" : "str");
  transforms.addInputs(
    "num",
    num.map((input) => input.name),
    "number",
  );
  transforms.addInputs(
    "str",
    str.map((input) => input.name),
    "string",
  );
  model.steps.forEach((step, i) => {
    const replacement = layout.replaced.get(i);
    if (replacement !== undefined && step.op === "derive") transforms.alias(step.output, replacement);
    else if (layout.needed.has(i)) transforms.addStep(step, layout.texts.get(i));
  });
  const raw = addLearner(graph, transforms, model);
  addOutputs(graph, model, raw);
  return { bytes: graph.finish(model.task), layout };
}

function addLearner(graph: GraphBuilder, transforms: GraphTransforms, model: PortableModel): string {
  const { learner, features } = model;
  const matrix = transforms.matrix(features);
  if (learner.is === "trees") {
    const levels = new Map(
      layFeatures(features).dense.map(({ name, at }) => [at, transforms.column(name).levels ?? 0]),
    );
    return addTrees(graph, learner, matrix, (column) => levels.get(column) ?? 0);
  }
  if (learner.is === "network") return addNetwork(graph, learner, matrix);
  const { outputs, weights, intercept } = learner;
  const inputs = weights.length / outputs;
  const transposed = new Float64Array(weights.length);
  for (let k = 0; k < outputs; k++) {
    for (let j = 0; j < inputs; j++) transposed[j * outputs + k] = weights[k * inputs + j]!;
  }
  const product = graph.add("MatMul", [
    matrix,
    graph.constant({ type: "double", dims: [inputs, outputs], values: transposed }),
  ]);
  return graph.add("Add", [product, graph.constant({ type: "double", dims: [outputs], values: intercept })]);
}

function addOutputs(graph: GraphBuilder, model: PortableModel, raw: string): void {
  const { link, outputs } = model.learner;
  const column = (k: number) => graph.add("Gather", [raw, graph.integer(k)], { axis: { int: 1 } });
  if (model.task === "regression") {
    graph.output({ name: "label", type: "double", dims: ["rows"] }, column(0));
    graph.output({ name: "raw", type: "double", dims: ["rows", outputs] }, raw);
    return;
  }
  let label: string;
  if (model.task === "binary") {
    const decision =
      outputs === 1
        ? column(0)
        : link === "probabilities"
          ? column(1)
          : graph.add("Sub", [column(1), column(0)]);
    const positive = graph.add("GreaterOrEqual", [decision, graph.number(cutOf(model))]);
    const [no = "", yes = ""] = model.classes;
    label = graph.add("Where", [positive, graph.text(yes), graph.text(no)]);
  } else {
    const names = graph.constant({ type: "string", dims: [model.classes.length], values: model.classes });
    const best = graph.add("ArgMax", [raw], {
      axis: { int: 1 },
      keepdims: { int: 0 },
      select_last_index: { int: 0 },
    });
    label = graph.add("Gather", [names, best]);
  }
  let probabilities = raw;
  if (outputs === 1) {
    const positive = link === "logistic" ? graph.add("Sigmoid", [raw]) : raw;
    probabilities = graph.add("Concat", [graph.add("Sub", [graph.number(1), positive]), positive], {
      axis: { int: 1 },
    });
  } else if (link === "softmax") {
    probabilities = graph.add("Softmax", [raw], { axis: { int: 1 } });
  } else {
    probabilities = graph.add("Min", [raw, graph.number(1)]);
  }
  graph.output({ name: "label", type: "string", dims: ["rows"] }, label);
  graph.output(
    { name: "probabilities", type: "double", dims: ["rows", model.classes.length] },
    probabilities,
  );
  graph.output({ name: "raw", type: "double", dims: ["rows", outputs] }, raw);
}

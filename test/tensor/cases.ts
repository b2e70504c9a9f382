/** Small graphs that between them use every operation, with inputs on which each has a slope. */
import { gradients } from "../../runtime/graph/autodiff.ts";
import { GraphBuilder } from "../../runtime/graph/builder.ts";
import { type Graph, type Shape, sizeOf, type TensorData, type Value } from "../../runtime/graph/graph.ts";

export interface CaseInput {
  readonly shape: Shape;
  /** Numbers lie between these, -2 and 2 unless given. */
  readonly from?: number;
  readonly to?: number;
  /** Ids below this rather than floats. */
  readonly ids?: number;
}

export interface Case {
  readonly name: string;
  readonly inputs: Readonly<Record<string, CaseInput>>;
  readonly build: (b: GraphBuilder, x: Record<string, Value>) => Value;
}

const matrix: CaseInput = { shape: [3, 4] };
const positive: CaseInput = { shape: [3, 4], from: 0.3, to: 2 };

const UNARY = [
  "neg",
  "exp",
  "tanh",
  "erf",
  "sigmoid",
  "relu",
  "abs",
  "square",
  "sin",
  "cos",
  "silu",
] as const;
const POSITIVE = ["log", "sqrt", "reciprocal"] as const;
const BINARY = ["add", "sub", "mul", "div", "maximum", "minimum"] as const;

const single = (name: string, x: CaseInput, build: (b: GraphBuilder, x: Value) => Value): Case => ({
  name,
  inputs: { x },
  build: (b, inputs) => build(b, inputs["x"]!),
});

const pair = (
  name: string,
  x: CaseInput,
  y: CaseInput,
  build: (b: GraphBuilder, x: Value, y: Value) => Value,
): Case => ({ name, inputs: { x, y }, build: (b, inputs) => build(b, inputs["x"]!, inputs["y"]!) });

const image: CaseInput = { shape: [2, 3, 6, 5] };

export const CASES: readonly Case[] = [
  ...UNARY.map((name) => single(name, matrix, (b, x) => b[name](x))),
  ...POSITIVE.map((name) => single(name, positive, (b, x) => b[name](x))),
  ...BINARY.map((name) => pair(name, matrix, positive, (b, x, y) => b[name](x, y))),
  ...BINARY.map((name) =>
    pair(`${name} broadcast`, { shape: [2, 1, 4] }, { ...positive, shape: [3, 1] }, (b, x, y) =>
      b[name](x, y),
    ),
  ),
  pair("pow", positive, matrix, (b, x, y) => b.pow(x, y)),
  single("pow of a scalar", positive, (b, x) => b.pow(x, 3)),
  single("sign", matrix, (b, x) => b.mul(b.sign(x), x)),
  single("gelu", matrix, (b, x) => b.gelu(x)),
  single("gelu by tanh", matrix, (b, x) => b.gelu(x, "tanh")),
  pair("where less", matrix, matrix, (b, x, y) => b.where(b.less(x, y), b.mul(x, 2), y)),
  pair("where logic", matrix, matrix, (b, x, y) => {
    const either = b.or(b.greater(x, y), b.not(b.less(x, 0.5)));
    return b.where(b.and(either, b.not(b.equal(x, y))), b.square(x), b.scalar(3));
  }),
  single("cast", matrix, (b, x) => {
    const whole = b.cast(b.mul(x, 3), "int32");
    return b.mul(x, b.cast(b.less(b.mul(whole, 2), b.add(whole, b.constant([1], [], "int32"))), "float32"));
  }),
  pair("whole numbers", { shape: [4], ids: 9 }, { shape: [3, 4] }, (b, ids, x) =>
    b.mul(x, b.cast(b.maximum(b.sub(ids, 3), b.minimum(ids, 2)), "float32")),
  ),

  pair("matmul", { shape: [3, 4] }, { shape: [4, 5] }, (b, x, y) => b.matmul(x, y)),
  pair("matmul transposed", { shape: [4, 3] }, { shape: [5, 4] }, (b, x, y) =>
    b.matmul(x, y, { transposeA: true, transposeB: true, scale: 0.5 }),
  ),
  pair("matmul of a stack by a matrix", { shape: [2, 3, 4] }, { shape: [4, 5] }, (b, x, y) => b.matmul(x, y)),
  pair("matmul of a stack by a transposed matrix", { shape: [2, 3, 4] }, { shape: [5, 4] }, (b, x, y) =>
    b.matmul(x, y, { transposeB: true }),
  ),
  pair("matmul of stacks", { shape: [2, 1, 3, 4] }, { shape: [3, 5, 4] }, (b, x, y) =>
    b.matmul(x, y, { transposeB: true, scale: 2 }),
  ),
  pair("matmul of stacks, first transposed", { shape: [2, 4, 3] }, { shape: [2, 4, 5] }, (b, x, y) =>
    b.matmul(x, y, { transposeA: true }),
  ),
  {
    name: "dense",
    inputs: { x: { shape: [2, 3, 4] }, w: { shape: [4, 5] }, bias: { shape: [5] } },
    build: (b, { x, w, bias }) => b.gelu(b.add(b.matmul(x!, w!), bias!), "tanh"),
  },
  single("transpose", { shape: [2, 3, 4] }, (b, x) => b.transpose(x, [2, 0, 1])),
  single("reshape", { shape: [2, 3, 4] }, (b, x) => b.reshape(x, [4, -1])),
  single("broadcastTo", { shape: [3, 1] }, (b, x) => b.broadcastTo(x, [2, 3, 4])),
  single("slice", { shape: [3, 6] }, (b, x) => b.slice(x, 1, 1, 4)),
  single("slices that cover", { shape: [3, 6] }, (b, x) =>
    b.concat([b.slice(x, -1, 4, 6), b.slice(x, 1, 0, 3), b.slice(x, 1, 3, 4)], 1),
  ),
  single("slices that overlap", { shape: [3, 6] }, (b, x) => b.mul(b.slice(x, 1, 0, 4), b.slice(x, 1, 2, 6))),
  single("pad", { shape: [3, 2] }, (b, x) => b.pad(x, 0, 1, 2)),
  pair("concat", { shape: [3, 2] }, { shape: [3, 4] }, (b, x, y) => b.concat([x, y, x], 1)),

  single("sum", { shape: [2, 3, 4] }, (b, x) => b.sum(x, [0, 2])),
  single("mean", { shape: [2, 3, 4] }, (b, x) => b.mean(x, [-2], true)),
  single("max", { shape: [2, 3, 4] }, (b, x) => b.max(x, [1, 2])),
  single("mean of all", { shape: [2, 3, 4] }, (b, x) => b.mean(b.square(x))),
  single("softmax", { shape: [2, 3, 4] }, (b, x) => b.softmax(x)),
  single("logSoftmax", { shape: [2, 3, 4] }, (b, x) => b.logSoftmax(x)),
  {
    name: "layerNorm",
    inputs: { x: { shape: [2, 3, 8] }, gamma: { shape: [8] }, beta: { shape: [8] } },
    build: (b, { x, gamma, beta }) => b.layerNorm(x!, gamma!, beta!, 1e-5),
  },
  pair("layerNorm without beta", { shape: [5, 8] }, { shape: [8] }, (b, x, gamma) =>
    b.layerNorm(x, gamma, null, 0.01),
  ),
  single("normMean and normScale", { shape: [5, 8] }, (b, x) =>
    b.mul(b.op("normMean", [x]), b.op("normScale", [x], { epsilon: 0.1 })),
  ),
  pair("rmsNorm", { shape: [5, 8] }, { shape: [8] }, (b, x, gamma) => b.rmsNorm(x, gamma, 1e-5)),

  pair("gather", { shape: [7, 3] }, { shape: [2, 4], ids: 7 }, (b, x, ids) => b.gather(x, ids)),
  pair("gather from a large table", { shape: [150, 2] }, { shape: [2, 4], ids: 7 }, (b, x, ids) =>
    b.gather(x, ids),
  ),
  pair("scatterAdd", { shape: [2, 4], ids: 5 }, { shape: [2, 4, 3] }, (b, ids, x) => b.scatterAdd(ids, x, 5)),
  pair("gatherLast", { shape: [2, 3, 5] }, { shape: [2, 3], ids: 5 }, (b, x, ids) => b.gatherLast(x, ids)),
  pair("oneHot", { shape: [2, 3], ids: 7 }, { shape: [2, 3, 5] }, (b, ids, x) =>
    b.mul(b.oneHot(b.sub(ids, 1), 5), x),
  ),
  pair("crossEntropy", { shape: [6, 5], from: -9, to: 9 }, { shape: [6], ids: 5 }, (b, x, ids) =>
    b.crossEntropy(x, ids),
  ),

  pair("conv2d", image, { shape: [4, 3, 3, 2] }, (b, x, w) => b.conv2d(x, w)),
  pair("conv2d with a stride", image, { shape: [2, 3, 3, 3] }, (b, x, w) =>
    b.conv2d(x, w, { stride: 2, padding: 1 }),
  ),
  single("maxPool2d", image, (b, x) => b.maxPool2d(x, { size: 2 })),
  single("maxPool2d, overlapping", image, (b, x) => b.maxPool2d(x, { size: 3, stride: 2, padding: 1 })),
  single("averagePool2d", { shape: [2, 3, 4, 6] }, (b, x) => b.averagePool2d(x, { size: 2 })),
  single("averagePool2d, overlapping", image, (b, x) =>
    b.averagePool2d(x, { size: 3, stride: 2, padding: 1 }),
  ),

  {
    name: "attention",
    inputs: { q: { shape: [2, 4, 3, 5] }, k: { shape: [2, 4, 3, 5] }, v: { shape: [2, 4, 3, 6] } },
    build: (b, { q, k, v }) => b.attention(q!, k!, v!, { causal: true }),
  },
  {
    name: "attention with shared keys and a mask",
    inputs: {
      q: { shape: [2, 4, 2, 5] },
      k: { shape: [2, 2, 3, 5] },
      v: { shape: [2, 2, 3, 5] },
      mask: { shape: [2, 1, 1, 3] },
    },
    build: (b, { q, k, v, mask }) => b.attention(q!, k!, v!, { causal: true, mask: mask!, scale: 0.7 }),
  },
];

/** What the elements of a result count in the loss: each something else. */
export const lossWeights = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, at) => Math.cos(3 * at + 1));

/** A case as a graph: `y`, the scalar `loss` that weighs its elements, and the gradient `d NAME` of every float. */
export function graphOf(example: Case): Graph {
  const b = new GraphBuilder();
  const inputs = Object.fromEntries(
    Object.entries(example.inputs).map(([name, { shape, ids }]) => [
      name,
      b.input(name, ids === undefined ? "float32" : "int32", shape),
    ]),
  );
  const y = b.within("layer", () => example.build(b, inputs));
  const loss = b.sum(b.mul(y, b.constant(lossWeights(sizeOf(y.shape)), y.shape)));
  b.output("y", y);
  b.output("loss", loss);
  const floats = Object.entries(inputs).filter(([, value]) => value.type === "float32");
  const slopes = gradients(
    b,
    loss,
    floats.map(([, value]) => value),
  );
  floats.forEach(([name], at) => {
    b.output(`d ${name}`, slopes[at]!);
  });
  return b.graph();
}

/** Numbers for a case, the same every time. */
export function feedsOf(example: Case): Record<string, TensorData> {
  let state = 7;
  const next = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return Object.fromEntries(
    Object.entries(example.inputs).map(([name, { shape, ids, from = -2, to = 2 }]) => {
      const length = sizeOf(shape);
      return [
        name,
        ids === undefined
          ? { type: "float32", shape, data: Float32Array.from({ length }, () => from + (to - from) * next()) }
          : { type: "int32", shape, data: Int32Array.from({ length }, () => Math.floor(ids * next())) },
      ];
    }),
  );
}

/** Look-ups and the loss, in ONNX. */
import { type Shape, sizeOf } from "../graph.ts";
import { whole } from "../ops/rule.ts";
import type { Emitter } from "./emitter.ts";
import type { OnnxRule } from "./rule.ts";

/** ids [...] → float [..., depth]. ONNX's own OneHot would wrap negative ids. */
function oneHot(e: Emitter, ids: string, shape: Shape, depth: number): string {
  const every = e.constant(`range ${depth}`, {
    type: "int32",
    shape: [depth],
    data: Int32Array.from({ length: depth }, (_, index) => index),
  });
  const equal = e.emit("Equal", [e.reshape(ids, [...shape, 1]), every]);
  return e.emit("Cast", [equal], { attributes: { to: 1 } });
}

/** x [..., V], ids [...] → [...]. */
function pick(e: Emitter, x: string, ids: string, shape: Shape): string {
  const picked = e.emit("GatherElements", [x, e.reshape(ids, [...shape, 1])], { attributes: { axis: -1 } });
  return e.reshape(picked, shape);
}

export const INDEX: Readonly<Record<string, OnnxRule>> = {
  gather: (e, { names }) => e.emit("Gather", names, { attributes: { axis: 0 } }),
  gatherLast: (e, { names: [x, ids], output }) => pick(e, x!, ids!, output.shape),
  oneHot: (e, { names: [ids], inputs, attributes }) =>
    oneHot(e, ids!, inputs[0]!.shape, whole(attributes, "depth")),
  scatterAdd: (e, { names: [ids, x], inputs, output }) => {
    const count = sizeOf(inputs[0]!.shape);
    const width = sizeOf(inputs[1]!.shape) / count;
    const rows = output.shape[0]!;
    const zeros = e.emit("Expand", [e.float(0), e.longs([rows, width])]);
    // ScatterND would be quicker, but adds rows of one id from several threads at once.
    const where = e.emit("Expand", [e.reshape(ids!, [count, 1]), e.longs([count, width])]);
    const added = e.emit("ScatterElements", [zeros, where, e.reshape(x!, [count, width])], {
      attributes: { axis: 0, reduction: "add" },
    });
    return e.reshape(added, output.shape);
  },
  crossEntropy: (e, { names: [logits, targets], output }) =>
    e.emit("Neg", [pick(e, logProbabilities(e, logits!), targets!, output.shape)]),
  crossEntropyGradient: (e, { names: [logits, targets, g], inputs }) => {
    const [rows, depth] = inputs[0]!.shape as [number, number];
    const probabilities = e.emit("Exp", [logProbabilities(e, logits!)]);
    const error = e.emit("Sub", [probabilities, oneHot(e, targets!, [rows], depth)]);
    return e.emit("Mul", [error, e.reshape(g!, [rows, 1])]);
  },
};

const logProbabilities = (e: Emitter, logits: string): string =>
  e.emit("LogSoftmax", [logits], { attributes: { axis: -1 } });

/** Reductions and normalisations, in ONNX. */
import { flag, list, real } from "../ops/rule.ts";
import type { Emitter } from "./emitter.ts";
import type { Lowered, OnnxRule } from "./rule.ts";

const reduction =
  (op: string): OnnxRule =>
  (e, { names, attributes }) =>
    e.emit(op, [names[0]!, e.longs(list(attributes, "axes"))], {
      attributes: { keepdims: flag(attributes, "keep") ? 1 : 0 },
    });

const overLast =
  (op: string): OnnxRule =>
  (e, { names }) =>
    e.emit(op, names, { attributes: { axis: -1 } });

export const REDUCE: Readonly<Record<string, OnnxRule>> = {
  sum: reduction("ReduceSum"),
  mean: reduction("ReduceMean"),
  max: reduction("ReduceMax"),
  softmax: overLast("Softmax"),
  logSoftmax: overLast("LogSoftmax"),
  layerNorm: (e, op) => {
    const epsilon = real(op.attributes, "epsilon");
    const [y, mean, scale] = e.emitAll("LayerNormalization", op.names, {
      attributes: { axis: -1, epsilon: { float: epsilon } },
      outputs: 3,
    });
    // The gradient needs what the operator has computed already.
    e.remember(`mean ${op.names[0]}`, mean!);
    e.remember(`scale ${op.names[0]} ${epsilon}`, scale!);
    return y!;
  },
  normMean: (e, { names: [x] }) => e.recall(`mean ${x}`) ?? meanOf(e, x!),
  normScale: (e, { names: [x], attributes }) => {
    const epsilon = real(attributes, "epsilon");
    const known = e.recall(`scale ${x} ${epsilon}`);
    if (known !== null) return known;
    const centred = e.emit("Sub", [x!, meanOf(e, x!)]);
    return inverseRoot(e, meanOf(e, e.emit("Mul", [centred, centred])), epsilon);
  },
  rmsNorm: (e, { names: [x, gamma], attributes }: Lowered) => {
    const scale = inverseRoot(e, meanOf(e, e.emit("Mul", [x!, x!])), real(attributes, "epsilon"));
    return e.emit("Mul", [e.emit("Mul", [x!, scale]), gamma!]);
  },
};

const meanOf = (e: Emitter, x: string): string =>
  e.emit("ReduceMean", [x, e.longs([-1])], { attributes: { keepdims: 1 } });

/** 1 / √(x + epsilon) */
const inverseRoot = (e: Emitter, x: string, epsilon: number): string =>
  e.emit("Reciprocal", [e.emit("Sqrt", [e.emit("Add", [x, e.float(epsilon)])])]);

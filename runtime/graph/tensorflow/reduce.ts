/** Reductions and normalisations, in TensorFlow. */
import { flag, list, real } from "../ops/rule.ts";
import type { Handle, TensorflowOps } from "./binding.ts";
import { FLOAT, INT, type TensorflowRule } from "./rule.ts";

const reduction =
  (op: string): TensorflowRule =>
  (t, { handles: [x], attributes }) =>
    t.run(op, [x!, t.ints(list(attributes, "axes"))], {
      T: FLOAT,
      Tidx: INT,
      keep_dims: flag(attributes, "keep"),
    });

const meanOf = (t: TensorflowOps, x: Handle): Handle =>
  t.run("Mean", [x, t.ints([-1])], { T: FLOAT, Tidx: INT, keep_dims: true });

const inverseRoot = (t: TensorflowOps, x: Handle, epsilon: number): Handle =>
  t.float("Rsqrt", t.float("AddV2", x, t.scalar(epsilon)));

const varianceOf = (t: TensorflowOps, x: Handle, mean: Handle): Handle =>
  meanOf(t, t.float("Square", t.float("Sub", x, mean)));

export const REDUCE: Readonly<Record<string, TensorflowRule>> = {
  sum: reduction("Sum"),
  mean: reduction("Mean"),
  max: reduction("Max"),
  softmax: (t, { handles }) => t.float("Softmax", ...handles),
  logSoftmax: (t, { handles }) => t.float("LogSoftmax", ...handles),
  layerNorm: (t, { handles: [x, gamma, beta], attributes }) => {
    const mean = meanOf(t, x!);
    const scale = inverseRoot(t, varianceOf(t, x!, mean), real(attributes, "epsilon"));
    const scaled = t.float("Mul", t.float("Mul", t.float("Sub", x!, mean), scale), gamma!);
    return beta === undefined ? scaled : t.float("AddV2", scaled, beta);
  },
  normMean: (t, { handles: [x] }) => meanOf(t, x!),
  normScale: (t, { handles: [x], attributes }) =>
    inverseRoot(t, varianceOf(t, x!, meanOf(t, x!)), real(attributes, "epsilon")),
  rmsNorm: (t, { handles: [x, gamma], attributes }) => {
    const scale = inverseRoot(t, meanOf(t, t.float("Square", x!)), real(attributes, "epsilon"));
    return t.float("Mul", t.float("Mul", x!, scale), gamma!);
  },
};

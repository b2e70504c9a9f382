/** Look-ups and the loss, in TensorFlow. */
import { whole } from "../ops/rule.ts";
import type { Handle, TensorflowOps } from "./binding.ts";
import { FLOAT, INT, type TensorflowRule } from "./rule.ts";

/** Each row's loss, and its gradient by the logits. */
const entropy = (t: TensorflowOps, logits: Handle, targets: Handle): Handle[] =>
  t.all("SparseSoftmaxCrossEntropyWithLogits", [logits, targets], { T: FLOAT, Tlabels: INT }, 2);

export const INDEX: Readonly<Record<string, TensorflowRule>> = {
  gather: (t, { handles: [table, ids], output }) =>
    t.run("GatherV2", [table!, ids!, t.int(0)], {
      batch_dims: 0,
      Tparams: { type: output.type },
      Tindices: INT,
      Taxis: INT,
    }),
  gatherLast: (t, { handles: [x, ids], output }) =>
    t.run("GatherV2", [x!, ids!, t.int(output.shape.length)], {
      batch_dims: output.shape.length,
      Tparams: FLOAT,
      Tindices: INT,
      Taxis: INT,
    }),
  oneHot: (t, { handles: [ids], attributes }) =>
    t.run("OneHot", [ids!, t.int(whole(attributes, "depth")), t.scalar(1), t.scalar(0)], {
      T: FLOAT,
      TI: INT,
      axis: -1,
    }),
  scatterAdd: (t, { handles: [ids, x], attributes }) =>
    t.run("UnsortedSegmentSum", [x!, ids!, t.int(whole(attributes, "rows"))], {
      T: FLOAT,
      Tindices: INT,
      Tnumsegments: INT,
    }),
  crossEntropy: (t, { handles: [logits, targets] }) => entropy(t, logits!, targets!)[0]!,
  crossEntropyGradient: (t, { handles: [logits, targets, g], inputs }) => {
    const slope = entropy(t, logits!, targets!)[1]!;
    const column = t.run("Reshape", [g!, t.ints([inputs[0]!.shape[0]!, 1])], { T: FLOAT, Tshape: INT });
    return t.float("Mul", slope, column);
  },
};

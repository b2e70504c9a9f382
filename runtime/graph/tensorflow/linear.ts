/** Products and movements, in TensorFlow. */
import { flag, list, real, whole } from "../ops/rule.ts";
import { FLOAT, INT, type TensorflowRule } from "./rule.ts";

export const LINEAR: Readonly<Record<string, TensorflowRule>> = {
  matmul: (t, { handles, inputs, attributes }) => {
    const a = flag(attributes, "transposeA");
    const b = flag(attributes, "transposeB");
    const scale = real(attributes, "scale");
    const flat = inputs.every((input) => input.shape.length === 2);
    const product = flat
      ? t.run("MatMul", handles, { T: FLOAT, transpose_a: a, transpose_b: b })
      : t.run("BatchMatMulV2", handles, { T: FLOAT, adj_x: a, adj_y: b });
    return scale === 1 ? product : t.float("Mul", product, t.scalar(scale));
  },
  transpose: (t, { handles: [x], output, attributes }) =>
    t.run("Transpose", [x!, t.ints(list(attributes, "order"))], { T: { type: output.type }, Tperm: INT }),
  reshape: (t, { handles: [x], output }) =>
    t.run("Reshape", [x!, t.ints(output.shape)], { T: { type: output.type }, Tshape: INT }),
  broadcastTo: (t, { handles: [x], output }) =>
    t.run("BroadcastTo", [x!, t.ints(output.shape)], { T: { type: output.type }, Tidx: INT }),
  slice: (t, { handles: [x], output, attributes }) => {
    const start = output.shape.map((_, axis) =>
      axis === whole(attributes, "axis") ? whole(attributes, "start") : 0,
    );
    return t.run("Slice", [x!, t.ints(start), t.ints(output.shape)], {
      T: { type: output.type },
      Index: INT,
    });
  },
  pad: (t, { handles: [x], output, attributes }) => {
    const around = output.shape.flatMap((_, axis) =>
      axis === whole(attributes, "axis") ? [whole(attributes, "before"), whole(attributes, "after")] : [0, 0],
    );
    return t.run("Pad", [x!, t.ints(around, [output.shape.length, 2])], { T: FLOAT, Tpaddings: INT });
  },
  concat: (t, { handles, output, attributes }) =>
    t.run("ConcatV2", [...handles, t.int(whole(attributes, "axis"))], {
      N: handles.length,
      T: { type: output.type },
      Tidx: INT,
    }),
};

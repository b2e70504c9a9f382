/** Products and movements, in ONNX. */
import { flag, list, real, whole } from "../ops/rule.ts";
import { MICROSOFT } from "./emitter.ts";
import type { OnnxRule } from "./rule.ts";

export const LINEAR: Readonly<Record<string, OnnxRule>> = {
  matmul: (e, { names, inputs, attributes }) => {
    const transA = flag(attributes, "transposeA") ? 1 : 0;
    const transB = flag(attributes, "transposeB") ? 1 : 0;
    const alpha = { float: real(attributes, "scale") };
    if (transA === 0 && transB === 0 && alpha.float === 1) return e.emit("MatMul", names);
    if (inputs.every((input) => input.shape.length === 2)) {
      return e.emit("Gemm", names, { attributes: { transA, transB, alpha } });
    }
    return e.emit("FusedMatMul", names, { attributes: { transA, transB, alpha }, domain: MICROSOFT });
  },
  transpose: (e, { names, attributes }) =>
    e.emit("Transpose", names, { attributes: { perm: list(attributes, "order") } }),
  reshape: (e, { names, attributes }) => e.reshape(names[0]!, list(attributes, "shape")),
  broadcastTo: (e, { names, attributes }) =>
    e.emit("Expand", [names[0]!, e.longs(list(attributes, "shape"))]),
  slice: (e, { names, attributes }) =>
    e.emit("Slice", [
      names[0]!,
      ...["start", "end", "axis"].map((name) => e.longs([whole(attributes, name)])),
    ]),
  pad: (e, { names, inputs, attributes }) => {
    const around = (name: string): number[] =>
      inputs[0]!.shape.map((_, axis) => (axis === whole(attributes, "axis") ? whole(attributes, name) : 0));
    return e.emit("Pad", [names[0]!, e.longs([...around("before"), ...around("after")])]);
  },
  concat: (e, { names, attributes }) =>
    e.emit("Concat", names, { attributes: { axis: whole(attributes, "axis") } }),
};

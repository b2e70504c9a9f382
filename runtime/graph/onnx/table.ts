/** How each operation is written in ONNX (opset 21). */
import { ELEMENTWISE } from "./elementwise.ts";
import { IMAGE } from "./image.ts";
import { INDEX } from "./index.ts";
import { LINEAR } from "./linear.ts";
import { REDUCE } from "./reduce.ts";
import type { OnnxRule } from "./rule.ts";

export const ONNX_RULES: ReadonlyMap<string, OnnxRule> = new Map(
  [ELEMENTWISE, LINEAR, REDUCE, INDEX, IMAGE].flatMap((family) => Object.entries(family)),
);

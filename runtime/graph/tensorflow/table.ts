/** How each operation is computed in TensorFlow. */
import { ELEMENTWISE } from "./elementwise.ts";
import { IMAGE } from "./image.ts";
import { INDEX } from "./index.ts";
import { LINEAR } from "./linear.ts";
import { REDUCE } from "./reduce.ts";
import type { TensorflowRule } from "./rule.ts";

export const TENSORFLOW_RULES: ReadonlyMap<string, TensorflowRule> = new Map(
  [ELEMENTWISE, LINEAR, REDUCE, INDEX, IMAGE].flatMap((family) => Object.entries(family)),
);

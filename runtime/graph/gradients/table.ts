/** The gradient rule of every operation that has one. What computes a gradient itself is differentiated no further. */
import { ELEMENTWISE } from "./elementwise.ts";
import { IMAGE } from "./image.ts";
import { INDEX } from "./index.ts";
import { LINEAR } from "./linear.ts";
import { REDUCE } from "./reduce.ts";
import type { GradientRule } from "./rule.ts";

export const GRADIENTS: ReadonlyMap<string, GradientRule> = new Map(
  [ELEMENTWISE, LINEAR, REDUCE, INDEX, IMAGE].flatMap((family) => Object.entries(family)),
);

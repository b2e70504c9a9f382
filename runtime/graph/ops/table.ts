/** Every operation of tensor graphs, by name, with its shape rule. */
import { ELEMENTWISE } from "./elementwise.ts";
import { IMAGE } from "./image.ts";
import { INDEX } from "./index.ts";
import { LINEAR } from "./linear.ts";
import { REDUCE } from "./reduce.ts";
import type { ShapeRule } from "./rule.ts";

export const OPERATIONS: ReadonlyMap<string, ShapeRule> = new Map(
  [ELEMENTWISE, LINEAR, REDUCE, INDEX, IMAGE].flatMap((family) => Object.entries(family)),
);

import type { Kind } from "../vocabulary/kind.ts";
import type { Declaration, Program } from "./program.ts";

/** The lists of a program that hold declarations; those but the first are left out when they are empty. */
export const LISTS = ["declarations", "tests", "environments"] as const;

/** The list that holds a kind's declarations: steps of the pipeline, and what stands beside it. */
export const listFor = ({ role }: Kind): (typeof LISTS)[number] =>
  role === undefined ? "declarations" : `${role}s`;

/** Every declaration with its place in the document, `/declarations/3`. */
export const placed = (program: Program): readonly (readonly [string, Declaration])[] =>
  LISTS.flatMap((list) => (program[list] ?? []).map((one, i) => [`/${list}/${i}`, one] as const));

/** Twelve steps, some side by side, that all mean something new in each generation. */
import type { Program } from "../../language/ir/program.ts";
import { program, ref, type Written } from "./support.ts";

export const STEPS = 12;

export function pipeline(generation: number): Program {
  const steps: Written[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    // Two chains that meet in every fourth step.
    const above = step % 4 === 3 ? [step - 1, step - 2] : [step - 2];
    const from = above.filter((one) => one >= 0).map((one) => ref(`work.s${one}`));
    steps.push({ id: `work.s${step}`, props: { salt: `${generation}.${step}`, from } });
  }
  return program(...steps);
}

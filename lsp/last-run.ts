/** What the last run made of a declaration, in words: its numbers, and whether it would be reused. */
import type { Analysis } from "../language/compile.ts";
import { changesOf } from "../language/diff/changes.ts";
import type { Declaration } from "../language/ir/program.ts";
import type { StepKnowledge } from "./knowledge.ts";
import type { Workspace } from "./workspace.ts";

/** What people look for first in a step's summary. */
const TOLD = ["rows", "parameters", "features", "loss", "validation_loss", "version", "words", "size"];

/** "rows 614, f1 0.87" */
export function factsOf({ summary }: StepKnowledge): string[] {
  const facts = TOLD.flatMap((name) => {
    const value = summary[name];
    return typeof value === "number" ? [`${name} ${shown(value)}`] : [];
  });
  const { metrics } = summary;
  if (typeof metrics === "object" && metrics !== null)
    for (const [name, value] of Object.entries(metrics))
      if (typeof value === "number") facts.push(`${name} ${shown(value)}`);
  return facts;
}

export const shown = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString("en-US") : String(Number(value.toPrecision(4)));

/** The declaration as the text means it now; null while there are errors. */
export const declarationNow = ({ program }: Analysis, id: string): Declaration | null =>
  program?.declarations.find((one) => one.id === id) ?? null;

/** Why it would be carried out again, told from the spec alone; null when its meaning is what it was. */
export function staleBecause(
  workspace: Workspace,
  path: string,
  id: string,
  run: StepKnowledge,
  analysis = workspace.analysis(path),
): string | null {
  const now = declarationNow(analysis, id);
  const { declaration: then } = run;
  if (now === null || then === null || now.hash === then.hash) return null;
  const changes = changesOf(then, now, workspace.vocabulary, (name) => name);
  if (changes.length === 0) return "what it reads has changed";
  const named = changes
    .slice(0, 3)
    .map(({ path: attribute, before, after }) =>
      before !== null && after !== null && before.length + after.length < 60
        ? `\`${attribute}\` ${before} → ${after}`
        : `\`${attribute}\``,
    );
  return `${named.join(", ")}${changes.length > 3 ? " and more" : ""} changed`;
}

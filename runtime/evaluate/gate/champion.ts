/** The champion: what the candidate would replace, scored again on the same rows. */
import type { Declaration, Program } from "../../../language/ir/program.ts";
import type { RowSource } from "../../data/source.ts";
import type { RegisteredVersion, StepContext } from "../../execute/step.ts";
import { StepFailure } from "../../execute/step.ts";
import { readModel } from "../../portable/read.ts";
import type { Judgement } from "../judgement.ts";
import { loadLabelled } from "../labelled-rows.ts";
import { predictScored } from "../predict.ts";
import type { Scored } from "../scored.ts";
import { type ReleaseOfGate, releasesOf } from "./champion-of.ts";

/** Fails unless one registered name and alias is meant. */
export function releaseOf(program: Program, gate: Declaration): ReleaseOfGate {
  const releases = releasesOf(program, gate.id);
  const [release] = releases;
  const same = releases.every((one) => one.name === release?.name && one.alias === release?.alias);
  if (release !== undefined && same) return release;
  const found = releases.length === 0 ? "no release uses it" : `${releases.length} releases use it`;
  throw new StepFailure({
    code: "ML6012",
    values: { gate: gate.name, found },
    declaration: gate.id,
    pointer: "/require",
  });
}

/**
 * The champion's predictions for the rows of an evaluation, at the champion's own threshold, its classes in the
 * candidate's order.
 * @throws StepFailure ML6013 when a column that it reads is not there, ML6016 when it answers another question
 */
export async function scoreChampion(
  context: StepContext,
  version: RegisteredVersion,
  source: RowSource,
  judgement: Judgement,
): Promise<Scored> {
  const { store, declaration } = context;
  const champion = `${version.name}@${version.version}`;
  const refuse = (code: string, values: Readonly<Record<string, string>>) =>
    new StepFailure({
      code,
      values: { champion, ...values },
      declaration: declaration.id,
      pointer: "/require",
    });
  const { model } = await readModel(store, version.files);
  for (const { name } of model.inputs) {
    if (!source.columns.some((column) => column.name === name)) {
      throw refuse("ML6013", {
        column: name,
        data: source.declaration.slice(source.declaration.indexOf(".") + 1),
      });
    }
  }
  const { scored, target } = judgement;
  const same =
    model.target === target && model.task === scored.task && sameSet(model.classes, scored.classes);
  if (!same) {
    const what = model.classes.length > 0 ? ` (${model.classes.join(", ")})` : "";
    throw refuse("ML6016", {
      metric: "champion",
      why: `it predicts ${model.target}${what}, the candidate ${target}`,
    });
  }
  const rows = await loadLabelled(context, source, model);
  const own = predictScored({ ...model, threshold: version.threshold ?? model.threshold }, rows);
  return { ...inClassOrder(own, scored.classes), truth: scored.truth };
}

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((one) => b.includes(one));

/** Predicted classes and probabilities in another order of the same classes. */
function inClassOrder(scored: Scored, classes: readonly string[]): Scored {
  if (scored.probabilities === null || scored.classes.every((name, k) => name === classes[k])) return scored;
  const from = classes.map((name) => scored.classes.indexOf(name));
  const width = classes.length;
  const probabilities = Float64Array.from(
    scored.probabilities,
    (_, i) => scored.probabilities![i - (i % width) + from[i % width]!]!,
  );
  const predicted = scored.predicted.map((k) => from.indexOf(k));
  return { ...scored, classes, predicted, probabilities };
}

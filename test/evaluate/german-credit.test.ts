/** S1.15: German credit, where lending to a bad risk costs 5 and refusing a good one 1, counted by hand. */
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openWorkplace } from "../../cli/workplace.ts";
import { compile } from "../../language/compile.ts";
import { resolveSource } from "../../runtime/data/source.ts";
import { readJudgement } from "../../runtime/evaluate/judgement.ts";
import { loadLabelled } from "../../runtime/evaluate/labelled-rows.ts";
import { predictScored } from "../../runtime/evaluate/predict.ts";
import { positiveScores } from "../../runtime/evaluate/scored.ts";
import { runProgram } from "../../runtime/execute/run.ts";
import { readModel } from "../../runtime/portable/read.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { copySample, ROOT } from "../samples/mlops.ts";

const REAL = join(ROOT, "../shared/data/german-credit.csv");

/** Bad risks let through, and good ones refused; `positive` is the bad risk. */
function count(truth: Float64Array, isPositive: (row: number) => boolean) {
  let missed = 0;
  let refused = 0;
  truth.forEach((value, row) => {
    if (value === 1 && !isPositive(row)) missed += 1;
    if (value === 0 && isPositive(row)) refused += 1;
  });
  return { missed, refused, perRow: (5 * missed + refused) / truth.length };
}

async function check(prepare: (folder: string) => void): Promise<void> {
  const sample = copySample("german-credit");
  try {
    prepare(sample.folder);
    const text = readFileSync(sample.spec, "utf8");
    const { program } = compile({ files: { read: () => text }, entry: sample.spec, vocabulary });
    const place = await openWorkplace({ program: program!, project: sample.folder, spec: sample.spec });
    const { steps } = await runProgram({ ...place, signal: new AbortController().signal });
    const inputs = new Map(
      steps.flatMap((step) => (step.result === null ? [] : [[step.declaration, step.result] as const])),
    );
    const { outputs, summary } = inputs.get("evaluation.scored")!;

    const judged = readJudgement(await place.store.read(outputs["predictions.bin"]!)).scored;
    const byHand = count(judged.truth, (row) => judged.predicted[row] === 1);
    expect((summary["metrics"] as { cost: number }).cost).toBe(byHand.perRow);
    const scores = positiveScores(judged);
    judged.predicted.forEach((predicted, row) => {
      expect(predicted).toBe(Number(scores[row]! >= Number(summary["threshold"])));
    });

    const { model } = await readModel(place.store, inputs.get("model.scorer")!.outputs);
    const source = resolveSource(
      { program: place.program, inputs },
      { ref: "features.applicant", part: "validation" },
    );
    const validation = predictScored(
      model,
      await loadLabelled({ store: place.store, threads: 1 }, source, model),
    );
    const seen = positiveScores(validation);
    const costs = [...seen, 1].map((threshold) => ({
      threshold,
      cost: count(validation.truth, (row) => seen[row]! >= threshold).perRow,
    }));
    const least = Math.min(...costs.map(({ cost }) => cost));
    const cheapest = costs.filter(({ cost }) => cost === least).map(({ threshold }) => threshold);
    expect(summary["threshold"]).toBe(Math.max(...cheapest));
    // Had each error cost the same, fewer would be refused: the costs moved the threshold.
    expect(Number(summary["threshold"])).toBeLessThan(0.5);
    place.close();
  } finally {
    sample.remove();
  }
}

describe("German credit at 5:1", () => {
  it("costs what counting says, at the threshold that counting finds, on the sample's data", () =>
    check(() => undefined));

  it.skipIf(!existsSync(REAL))("and on the real data", () =>
    check((folder) => copyFileSync(REAL, join(folder, "data/german-credit.csv"))),
  );
});

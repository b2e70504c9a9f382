/** BLEU and ROUGE-L beside sacrebleu and rouge_score, on texts made to be awkward. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compareAnswers } from "../../runtime/evaluate/language/answers.ts";
import { languageScored } from "../../runtime/evaluate/language/evaluation.ts";
import { languageMeasure } from "../../runtime/evaluate/language/measures.ts";
import { everyRow } from "../../runtime/evaluate/scored.ts";
import { type Random, random } from "../../runtime/learn/random.ts";

const python = process.env["MLOPS_PYTHON"];
const script = fileURLToPath(new URL("language.py", import.meta.url));
const conala = fileURLToPath(new URL("../../../shared/data/conala-test.json", import.meta.url));

type Pair = readonly [answer: string, reference: string];

const PIECES = [
  ..."the a cat sat on mat 3.14 1,000 -5 don't U.S. e.g. x_y z-w (so) [it] {is} &amp; &quot;said&quot; 50% $9 naïve Größe 猫 , . ! ? ; : \" '".split(
    " ",
  ),
  "new\nline",
  "hy-\nphen",
  "<skipped>",
  "tab\there",
  "",
];

function sentence(source: Random, from: readonly string[]): string {
  const length = source.int(14);
  return Array.from({ length }, () => from[source.int(from.length)]!).join(source.int(5) === 0 ? "" : " ");
}

function near(source: Random, text: string): string {
  const words = text.split(" ");
  return words
    .map((word) => (source.int(5) === 0 ? PIECES[source.int(PIECES.length)]! : word))
    .filter(() => source.int(12) > 0)
    .join(" ");
}

function madeSets(): Pair[][] {
  const source = random(5);
  return Array.from({ length: 60 }, () =>
    Array.from({ length: 1 + source.int(12) }, (): Pair => {
      const reference = `${sentence(source, PIECES)} end`;
      return [source.int(6) === 0 ? sentence(source, PIECES) : near(source, reference), reference];
    }),
  );
}

/** Real text: what a question asks beside how it was rewritten. */
function realSet(): Pair[] {
  const rows = JSON.parse(readFileSync(conala, "utf8")) as {
    intent: string;
    rewritten_intent: string | null;
  }[];
  return rows.flatMap(({ intent, rewritten_intent: other }): Pair[] =>
    other === null ? [] : [[intent, other]],
  );
}

describe.skipIf(python === undefined)("sacrebleu and rouge_score", () => {
  it("give the same values to nine digits", () => {
    const sets = [...madeSets(), ...(existsSync(conala) ? [realSet()] : [])];
    const { status, stdout, stderr } = spawnSync(python!, [script], {
      input: JSON.stringify(sets),
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    const peers = JSON.parse(stdout) as { bleu: number; rouge_l: number }[];
    sets.forEach((pairs, i) => {
      const measures = compareAnswers(
        pairs.map(([answer]) => answer),
        pairs.map(([, reference]) => reference),
      );
      const scored = languageScored("language", pairs.length, measures);
      const value = (name: string) => languageMeasure(scored, name)(everyRow(pairs.length));
      expect(value("bleu"), JSON.stringify(pairs)).toBeCloseTo(peers[i]!.bleu, 9);
      expect(value("rouge_l"), JSON.stringify(pairs)).toBeCloseTo(peers[i]!.rouge_l, 9);
    });
  });
});

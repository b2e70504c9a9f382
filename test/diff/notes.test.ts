/** What a reviewer is told beyond what differs. */
import { describe, expect, it } from "vitest";
import { diffPrograms } from "../../language/diff/diff.ts";
import { noteRules } from "../../stdlib/changes/notes.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { changed, PIPELINE, programOf } from "../check/spec.ts";
import { diffOf, topics } from "./support.ts";

const BATCH = `
batch call_first {
  release = loan_approval.champion
  input = loans
  output = "out/call-first.csv"
}
`;

describe("a note", () => {
  it.each([
    ['name = "loans"', 'name = "loans-2"', "breaking external-name deployment.api"],
    ['name = "loan-approval"', 'name = "approval"', "breaking external-name release.loan_approval"],
    ["token = TOKEN", 'token = TOKEN\n  path = "/score"', "breaking route deployment.api"],
    ["\n  token = TOKEN", "", "caution route deployment.api"],
    ["token = TOKEN", "token = TOKEN\n  batch_limit = 10", "breaking route deployment.api"],
    ["token = TOKEN", "token = TOKEN\n  rate_limit = 10", "breaking route deployment.api"],
    ["token = TOKEN", "token = TOKEN\n  batch_limit = 100_000", null],
    ["token = TOKEN", "token = TOKEN\n  missing = refuse", "breaking request deployment.api"],
    ["amount: float nullable", "amount: float nullable\n    rate: float", "breaking request deployment.api"],
    [
      "amount: float nullable",
      "amount: float nullable\n    rate: float nullable",
      "caution request deployment.api",
    ],
    ["amount: float nullable", "amount: float nullable\n    code: string", null],
    ["amount: float nullable", "amount: float", "breaking request deployment.api"],
    ["income: float min 0", "income: float", null],
    ["income: float min 0", "income: int min 0", "breaking request deployment.api"],
    ['["north", "south"]', '["north"]', "breaking request deployment.api"],
    ["  scale {", "  drop = [amount]\n  scale {", null],
    ['positive "yes"', 'positive "no"', "breaking label model.scorer"],
    ["scored.f1 >= 0.80", "scored.f1 >= 0.70", "breaking gate-looser gate.ready"],
    ["scored.f1 >= 0.80", "scored.f1 >= 0.90", "caution gate-tighter gate.ready"],
    [
      "scored.f1 >= 0.80",
      "scored.recall(top = 10%) >= 0.80",
      "breaking gate-looser gate.ready, caution gate-tighter gate.ready",
    ],
    [
      "scored.accuracy > baseline(majority).accuracy",
      "scored.accuracy > baseline(majority).accuracy + scored.f1",
      "breaking gate-looser gate.ready, caution gate-tighter gate.ready",
    ],
    ['"no area left behind"', '"no area behind"', null],
    ["rows >= 500", "rows >= 5", "caution expectation-looser dataset.loans"],
    ["seed = 42", "seed = 43", "caution rows dataset.loans"],
    ['path = "loans.csv"', 'path = "more.csv"', "caution rows dataset.loans"],
    [
      "evaluation scored {\n  model = scorer\n  data = applicant.test",
      "evaluation scored {\n  model = scorer\n  data = applicant.validation",
      "caution rows evaluation.scored",
    ],
    ["param rounds: int = 200", "param rounds: int = 300", "caution param -"],
    ["depth = 4", "depth = 5", null],
  ])("of `%s` → `%s`: %s", (from, to, expected) => {
    let base = PIPELINE;
    if (to.includes("applicant.validation")) base = base.replace("  tune = applicant.validation\n", "");
    expect(topics(diffOf(base, changed(from, to, base))).join(", ") || null).toBe(expected);
  });

  it("of what is gone or new", () => {
    expect(topics(diffOf(PIPELINE + BATCH, PIPELINE))).toEqual(["breaking removed batch.call_first"]);
    expect(topics(diffOf(PIPELINE, PIPELINE + BATCH))).toEqual([]);
  });

  it("of a batch's file", () => {
    const other = BATCH.replace("call-first.csv", "calls.csv").replace(
      "}",
      "  top = 10%\n  include = [id]\n}",
    );
    expect(topics(diffOf(PIPELINE + BATCH, PIPELINE + other))).toEqual(
      Array(3).fill("breaking batch batch.call_first"),
    );
  });

  it("of a release that waits for another gate, or moves another alias", () => {
    // A gate that compares with the champion must have a release.
    const bare = changed("  require scored.auc >= champion.auc - 1% with confidence(95%) as optional\n", "");
    const more = `${bare}\ngate lenient {\n  require scored.f1 >= 0.1\n}\n`;
    const moved = changed("gate = ready\n}", "gate = lenient\n  alias = candidate\n}", more).replace(
      "loan_approval.champion",
      "loan_approval.candidate",
    );
    expect(topics(diffOf(more, moved))).toEqual([
      "breaking alias release.loan_approval",
      "caution release-gate release.loan_approval",
    ]);
  });

  it("of secrets and parameters", () => {
    const text = PIPELINE.replaceAll("TOKEN", "OTHER")
      .replace("param rounds: int = 200\n\n", "")
      .replace("trees = rounds", "trees = 200");
    expect(topics(diffOf(PIPELINE, text))).toEqual(["breaking param -", "breaking secret -"]);
  });

  it("says in one sentence what callers must do", () => {
    const diff = diffOf(PIPELINE, changed("amount: float nullable", "amount: float\n    rate: float"));
    expect(diff.notes.map(({ message }) => message)).toEqual([
      'deployment api ("loans") takes other requests: it needs amount (was optional) and rate',
    ]);
  });
});

describe("owners", () => {
  const owned = (text: string, owners: Readonly<Record<string, readonly string[]>>) => {
    const program = programOf(text);
    return {
      ...program,
      declarations: program.declarations.map((one) => ({ ...one, owners: [...(owners[one.id] ?? [])] })),
    };
  };
  const owners = {
    "dataset.loans": ["@data"],
    "gate.ready": ["@risk"],
    "release.loan_approval": ["@ml"],
    "deployment.api": ["@platform", "@ml"],
  };

  it("of what differs and of what it reaches are asked, and nobody else", () => {
    const after = changed("scored.f1 >= 0.80", "scored.f1 >= 0.70");
    const diff = diffPrograms(owned(PIPELINE, owners), owned(after, owners), vocabulary, noteRules);
    expect(diff.ask).toEqual(["@ml", "@platform", "@risk"]);
  });

  it("are told when they change, which is no change in meaning", () => {
    const after = owned(PIPELINE, { ...owners, "gate.ready": ["@audit"] });
    const diff = diffPrograms(owned(PIPELINE, owners), after, vocabulary, noteRules);
    expect(diff.same).toBe(true);
    expect(diff.owners).toEqual([{ id: "gate.ready", before: ["@risk"], after: ["@audit"] }]);
  });
});

/** Meaning decides, not text: what changes a hash and what never does. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Program } from "../../language/ir/program.ts";
import { changed, PIPELINE, programOf } from "./spec.ts";

const hashes = (program: Program): string[] =>
  program.declarations.map((declaration) => declaration.hash).sort();
const base = programOf(PIPELINE);
const hashOf = (program: Program, id: string): string =>
  program.declarations.find((other) => other.id === id)!.hash;

/** Top-level pieces: a head line with what belongs to it. */
const pieces = PIPELINE.trim().split("\n\n");

/** Lines of a block whose order means nothing, as they stand in the text. */
const UNORDERED: readonly string[] = [
  "    id: string key\n    income: float min 0\n    amount: float nullable",
  '  expect rows >= 500\n  expect nulls(amount) <= 5% "too many gaps"',
  "    burden = amount / income\n    heavy = if burden > 0.5 then 1 else 0",
  "  data = applicant.train\n  tune = applicant.validation\n  target = approved\n  trees = rounds\n  depth = 4",
  "  require scored.f1 >= 0.80\n  require scored.accuracy > baseline(majority).accuracy",
  '  name = "loan-approval"\n  model = scorer\n  gate = ready',
];

const NAMES = ["loans", "applicant", "scorer", "scored", "ready", "rounds", "TOKEN"] as const;

describe("the hash of a declaration", () => {
  it("is the same in any order of declarations", () => {
    const [head, ...rest] = pieces;
    fc.assert(
      fc.property(fc.shuffledSubarray(rest, { minLength: rest.length }), (order) => {
        expect(hashes(programOf([head, ...order].join("\n\n")))).toEqual(hashes(base));
      }),
      { numRuns: 30 },
    );
  });

  it("is the same in any order of what has none", () => {
    fc.assert(
      fc.property(fc.constantFrom(...UNORDERED), fc.integer(), (lines, seed) => {
        const order = lines.split("\n");
        const turned = order.map(
          (_, index) => order[(index + (Math.abs(seed) % order.length)) % order.length],
        );
        expect(hashes(programOf(changed(lines, turned.join("\n"))))).toEqual(hashes(base));
      }),
      { numRuns: 30 },
    );
  });

  it("is the same when lists without an order are turned round", () => {
    const text = changed("[accuracy, f1, auc, recall(top = 10%)]", "[recall(top = 10%), auc, f1, accuracy]");
    expect(hashes(programOf(text))).toEqual(hashes(base));
  });

  it("is the same under other names of declarations, parameters and comments", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES.slice(0, 6)),
        fc.stringMatching(/^[a-z]{1,6}_x$/),
        (name, other) => {
          // The names outside are written in quotes and stay.
          const text = PIPELINE.replace(new RegExp(`(?<!["-])\\b${name}\\b(?!["-.]csv|")`, "g"), other);
          expect(hashes(programOf(text))).toEqual(hashes(base));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is the same with comments, documentation and other layout", () => {
    const text = PIPELINE.replace(
      "/// Loan applications, one row each.",
      "/// Something else.\n/// And more.",
    )
      .replaceAll("\n  data", "\n  // a comment\n  data")
      .replaceAll("  ", "\t")
      .replaceAll(" = ", "   =\t")
      .replaceAll("80%", "80 %".replace(" ", ""));
    expect(hashes(programOf(text))).toEqual(hashes(base));
  });

  it("is the same when a default is written out, and for one value in two spellings", () => {
    const text = changed("depth = 4", "depth = 4\n  leaves = 31\n  min_rows = 20").replace("0.80", "80%");
    expect(hashes(programOf(text))).toEqual(hashes(base));
  });

  it("takes the value of a parameter, not its name or place", () => {
    expect(
      hashes(
        programOf(
          changed("trees = rounds", "trees = 200\n  patience = 20").replace(
            "param rounds: int = 200\n\n",
            "",
          ),
        ),
      ),
    ).toEqual(hashes(base));
    expect(hashes(programOf(PIPELINE, { rounds: "201" }))).not.toEqual(hashes(base));
  });

  it("keeps the order that means something: the parts of a split", () => {
    const text = changed(
      "{ train = 70%, validation = 15%, test = 15% }",
      "{ test = 15%, validation = 15%, train = 70% }",
    );
    expect(hashOf(programOf(text), "dataset.loans")).not.toBe(hashOf(base, "dataset.loans"));
  });

  const changes: readonly (readonly [string, string, string])[] = [
    ["dataset.loans", 'path = "loans.csv"', 'path = "other.csv"'],
    ["dataset.loans", "income: float min 0", "income: float min 1"],
    ["dataset.loans", "asked: date", "asked: date nullable"],
    ["dataset.loans", 'positive "yes"', 'positive "no"'],
    ["dataset.loans", "rows >= 500", "rows >= 501"],
    ["dataset.loans", '"too many gaps"', '"gaps"'],
    ["dataset.loans", "seed = 42", "seed = 43"],
    ["dataset.loans", "validation = 15%, test = 15%", "validation = 10%, test = 20%"],
    ["features.applicant", "amount = median", "amount = mean"],
    ["features.applicant", "amount / income", "income / amount"],
    ["features.applicant", "burden > 0.5", "burden >= 0.5"],
    ["features.applicant", "min_count = 5", "min_count = 6"],
    ["model.scorer", "depth = 4", "depth = 5"],
    ["model.scorer", "trees = rounds", "trees = rounds\n  rate = 0.2"],
    ["evaluation.scored", "slices = [area]", "slices = [area]\n  min_rows = 31"],
    ["evaluation.scored", "recall(top = 10%)", "recall(top = 20%)"],
    ["gate.ready", "0.80", "0.81"],
    ["gate.ready", "confidence(95%)", "confidence(90%)"],
    ["gate.ready", " as optional", ""],
    ["gate.ready", 'by area "no area left behind"', '"no area left behind"'],
    ["release.loan_approval", '"loan-approval"', '"loan-approvals"'],
    ["deployment.api", "  token = TOKEN", "  token = TOKEN\n  port = 8081"],
  ];

  it.each(changes)(
    "of %s changes from `%s` to `%s`, and so does all that follows from it",
    (id, from, to) => {
      const program = programOf(changed(from, to));
      const differ = new Set(
        program.declarations
          .filter((declaration) => declaration.hash !== hashOf(base, declaration.id))
          .map((declaration) => declaration.id),
      );
      const expected = new Set([id]);
      for (let size = 0; size !== expected.size; ) {
        size = expected.size;
        for (const declaration of base.declarations)
          if (declaration.refs.some((ref) => expected.has(ref))) expected.add(declaration.id);
      }
      expect(differ).toEqual(expected);
      expect(program.hash).not.toBe(base.hash);
    },
  );
});

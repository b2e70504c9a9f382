/** One clear error for one mistake, wherever it stands; the checker never falls over. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../language/diagnostics/catalogue.ts";
import { changed, codesOf, compileText, findings, PIPELINE } from "./spec.ts";

describe("one mistake gives one error", () => {
  const mistakes: readonly (readonly [string, string, string, string])[] = [
    ["a kind", "dataset loans: csv", "datset loans: csv", "ML2001"],
    ["a variant", "dataset loans: csv", "dataset loans: cvs", "ML2002"],
    ["a column's type", "amount: float nullable", "amount: flaot nullable", "ML2025"],
    ["a column's constraint", "amount: float nullable", "amount: float nulable", "ML2026"],
    ["the name of a dataset", "dataset loans: csv", "dataset loan: csv", "ML2008"],
    ["a reference", "from = loans", "from = laons", "ML2008"],
    ["a derived column", "burden = amount / income", "burden = amont / income", "ML2020"],
    ["the name of a derived column", "burden = amount / income", "burdn = amount / income", "ML2020"],
    [
      "a derived column that others read",
      "if burden > 0.5 then 1 else 0",
      "if burdn > 0.5 then 1 else 0",
      "ML2020",
    ],
    ["a derived column that is scaled", "burden = amount / income", "burden = amount + area", "ML2036"],
    ["a part", "data = applicant.train", "data = applicant.trian", "ML2010"],
    ["a split's share", "train = 70%", "train = 75%", "ML3005"],
    ["a parameter's value", "rounds: int = 200", 'rounds: int = "many"', "ML2014"],
    ["a parameter's name", "trees = rounds", "trees = ronds", "ML2008"],
    ["a required attribute", "  data = applicant.train\n", "", "ML2007"],
    ["a metric", "[accuracy, f1, auc", "[acuracy, f1, auc", "ML2022"],
    ["a slice", "slices = [area]", "slices = [are]", "ML2020"],
    ["a slice that a gate needs", "slices = [area]", "slices = [asked]", "ML2020"],
    ["a metric of a gate", "scored.f1 >= 0.80", "scored.f2 >= 0.80", "ML2022"],
    ["an evaluation of a gate", "scored.f1 >= 0.80", "score.f1 >= 0.80", "ML2008"],
    ["a baseline", "baseline(majority)", "baseline(majorty)", "ML2018"],
    ["a word of a clause", "as optional", "as optionl", "ML2018"],
    ["an alias", "loan_approval.champion", "loan_approval.candidate", "ML3007"],
    ["a secret", "secret TOKEN", "secret TOKE", "ML2008"],
  ];
  it.each(mistakes)("in %s", (_, from, to, code) => {
    const codes = codesOf(changed(from, to)).filter((other) => other !== "ML3002" || code === "ML3002");
    expect(codes).toEqual([code]);
  });

  it("and mistakes in several places are all told", () => {
    const text = changed("income: float min 0", "income: flot min 0")
      .replace("depth = 4", "dept = 4")
      .replace("as optional", "as optionl")
      .replace("= loan_approval.champion", "= ready");
    expect(codesOf(text).sort()).toEqual(["ML2005", "ML2009", "ML2018", "ML2025"]);
  });
});

describe("did you mean", () => {
  const slips: readonly (readonly [string, string])[] = [
    ["dataset loans", "datset loans"],
    ["gradient_boosted_trees", "gradient_bosted_trees"],
    ["depth = 4", "depht = 4"],
    ["from = loans", "from = loan"],
    ["applicant.validation", "applicant.validaton"],
    ["amount / income", "amount / incme"],
    ["recall(top = 10%)", "recal(top = 10%)"],
    ["recall(top = 10%)", "recall(tpo = 10%)"],
    ["amount = median", "amount = medain"],
    ["positive", "postive"],
    ["area: category", "area: categry"],
    ["= one_hot(min_count", "= one_hot(min_cuont"],
  ];
  it.each(slips)("`%s` for `%s`, and the fix makes it", (right, wrong) => {
    const found = findings(changed(right, wrong)).find((other) => other.severity === "error");
    expect(found?.message).toContain("did you mean");
    const edit = found?.fixes[0]?.edits[0];
    expect(edit).toBeDefined();
    const lines = changed(right, wrong).split("\n");
    const { line, column, endColumn } = edit!.range;
    lines[line - 1] =
      lines[line - 1]!.slice(0, column - 1) + edit!.text + lines[line - 1]!.slice(endColumn - 1);
    expect(lines.join("\n")).toBe(PIPELINE);
  });
});

describe("a broken text", () => {
  const words = PIPELINE.split(/(\s+|[^\w\s])/).filter((word) => word !== "");
  it("always gives findings of the catalogue, in places of the text, and a program only without errors", () => {
    const mutation = fc.record({
      at: fc.nat(words.length - 1),
      how: fc.constantFrom("drop", "double", "swap", "other"),
      other: fc.nat(words.length - 1),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        const broken = [...words];
        for (const { at, how, other } of mutations) {
          if (how === "drop") broken[at] = "";
          else if (how === "double") broken[at] = `${broken[at]} ${broken[at]}`;
          else if (how === "swap") [broken[at], broken[other]] = [broken[other]!, broken[at]!];
          else broken[at] = broken[other]!;
        }
        const text = broken.join("");
        const { program, diagnostics } = compileText(text);
        const lines = text.split("\n");
        for (const { code, range, message } of diagnostics) {
          expect(catalogue[code]).toBeDefined();
          expect(message).not.toMatch(/undefined|\[object/);
          expect(range.line).toBeLessThanOrEqual(lines.length);
          expect(range.column).toBeLessThanOrEqual((lines[range.line - 1]?.length ?? 0) + 1);
          expect(range.endLine * 1e6 + range.endColumn).toBeGreaterThanOrEqual(
            range.line * 1e6 + range.column,
          );
        }
        expect(program === null).toBe(diagnostics.some((found) => found.severity === "error"));
      }),
      { numRuns: 300 },
    );
  });

  it("may be a long chain, written backwards", () => {
    const steps = Array.from(
      { length: 3000 },
      (_, i) => `dataset d${i}: sql {\n  from = [d${i + 1}]\n  query = "SELECT * FROM d${i + 1}"\n}\n`,
    );
    const { program } = compileText(`${steps.join("")}dataset d3000: csv {\n  path = "d.csv"\n}\n`);
    expect(program?.declarations.map((declaration) => declaration.name).at(-1)).toBe("d3000");
  });

  it("of any characters never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => void compileText(text)),
      { numRuns: 200 },
    );
  });
});

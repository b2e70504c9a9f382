/** One clear error for one mistake, wherever it stands; the checker never falls over. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../language/diagnostics/catalogue.ts";
import { applyFixes } from "../../language/diagnostics/fix.ts";
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

/** One thing taken out, misspelt or put wrong, by kind of thing; the first place where it stands. */
const SLIPS: readonly (readonly [string, string, string])[] = [
  // deleting punctuation
  ["a head's colon", "dataset loans: csv", "dataset loans csv"],
  ["a closing quote", 'path = "loans.csv"', 'path = "loans.csv'],
  ["a closing bracket", "recall(top = 10%)]", "recall(top = 10%)"],
  ["a closing parenthesis", "one_hot(min_count = 5) }", "one_hot(min_count = 5 }"],
  ["an equals sign", "depth = 4", "depth 4"],
  ["a value", "depth = 4", "depth ="],
  ["a percent sign's number", "train = 70%, v", "train = %, v"],
  ["a comma", "train = 70%, validation", "train = 70% validation"],
  ["a closing brace of a schema", 'positive "yes"\n  }', 'positive "yes"\n'],
  ["an opening brace", "gate ready {", "gate ready"],
  ["a dot", "applicant.train", "applicanttrain"],
  ["an operator", "amount / income", "amount income"],
  ["an operand", "scored.f1 >= 0.80", "scored.f1 >="],
  ["`then`", "if burden > 0.5 then 1 else 0", "if burden > 0.5 1 else 0"],
  ["`else`", "if burden > 0.5 then 1 else 0", "if burden > 0.5 then 1"],
  // names
  ["a gate's name", "gate ready", "gate redy"],
  ["a release's name", "release loan_approval", "release loan_aproval"],
  ["an evaluation's name", "evaluation scored", "evaluation score"],
  ["a model's name", "model scorer", "model scorr"],
  ["a features' name", "features applicant", "features aplicant"],
  ["a param's name", "param rounds", "param ronds"],
  ["a secret's name", "secret TOKEN", "secret TOKN"],
  ["a column's name", "amount: float nullable", "amont: float nullable"],
  ["a label's name", "approved: category label", "aproved: category label"],
  ["a sliced column's name", "area: category one_of", "aria: category one_of"],
  ["a part's name", "train = 70%", "trian = 70%"],
  ["a tuned part's name", "validation = 15%", "valid = 15%"],
  // keywords
  ["the word schema", "  schema {", "  shema {"],
  ["the word split", "  split(", "  spilt("],
  ["the word expect", "  expect rows", "  expct rows"],
  ["the word require", "  require scored.f1 >= 0.80", "  requir scored.f1 >= 0.80"],
  ["the word derive", "  derive {", "  derve {"],
  ["the word impute", "  impute {", "  imputee {"],
  ["the word encode", "  encode {", "  encod {"],
  ["the word scale", "  scale {", "  scael {"],
  ["the word param", "param rounds", "parm rounds"],
  ["the word secret", "secret TOKEN", "secrt TOKEN"],
  ["the word gate", "gate ready", "gat ready"],
  ["the word features", "features applicant", "feature applicant"],
  ["the word model", "model scorer", "modle scorer"],
  ["the word evaluation", "evaluation scored", "evalution scored"],
  ["the word release", "release loan_approval {", "relase loan_approval {"],
  ["the word deployment", "deployment api", "deploy api"],
  ["an attribute's name from", "  from = loans", "  form = loans"],
  ["an attribute's name data", "  data = applicant.train", "  dta = applicant.train"],
  ["an attribute's name target", "  target = approved", "  traget = approved"],
  ["an attribute's name metrics", "  metrics = [", "  metric = ["],
  ["an attribute's name slices", "  slices =", "  slice ="],
  ["an attribute's name path", '  path = "loans.csv"', '  pth = "loans.csv"'],
  ["an attribute's name model of a release", "  model = scorer\n  gate", "  modl = scorer\n  gate"],
  ["an attribute's name release", "  release = loan_approval.champion", "  releas = loan_approval.champion"],
  ["an argument's name", "seed = 42, strat", "sed = 42, strat"],
  ["a stratified column", "stratify = approved", "stratify = aproved"],
  ["a constraint's value", "min 0", "min zero"],
  ["a constraint that does not fit", "area: category one_of", "area: float one_of"],
  ["a param's type", "rounds: int", "rounds: itn"],
  ["a unit", '5% "too', '5q "too'],
  ["a function", "nulls(amount)", "nuls(amount)"],
  ["a function's column", "nulls(amount)", "nulls(amont)"],
  ["a function's argument", "nulls(amount)", "nulls()"],
  ["an imputation", "amount = median", "amount = medan"],
  ["an imputed column", "impute { amount", "impute { amout"],
  ["an encoded column", "encode { area", "encode { arae"],
  ["a scaled column", "heavy = standard", "heav = standard"],
  ["a scaling", "heavy = standard", "heavy = standrd"],
  ["a wrong type of value", "depth = 4", 'depth = "4"'],
  ["a value out of bounds", "depth = 4", "depth = 99"],
  ["a boolean for a number", "depth = 4", "depth = true"],
  ["a number for a text", 'name = "loans"', "name = 5"],
  ["a text for a reference", "model = scorer\n  data", 'model = "scorer"\n  data'],
  ["a reference to another kind", "gate = ready", "gate = scored"],
  ["a model for its features", "data = applicant.test", "data = scorer"],
  ["a target that is none", "target = approved", "target = approvd"],
  ["a metric's argument", "top = 10%", "tpo = 10%"],
  ["a metric's value out of bounds", "top = 10%", "top = 110%"],
  ["a metric that was not computed", "scored.auc >=", "scored.log_loss >="],
  ["a metric of another task", "accuracy, f1, auc", "accuracy, rmse, f1, auc"],
  ["a champion's metric", "champion.auc", "champion.acu"],
  ["the champion's name", "champion.auc", "champon.auc"],
  ["a baseline's metric", "baseline(majority).accuracy", "baseline(majority).acuracy"],
  ["a preposition", "by area", "be area"],
  ["a message without quotes", '"no area left behind"', "no_area"],
  ["a gate that is gone", "  gate = ready\n", ""],
  ["an evaluation's data that is gone", "  data = applicant.test\n", ""],
  ["an evaluation's metrics that are gone", "  metrics = [accuracy, f1, auc, recall(top = 10%)]\n", ""],
  ["a deployment's release that is gone", "  release = loan_approval.champion\n", ""],
  [
    "a split that is gone",
    "  split(seed = 42, stratify = approved) { train = 70%, validation = 15%, test = 15% }\n",
    "",
  ],
  ["a label that is gone", '    approved: category label positive "yes"\n', ""],
  ["a column that is gone", "    income: float min 0\n", ""],
  ["a parameter that is gone", "param rounds: int = 200\n", ""],
  ["a secret that is gone", "secret TOKEN\n", ""],
  ["a derived column that is gone", "    burden = amount / income\n", ""],
  ["a schema's type that is gone", "asked: date", "asked"],
  ["training on the test part", "data = applicant.train", "data = applicant.test"],
  ["evaluating on the training part", "data = applicant.test", "data = applicant.train"],
  ["a label among the features", "burden = amount / income", 'burden = if approved == "yes" then 1 else 0'],
  ["a circle of derived columns", "burden = amount / income", "burden = heavy / income"],
  ["the language's version", "mlops 1", "mlops 2"],
  ["a repeated name", "secret TOKEN\n", "secret TOKEN\n\nsecret TOKEN\n"],
];

describe("one slip gives one error", () => {
  it.each(SLIPS)("%s", (_, from, to) => {
    const at = PIPELINE.indexOf(from);
    expect(at).toBeGreaterThan(-1);
    const text = PIPELINE.slice(0, at) + to + PIPELINE.slice(at + from.length);
    const errors = findings(text).filter(({ severity }) => severity === "error");
    expect(errors.map(({ code, message }) => `${code} ${message}`)).toHaveLength(1);
  });

  it("and a name used in several places is mended in all of them by one fix", () => {
    const text = changed("evaluation scored {", "evaluation score {");
    const [error, ...others] = findings(text).filter(({ severity }) => severity === "error");
    expect(others).toEqual([]);
    expect(error?.related.map(({ message, range }) => `${range.line} ${message}`)).toEqual([
      "51 and here",
      "52 and here",
      "53 and here",
    ]);
    const { files } = applyFixes(findings(text), () => text);
    expect(codesOf(files.get("spec.mlops") ?? "")).toEqual([]);
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

describe("a forgotten `{` within a line", () => {
  const spec = `mlops 1

dataset loans: csv {
  path = "loans.csv"
  schema { income: float, area: category nullable, amount: float label }
  split(seed = 1) { train = 70%, test = 30% }
}

features seen {
  from = loans
  derive { more = income + 1, twice = income * 2 }
  impute { area = mode }
}

model priced: linear_regression { data = seen.train }
evaluation judged { model = priced, data = seen.test, metrics = [mae] }
gate good { require judged.mae < 3 }
release out { model = priced, gate = good }
`;
  const within = [...spec.matchAll(/ \{(?!\n)/g)].map(({ index }) => index);
  it.each(within)("at %i is one error, which says where it belongs", (index) => {
    const text = spec.slice(0, index) + spec.slice(index + 2);
    const { diagnostics } = compileText(text);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toHaveLength(1);
    const { line, column } = diagnostics[0]!.range;
    expect([diagnostics[0]!.code, line]).toEqual(["ML1118", spec.slice(0, index).split("\n").length]);
    expect(column).toBe(index - spec.lastIndexOf("\n", index));
  });
});

describe("a `}` for the `{` at the end of a line", () => {
  const spec = changed("rows >= 500", "rows >= 600");
  const ends = [...spec.matchAll(/^ *[\w: ]+(?:\(.*\))? \{$/gm)].map(
    ({ index, 0: line }) => index + line.length - 1,
  );
  it.each(ends)("at %i is one error, at that sign", (index) => {
    const text = `${spec.slice(0, index)}}${spec.slice(index + 1)}`;
    const errors = compileText(text).diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map(({ code, range }) => [code, range.line])).toEqual([
      ["ML1121", spec.slice(0, index).split("\n").length],
    ]);
  });
});

describe("more errors than anybody mends at once", () => {
  it("end at two hundred, and the others are counted", () => {
    const { diagnostics, more } = compileText(
      Array.from({ length: 300 }, (_, n) => `datset d${n}: csv { path = "${n}.csv" }`).join("\n"),
    );
    expect(diagnostics.filter(({ severity }) => severity === "error")).toHaveLength(200);
    expect(more).toBe(100);
    const unread = compileText(
      Array.from({ length: 250 }, (_, n) => `dataset d${n}: csv { path = = 1 }`).join("\n"),
    );
    expect(unread.more).toBe(50);
  });
});

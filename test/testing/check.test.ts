/** What is known of a test before anything runs. */
import { describe, expect, it } from "vitest";
import { codesOf, findings, programOf } from "../check/spec.ts";
import { LOANS } from "./spec.ts";

const found = (test: string): string[] =>
  findings(`${LOANS}\n${test}`).map(({ code, message }) => `${code} ${message}`);
const features = (body: string): string[] => found(`test t {\n  subject = applicant\n${body}\n}\n`);
const model = (
  body: string,
  row = 'income = 1, area = "north", asked = "2025-01-01", member = true',
): string[] => found(`test t {\n  subject = scorer\n  row one { ${row} }\n${body}\n}\n`);
const gate = (body: string): string[] => found(`test t {\n  subject = ready\n${body}\n}\n`);

describe("rows", () => {
  it("have the dataset's columns, with the nearest name for one that is unknown", () => {
    expect(features("  row one { incme = 1, amount = 2 }\n  expect one.amount > 0")).toEqual([
      "ML2020 No column is called `incme` in the features `applicant`; did you mean `income`?",
    ]);
    expect(features("  row one { income = 1, amount = 2 }\n  expect one.burdn > 0")).toEqual([
      "ML2020 No column is called `burdn` in the features `applicant`; did you mean `burden`?",
    ]);
  });

  it("have values of the columns' types, and of the schema's bounds", () => {
    expect(
      features('  row one { income = "1", amount = 2, member = 1, asked = 5 }\n  expect one.amount > 0'),
    ).toEqual([
      'ML6050 Write a number for `income` in the row `one`: it is `float`, and `"1"` stands here',
      "ML6050 Write `true` or `false` for `member` in the row `one`: it is `boolean`, and `1` stands here",
      "ML6050 Write a date in quotes for `asked` in the row `one`: it is `date`, and `5` stands here",
    ]);
    expect(features("  row one { income = null, amount = null }\n  expect one.burden > 0")).toEqual([
      "ML6050 Write a value for `income` in the row `one`: it is `float`, and `null` stands here",
    ]);
    expect(features("  given { income = -1 }\n  row one { amount = 2 }\n  expect one.burden > 0")).toEqual([
      "ML6060 Change `income` in `given`: -1 is below 0, and the schema lets no such row in",
    ]);
  });

  it("put a number in quotes by a fix where a category stands", () => {
    const [one] = findings(
      `${LOANS}\ntest t {\n  subject = applicant\n  row one { area = 1 }\n  expect one.place == "1"\n}\n`,
    );
    expect(one?.fixes[0]?.edits[0]?.text).toBe('area = "1"');
  });

  it("may hold anything where the dataset itself is tested, and need all its columns", () => {
    const row = 'id = 1, income = "much", area = true, asked = "x", member = 3, approved = null';
    expect(found(`test t {\n  subject = loans\n  row one { ${row} }\n  rejects one\n}\n`)).toEqual([]);
    expect(
      found(
        `test t {\n  subject = loans\n  row one { id = "a" }\n  row two { id = "b" }\n  rejects one\n  accepts two\n}\n`,
      ),
    ).toEqual([
      "ML6058 Give the rows `one` and `two` the columns `income`, `area`, `asked`, `member` and `approved`: the dataset `loans` has them in every row",
    ]);
  });

  it("need of features what the claims are computed from, and of a model what it sees", () => {
    expect(features("  row one { income = 1 }\n  expect one.rich")).toEqual([]);
    expect(features("  row one { amount = 1 }\n  expect one.burden > 0\n  expect one.rich")).toEqual([
      "ML6058 Give the row `one` the column `income`: `burden` is computed from it",
    ]);
    expect(model("  expect one.probability > 0.5", 'income = 1, area = "north", member = true')).toEqual([
      "ML6058 Give the row `one` the column `asked`: the model `scorer` reads it",
    ]);
    expect(model("  expect one.probability > 0.5")).toEqual([]);
  });

  it("are named once", () => {
    expect(features("  row one { income = 1 }\n  row one { income = 2 }\n  expect one.rich")).toEqual([
      "ML2028 Take out or rename the row `one`: the test has it already",
    ]);
  });

  it("are each spoken of", () => {
    expect(features("  row one { income = 1 }\n  row two { income = 2 }\n  expect one.rich")).toEqual([
      "ML6067 Say something of the row `two`, or take it out: no claim of `t` names it",
    ]);
  });

  it("are not computed by hand", () => {
    expect(features("  row one { burden = 1, income = 2 }\n  expect one.burden > 0")).toEqual([
      "ML6059 Give `amount` and `income` instead of `burden` in the row `one`, which is computed from them",
    ]);
  });
});

describe("claims", () => {
  it("are typed", () => {
    expect(features('  row one { income = 1 }\n  expect one.rich == "yes"')).toEqual([
      'ML2036 `==` takes true or false here too; `"yes"` is text',
    ]);
    expect(features("  row one { income = 1 }\n  expect one.income + 1")).toEqual([
      "ML2035 Write a condition: `expect` must be true or false, and this is a number",
    ]);
    expect(
      features('  row one { asked = "2025-12-31" }\n  expect one.month == 12 and one.asked > "2025-01-01"'),
    ).toEqual([]);
    expect(
      features(
        "  row one { income = 1 }\n  expect abs(one.income - 1) < 0.1 and round(one.income) in [1, 2]",
      ),
    ).toEqual([]);
  });

  it("name rows of the test and what they have", () => {
    expect(features("  row one { income = 1 }\n  expect two.rich")).toEqual([
      "ML6054 Name a `row` of this test: `two` is none; write `one`",
    ]);
    expect(features("  row one { income = 1 }\n  expect one")).toEqual([
      "ML6055 Say which row and what of it, such as `one.each`: `one` alone is no value",
    ]);
    expect(features("  row one { income = 1 }\n  expect rich")).toEqual([
      "ML6055 Say which row and what of it, such as `one.rich`: `rich` alone is no value",
    ]);
  });

  it("may use parameters", () => {
    const text = `param bound: float = 0.5\n\n${LOANS.replace("mlops 1\n", "")}\ntest t {\n  subject = applicant\n  row one { income = 1, amount = 1 }\n  expect one.burden > bound\n}\n`;
    expect(codesOf(text)).toEqual([]);
  });

  it("ask of a prediction what its task has", () => {
    expect(model("  expect one.value > 3")).toEqual([
      "ML6051 Ask the model `scorer` for something else than `value`, which no prediction of it has; write `label` or `probability`",
    ]);
    expect(model("  expect one.probabilities > 3")).toEqual([
      "ML6051 Ask the model `scorer` for something else than `probabilities`, which no prediction of it has; did you mean `probability`?",
    ]);
    expect(model('  expect one.probability("no") < 50% and one.label == "yes"')).toEqual([]);
    expect(model("  expect one.label > 0.5")).toEqual(["ML2036 `>` takes text here too; `0.5` is a number"]);
    expect(model('  expect one.label("x") == "yes"')).toEqual([
      "ML2021 Correct the call of `one.label`: it takes no arguments",
    ]);
  });
});

it("compare with values that the schema lists", () => {
  const one_of = LOANS.replace("area: category", 'area: category one_of ["north", "south"]').replace(
    'label positive "yes"',
    'label one_of ["no", "yes"] positive "yes"',
  );
  const row = 'row one { income = 1, area = "north", asked = "2025-01-01", member = true }';
  const compared = (subject: string, claim: string) =>
    findings(`${one_of}\ntest t {\n  subject = ${subject}\n  ${row}\n  expect ${claim}\n}\n`).map(
      ({ code, message }) => `${code} ${message}`,
    );
  expect(compared("scorer", 'one.label == "Yes"')).toEqual([
    'ML3055 Compare `approved` with a value that it has, not `"Yes"`; did you mean `"yes"`?',
  ]);
  expect(compared("applicant", 'one.area in ["north", "west"] and one.rich')[0]).toMatch(
    /^ML3055 .*`"west"`/,
  );
  expect(compared("applicant", 'one.area == "south" or one.place == "WEST"')).toEqual([]);
});

describe("what fits the subject", () => {
  it("is said for each", () => {
    expect(features("  row one { income = 1 }\n  invariant area")[0]).toBe(
      "ML6056 Take `invariant` out: a test of features takes `given`, `row` and `expect`",
    );
    expect(found('test t {\n  snapshot = "a.plan"\n  row one { income = 1 }\n}\n')[0]).toBe(
      "ML6056 Take `row` out: a test of a snapshot takes `snapshot` alone",
    );
    expect(found("test t {\n}\n")).toEqual([
      'ML6057 Give the test `t` something to check: add `subject = …` or `snapshot = "…"`',
    ]);
  });

  const behaves = (body: string): string[] => found(`test t {\n  subject = scorer\n${body}\n}\n`);
  it("lets a model rise with numbers and be invariant to the rest", () => {
    expect(
      behaves(
        "  invariant member within 2%\n  invariant area\n  rises with income by 20% within 1%\n  falls with amount",
      ),
    ).toEqual([]);
    expect(behaves("  rises with area")).toEqual([
      "ML6063 Name another column than `area` in `rises`: it is `category`, and only a number can be raised",
    ]);
    expect(behaves("  invariant burden")).toEqual([
      "ML6063 Name another column than `burden` in `invariant`: it is computed, and no row has it",
    ]);
    expect(behaves("  invariant approved")[0]).toMatch(/^ML3004 /);
    expect(behaves("  rises by 10%")[0]).toMatch(/^ML2007 .*`with`/);
  });
});

it("the rows on which a model is tried have what it reads", () => {
  const others = `dataset others: csv {\n  path = "others.csv"\n  schema { income: float, area: category }\n}\n`;
  const tests = "test t {\n  subject = scorer\n  rises with income\n  data = others\n}\n";
  expect(found(`${others}\n${tests}`)).toEqual([
    "ML6058 Give `data` the columns `amount`, `asked` and `member`: the model `scorer` reads them",
  ]);
});

it("a subject of an unknown kind is said once", () => {
  expect(
    found("thing other { }\ntest t {\n  subject = other\n  row one { a = 1 }\n  expect one.a == 1\n}\n").map(
      (text) => text.slice(0, 6),
    ),
  ).toEqual(["ML2001"]);
});

describe("a gate's metrics", () => {
  const given = "  value scored.f1 = 85%\n  value scored.auc = 80%\n  value scored.accuracy = 0.8\n";
  it("are given as the rules read them; the champion may be missing", () => {
    expect(gate(`${given}  value baseline(majority).accuracy = 60%\n  expect passed`)).toEqual([]);
    expect(gate(`${given}  expect passed`)).toEqual([
      "ML6061 Add `value baseline(majority).accuracy = …`: the rule `scored.accuracy > baseline(majority).accuracy` of the gate `ready` reads it",
    ]);
  });

  it("are numbers or not known", () => {
    const majority = "  value baseline(majority).accuracy = null\n";
    expect(gate(`${given}${majority}  expect insufficient`)).toEqual([]);
    expect(gate(`${given.replace("0.8", '"high"')}${majority}  expect passed`)).toEqual([
      "ML2016 `value` must be a number, or `null` for what cannot be told",
    ]);
  });

  it("are those that an evaluation computes", () => {
    expect(gate(`${given}  value scored.log_loss = 0.3\n  expect passed`)[0]).toMatch(/^ML3009 /);
  });

  it("leave the other checks of gates alone: what a test gives judges nothing", () => {
    const champion = "  value baseline(majority).accuracy = 60%\n  value champion.auc = 90%\n";
    expect(gate(`${given}${champion}  expect refused`)).toEqual([]);
  });
});

it("tests are no declarations of the pipeline, and in nobody's hash", () => {
  const test = "\ntest t {\n  subject = applicant\n  row one { income = 1 }\n  expect one.rich\n}\n";
  const [without, with_] = [programOf(LOANS), programOf(`${LOANS}${test}`)];
  expect(with_.declarations).toEqual(without.declarations);
  expect(with_.hash).toBe(without.hash);
  expect(without.tests).toBeUndefined();
  expect(with_.tests?.map(({ id }) => id)).toEqual(["test.t"]);
});

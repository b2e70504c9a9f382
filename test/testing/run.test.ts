/** What tests find: of datasets, features, models, gates and the plan, by the pipeline's own code. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { attempt, lines } from "./attempt.ts";
import { LOANS, project } from "./spec.ts";

const loans = project("");
afterAll(() => loans.remove());
const tried = async (tests: string, spec = LOANS) => {
  loans.write(tests, spec);
  return attempt(loans);
};

describe("a dataset", () => {
  it("lets rows in and keeps them out, by schema, missing spellings and expectations, and says why", async () => {
    const outcome = await tried(`
test rows_in_and_out {
  subject = loans
  given { id = "a", income = 1000, area = "north", asked = "2025-01-01", member = "yes", approved = "no" }
  row fine { amount = "n/a" }
  row negative { income = -1 }
  row text { income = "much" }
  row late { asked = "31.12.2025" }
  row gap { area = null }
  row much { income = 2000000 }
  accepts fine
  accepts gap "areas may be missing"
  rejects negative "at least 0"
  rejects text "a finite number"
  rejects late "a date"
  rejects much "too rich"
  rejects much "not unique"
  rejects fine
}
`);
    expect(lines(outcome)).toEqual([
      "rows_in_and_out: failed",
      "accepts gap: areas may be missing: it is kept out, since gap: area (empty) is not a value (it is missing)",
      'rejects much "not unique": it is kept out for another reason: expect income < 1000000: too rich: 1 row does not',
      "rejects fine: nothing keeps it out",
    ]);
    expect(outcome.exit).toBe(2);
    expect(outcome.ran).toEqual([]);
  });

  it("is tried as its own declaration says, whatever becomes of bad rows", async () => {
    const dropping = LOANS.replace('missing = ["n/a"]', 'missing = ["n/a"]\n  on_bad_row = drop');
    const test = `
test keeps_out {
  subject = loans
  given { id = "a", area = "north", asked = "2025-01-01", member = true, approved = "no" }
  row negative { income = -1 }
  rejects negative
}
`;
    expect(lines(await tried(test, dropping))).toEqual(["keeps_out: passed"]);
  });
});

describe("features", () => {
  it("that learn nothing need no run", async () => {
    const outcome = await tried(`
test learns_nothing {
  subject = applicant
  row one { income = 2000, amount = 100, area = "north", asked = "2025-12-31" }
  row two { income = 6000, amount = 0 }
  row none { income = 0 }
  expect one.month == 12
  expect one.rich == false and two.rich
  expect not one.rich
  expect one.place == "NORTH"
  expect one.asked >= "2025-12-01" and one.asked < "2026-01-01"
  expect none.each == null and one.each != null
  expect one.income == 2001 "incomes differ"
  expect one.each == none.each
  expect one.rich or one.month == 11
}
`);
    expect(outcome.ran).toEqual([]);
    expect(lines(outcome)).toEqual([
      "learns_nothing: failed",
      "expect one.income == 2001: incomes differ: one.income is 2000, and 2001 was expected",
      "expect one.each == none.each: one.each is 0.5, none.each is missing (a missing value settles nothing)",
      "expect one.rich or one.month == 11: one.rich is false, one.month is 12",
    ]);
  });

  it("have the median of the training part, which is learnt first and then reused", async () => {
    const test = `
test filled {
  subject = applicant
  row one { income = 1000 }
  expect one.amount > 0 "a missing amount is filled"
  expect one.burden == one.amount / 1000
}
`;
    const first = await tried(test);
    expect(first.ran).toEqual(["loans", "applicant"]);
    expect(first.results[0]?.status).toBe("passed");
    expect((await tried(test)).ran).toEqual([]);
  });

  it("hint at rounding where nothing else is the difference", async () => {
    const outcome = await tried(`
test sums {
  subject = applicant
  row one { income = 0.3 }
  expect one.income == 0.1 + 0.2
}
`);
    expect(lines(outcome)).toEqual([
      "sums: failed",
      "expect one.income == 0.1 + 0.2: one.income is 0.3, 0.1 + 0.2 is 0.30000000000000004",
    ]);
    expect(outcome.results[0]?.claims[0]?.details.join()).toMatch(/rounding alone/);
  });

  it("refuse a row that no caller could send, at the row", async () => {
    const outcome = await tried(`
test dates {
  subject = applicant
  row one { asked = "31.12.2025" }
  expect one.month == 12
}
`);
    expect(outcome.exit).toBe(1);
    expect(outcome.results[0]).toMatchObject({
      status: "broken",
      diagnostics: [{ code: "ML6075", declaration: "test.dates", pointer: "/row/0" }],
    });
  });
});

describe("a model", () => {
  const rows = `
  given { area = "north", asked = "2025-05-05", member = true, amount = 300 }
  row rich { income = 9000 }
  row poor { income = 600 }`;

  it("is trained where there is none, answers as it serves, and is reused", async () => {
    const test = `
test answers {
  subject = scorer${rows}
  expect rich.probability > poor.probability + 10%
  expect rich.label == "yes" and poor.label == "no"
  expect abs(rich.probability("yes") + rich.probability("no") - 1) < 0.000000001
  expect poor.probability > rich.probability "the poor first"
}
`;
    const first = await tried(test);
    expect(first.ran).toContain("scorer");
    expect(first.ran).not.toContain("scored");
    const [status, failed] = lines(first);
    expect([status, first.exit]).toEqual(["answers: failed", 2]);
    expect(failed).toMatch(
      /^expect poor\.probability > rich\.probability: the poor first: poor\.probability is 0\.\d+, rich\.probability is 0\.\d+$/,
    );
    const again = await tried(test);
    expect(again.ran).toEqual([]);
    expect(again.results.map(({ claims }) => claims)).toEqual(first.results.map(({ claims }) => claims));
  });

  it("is invariant, rises and falls on the rows that an evaluation judges; the worst rows are shown", async () => {
    const outcome = await tried(`
test behaves {
  subject = scorer
  invariant area within 90%
  rises with income by 50% within 60%
  invariant member
  falls with income by 100% within 1% "more is worse"
  rows = 20
}
`);
    const [result] = outcome.results;
    const claims = new Map(result?.claims.map((claim) => [claim.text, claim]));
    expect(claims.get("invariant area within 90%")).toMatchObject({ passed: true });
    expect(claims.get("invariant area within 90%")?.details[0]).toMatch(
      /^tried on 20 rows of applicant\.test; at most /,
    );
    expect(claims.get("rises with income by 50% within 60%")?.passed).toBe(true);
    const falls = claims.get("falls with income by 100% within 1%");
    expect(falls?.found).toMatch(
      /^more is worse: \d+ of 20 rows of applicant\.test moved up by more than 1%, at most /,
    );
    expect(falls?.rows?.[0]).toEqual(["ROW", "income", "PROBABILITY", "MOVED"]);
    const moved = (falls?.rows ?? []).slice(1).map((row) => Number.parseFloat(row[3]!));
    expect(moved.length).toBeGreaterThan(0);
    expect(moved).toEqual([...moved].sort((a, b) => b - a));
  });

  it("cannot be tried where a step that it needs says no", async () => {
    const outcome = await tried(
      `
test behaves {
  subject = scorer
  rises with income by 50% within 60%
}

test months {
  subject = applicant
  row one { asked = "2025-05-05" }
  expect one.month == 5
}
`,
      LOANS.replace("rows >= 100", "rows >= 100000"),
    );
    expect(lines(outcome)).toEqual([
      "behaves: broken",
      "ML6073 the dataset loans, `behaves`, said no",
      "months: passed",
    ]);
    expect(outcome.diagnostics.map(({ code }) => code)).toEqual(["ML4008"]);
    expect(outcome.exit).toBe(2);
  });
});

describe("a gate", () => {
  const given = (f1: string, auc: string) =>
    `  value scored.f1 = ${f1}\n  value scored.auc = ${auc}\n  value scored.accuracy = 80%\n  value baseline(majority).accuracy = 60%\n`;
  const gate = (name: string, body: string) => `\ntest ${name} {\n  subject = ready\n${body}}\n`;

  it("comes to its outcome by the rules, without a run", async () => {
    const outcome = await tried(
      [
        gate("first_release", `${given("80%", "75%")}  expect passed\n`),
        gate("low", `${given("79.9%", "75%")}  expect refused\n`),
        gate(
          "one_area",
          `${given("90%", "75%")}  value scored.auc = 60% where area == "north"\n  expect refused\n`,
        ),
        gate(
          "few_rows",
          `${given("90%", "75%")}  value scored.auc = null where area == "north"\n  expect insufficient\n`,
        ),
        gate("worse", `${given("90%", "75%")}  value champion.auc = 77%\n  expect refused\n`),
        gate(
          "as_good",
          `${given("90%", "76%")}  value champion.auc = 77%\n  expect passed and not refused\n`,
        ),
        gate("wrong", `${given("70%", "75%")}  expect passed "it should do"\n`),
      ].join(""),
    );
    expect(outcome.ran).toEqual([]);
    expect(lines(outcome)).toEqual([
      "first_release: passed",
      "low: passed",
      "one_area: passed",
      "few_rows: passed",
      "worse: passed",
      "as_good: passed",
      "wrong: failed",
      "expect passed: the gate refused",
    ]);
    expect(outcome.results.at(-1)?.claims[0]?.details[0]).toBe("scored.f1 0.7000 >= 0.8 failed by 0.1000");
  });
});

describe("a snapshot", () => {
  const plan = join(loans.folder, "loans.plan");
  const test = '\ntest shape {\n  snapshot = "loans.plan"\n}\n';
  beforeEach(() => rmSync(plan, { force: true }));

  it("is written when asked for, holds, and shows what changed", async () => {
    expect(lines(await tried(test))).toEqual([
      "shape: failed",
      "ML6074 loans.plan, `shape`, is not there yet",
    ]);
    expect(existsSync(plan)).toBe(false);
    const written = await attempt(loans, { update: true });
    expect(lines(written)).toEqual(["shape: updated"]);
    expect(lines(await tried(test))).toEqual(["shape: passed"]);
    const changed = await tried(
      test,
      LOANS.replace("depth = 3", "depth = 4").replace("scored.f1 >= 80%", "scored.f1 >= 81%"),
    );
    expect(changed.exit).toBe(2);
    const details = changed.results[0]?.claims[0]?.details ?? [];
    expect(details.filter((line) => /^[-+]/.test(line))).toEqual([
      "-   depth = 3",
      "+   depth = 4",
      "-   require scored.f1 >= 0.8",
      "+   require scored.f1 >= 0.81",
    ]);
  });

  it("has steps in order with what they read and is no different for layout, comments and tests", async () => {
    await tried(test);
    await attempt(loans, { update: true });
    const text = readFileSync(plan, "utf8");
    expect(text).toContain(
      "\nmodel scorer: gradient_boosted_trees\n  reads applicant\n  data = applicant.train\n  depth = 3\n",
    );
    expect(text).not.toMatch(/sha256|[0-9a-f]{32}/);
    const relaid = LOANS.replace("\nmodel scorer", "\n// the model\nmodel scorer").replaceAll(
      "\n  ",
      "\n    ",
    );
    expect(lines(await tried(`${test}\ntest more {\n  snapshot = "loans.plan"\n}\n`, relaid))).toEqual([
      "shape: passed",
      "more: passed",
    ]);
  });

  it("never writes over another file", async () => {
    writeFileSync(plan, "dear diary\n");
    await tried(test);
    const outcome = await attempt(loans, { update: true });
    expect(lines(outcome)[1]).toMatch(/^ML6074 .* holds something else/);
    expect(readFileSync(plan, "utf8")).toBe("dear diary\n");
  });
});

it("a test in a template is tried for every instance", async () => {
  const template = `${LOANS}
template counted {
  param of: dataset

  features rates {
    from = of
    derive { rate = 10 / amount }
  }

  model rater: decision_tree {
    data = rates.train
    target = income
  }

  evaluation rated {
    model = rater
    data = rates.test
    metrics = [mae]
  }

  test counts {
    subject = rates
    row one { amount = 5 }
    expect one.rate == 2
  }
}

counted first {
  of = loans
}

counted second {
  of = loans
}
`;
  const outcome = await tried("", template);
  expect(lines(outcome)).toEqual(["first.counts: passed", "second.counts: passed"]);
});

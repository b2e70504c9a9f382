/** What generated specs found refused, or broken, for no good reason: it runs. */
import { afterAll, expect, it } from "vitest";
import { bench } from "./carry-out.ts";
import { csvOf, POOL } from "./columns.ts";
import { checked } from "./compared.ts";

const place = bench();
afterAll(() => place.close());

const columns = POOL.filter(({ name }) =>
  ["id", "income", "asked", "paid", "flag", "approved"].includes(name),
);
const files = { "loans.csv": csvOf(columns) };

const spec = (features: string, expect = "rows > 0", ends = ""): string => `dataset loans: csv {
  path = "loans.csv"
  schema {
    id: string key
    income: float
    flag: boolean
    asked: date
    paid: timestamp nullable
    approved: category label positive "yes"
  }
  expect ${expect}
  split(seed = 1) { train = 70%, test = 30% }
}

features applicant {
  from = loans
${features}
}

model scorer: decision_tree {
  data = applicant.train
}

evaluation scored {
  model = scorer
  data = applicant.test
  metrics = [accuracy]
  resamples = 0
  plots = false
}

gate ready {
  require scored.accuracy >= 1%
}

release approval {
  model = scorer
  gate = ready
}
${ends}`;

const deployment = (name: string, host: string): string =>
  `\ndeployment ${name} {\n  release = approval.champion\n  host = "${host}"\n}\n`;

it.each([
  [
    "a date fills missing dates",
    spec('  impute { paid = "2024-01-01" }\n  derive { month_paid = month(paid) }'),
  ],
  [
    "a date in quotes is a moment beside what hands one on",
    spec('  derive { late = coalesce(paid, "2024-01-01") > "2024-02-01" }'),
  ],
  [
    "a derived date is compared with one in quotes",
    spec('  derive {\n    at = paid\n    late = at > "2024-02-01"\n  }'),
  ],
  ["the earliest date is compared with one in quotes", spec("", 'min(asked) >= "2020-01-01"')],
  [
    "a derived condition is encoded like any boolean",
    spec(
      "  derive {\n    rich = income > 100\n    both = if rich then flag else rich\n  }\n  encode { rich = one_hot, both = ordinal }",
    ),
  ],
  ["a thousand buckets are no thousand levels of SQL", spec("  bucket { income = quantile(count = 1500) }")],
  [
    "one route on two hosts is two",
    spec("", "rows > 0", deployment("here", "127.0.0.1") + deployment("there", "127.0.0.2")),
  ],
])("%s", async (_, text) => {
  const { program, errors } = await checked({ text });
  expect(errors).toEqual([]);
  expect(await place.carryOut(program!, files)).toEqual([]);
});

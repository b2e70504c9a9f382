/** A small pipeline with data, for tests of tests. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const LOANS = `mlops 1

dataset loans: csv {
  path = "loans.csv"
  missing = ["n/a"]

  schema {
    id: string key
    income: float min 0
    amount: float nullable
    area: category
    asked: date
    member: boolean
    approved: category label positive "yes"
  }

  expect rows >= 100
  expect unique(id)
  expect income < 1000000 "too rich"

  split(seed = 42) { train = 70%, validation = 15%, test = 15% }
}

features applicant {
  from = loans
  impute { amount = median }
  derive {
    burden = amount / income
    month = month(asked)
    rich = income > 5000
    place = upper(area)
    each = 1000 / income
  }
}

model scorer: gradient_boosted_trees {
  data = applicant.train
  tune = applicant.validation
  trees = 20
  depth = 3
}

evaluation scored {
  model = scorer
  data = applicant.test
  metrics = [accuracy, f1, auc]
  slices = [area]
}

gate ready {
  require scored.f1 >= 80%
  require scored.auc >= 70% by area "no area left behind"
  require scored.accuracy > baseline(majority).accuracy
  require scored.auc >= champion.auc - 1%
}

release loan_approval {
  model = scorer
  gate = ready
}
`;

/** Rows in which a larger income is approved more often, and the area means nothing. */
export function loansCsv(rows = 300): string {
  let state = 7;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const lines = Array.from({ length: rows }, (_, i) => {
    const income = Math.round(500 + next() * 9000);
    const amount = next() < 0.05 ? "" : Math.round(50 + next() * 900);
    const area = next() < 0.5 ? "north" : "south";
    const asked = `2025-${String(1 + Math.floor(next() * 12)).padStart(2, "0")}-10`;
    const approved = next() < income / 9500 ? "yes" : "no";
    return `L${i},${income},${amount},${area},${asked},${next() < 0.5},${approved}`;
  });
  return `id,income,amount,area,asked,member,approved\n${lines.join("\n")}\n`;
}

/** A folder with the pipeline, its data and these tests. */
export function project(tests: string, spec = LOANS) {
  const folder = mkdtempSync(join(tmpdir(), "mlops-testing-"));
  writeFileSync(join(folder, "loans.csv"), loansCsv());
  const path = join(folder, "loans.mlops");
  const write = (more: string, base = spec) => writeFileSync(path, `${base}\n${more}`);
  write(tests);
  return { folder, path, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

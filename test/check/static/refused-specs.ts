/** For each finding that is known before a run: a spec that both `mlops check` and the runtime refuse. */
import type { Program } from "../../../language/ir/program.ts";
import { csvOf, POOL } from "./columns.ts";
import { LANGUAGE_FILES, REFUSED_LANGUAGE } from "./refused-language.ts";

export interface RefusedSpec {
  /** What the runtime raises. */
  readonly code: string;
  /** What `mlops check` says. */
  readonly check: string;
  readonly text: string;
  /** Where the checker's own reading refuses it: makes the same mistake in the IR of the right spec, which `text` is then. */
  readonly mistake?: (program: Program) => Program;
}

const COLUMNS = ["id", "income", "amount", "area", "note", "asked", "hidden", "approved"];
const chosen = POOL.filter((column) => COLUMNS.includes(column.name));

/** `loans.csv` has a column more, whose name only case tells apart from another's. */
const withTwin = csvOf(chosen)
  .trimEnd()
  .split("\n")
  .map((line, at) => `${line},${at === 0 ? "Area" : "x"}`)
  .join("\n");

export const FILES: Readonly<Record<string, string>> = {
  "loans.csv": `${withTwin}\n`,
  "waiting.csv": csvOf(chosen),
  "loans.db": "",
  ...LANGUAGE_FILES,
};

const SCHEMA = `    id: string key
    income: float min 0
    amount: float nullable
    area: category one_of ["north", "south", "west"]
    note: text
    asked: date
    hidden: float redacted
    approved: category label positive "yes"`;

/** A whole pipeline; each part may be another. */
interface Parts {
  readonly schema?: string;
  readonly split?: string;
  readonly more?: string;
  readonly features?: string;
  readonly model?: string;
  readonly variant?: string;
  readonly evaluation?: string;
  readonly metrics?: string;
  readonly judged?: string;
  readonly gate?: string;
  readonly release?: string;
  readonly ends?: string;
}

const spec = (parts: Parts = {}): string => `dataset loans: csv {
  path = "loans.csv"
  schema {
${parts.schema ?? SCHEMA}
  }
  ${parts.split ?? "split(seed = 1) { train = 60%, tune = 20%, test = 20% }"}
}
${parts.more ?? ""}
features applicant {
  from = loans
${parts.features ?? "  drop = [hidden]"}
}

model scorer: ${parts.variant ?? "decision_tree"} {
  data = applicant.train
${parts.model ?? "  depth = 3"}
}

evaluation scored {
  model = scorer
  data = ${parts.judged ?? "applicant.test"}
  metrics = [${parts.metrics ?? "accuracy"}]
  resamples = 10
  plots = false
${parts.evaluation ?? ""}
}

gate ready {
${parts.gate ?? "  require scored.accuracy >= 1%"}
}

release approval {
${parts.release ?? "  model = scorer\n  gate = ready"}
}
${parts.ends ?? ""}`;

const deployment = (name: string, path: string): string =>
  `\ndeployment ${name} {\n  release = approval.champion\n  path = "${path}"\n}\n`;

const batch = (body: string, output = "out.csv", schema = SCHEMA): string => `
dataset waiting: csv {
  path = "waiting.csv"
  schema {
${schema}
  }
}

batch call {
  release = approval.champion
  input = waiting
  output = "${output}"
${body}
}
`;

const NUMBER = SCHEMA.replace(' label positive "yes"', "").replace(
  "income: float min 0",
  "income: float label",
);
const regressed: Parts = { schema: NUMBER, metrics: "rmse", gate: "  require scored.rmse >= 0" };

const patched =
  (from: string, to: string) =>
  (program: Program): Program =>
    JSON.parse(JSON.stringify(program).replace(from, () => to)) as Program;

export const REFUSED: readonly RefusedSpec[] = [
  ...REFUSED_LANGUAGE,
  { code: "ML4005", check: "ML4005", text: spec({ schema: `${SCHEMA}\n    Area: category` }) },
  {
    code: "ML4012",
    check: "ML2016",
    text: spec({ more: '\ndataset stored: sqlite {\n  path = "loans.db"\n  table = "loans"\n}\n' }),
    mistake: patched('"table":"loans",', ""),
  },
  {
    code: "ML4013",
    check: "ML4013",
    text: spec({ split: "split(seed = 1, by = position) { train = 60%, tune = 20%, test = 20% }" }),
  },
  {
    code: "ML4101",
    check: "ML3028",
    text: spec({
      more: '\ndataset later: csv {\n  path = "waiting.csv"\n  schema {\n    id: string key\n    approved: category label positive "yes"\n  }\n}\n',
      judged: "later",
    }),
  },
  { code: "ML4103", check: "ML3024", text: spec({ features: "  only = [income, asked]" }) },
  {
    code: "ML4104",
    check: "ML2024",
    text: spec({ features: "  derive {\n    twice = income * 2\n    more = twice + 1\n  }" }),
    mistake: patched('{"is":"column","name":"income"}', '{"is":"column","name":"more"}'),
  },
  {
    code: "ML4105",
    check: "ML3003",
    text: spec({
      features: "  derive { twice = income * 2 }",
      variant: "linear_regression",
      model: "  target = income",
      metrics: "rmse",
      gate: "  require scored.rmse >= 0",
    }),
  },
  {
    code: "ML4106",
    check: "ML3014",
    text: spec({ more: "\nmodel rival: decision_tree {\n  data = applicant.tune\n}\n" }),
  },
  {
    code: "ML4108",
    check: "ML4108",
    text: spec({
      schema: SCHEMA.replace(' label positive "yes"', "").replace(
        'category one_of ["north"',
        'category label one_of ["north"',
      ),
      features: "  encode { approved = target }",
      metrics: "accuracy",
    }),
  },
  {
    code: "ML4109",
    check: "ML4109",
    text: spec({ split: "split(seed = 1) { train = 80%, tune = 20%, test = 0% }" }),
  },
  {
    code: "ML4110",
    check: "ML4110",
    text: spec({ features: '  derive { filled = coalesce(amount, "none") }' }),
  },
  { code: "ML4112", check: "ML4112", text: spec({ features: "  only = [id]\n  drop = [id]" }) },
  { code: "ML4203", check: "ML3018", text: spec({ model: "  target = asked" }) },
  {
    code: "ML4204",
    check: "ML4204",
    text: spec({
      ends: "\ntokenizer pieces: bpe {\n  corpus = loans.train.income\n  vocabulary = 300\n}\n",
    }),
  },
  {
    code: "ML4206",
    check: "ML4206",
    text: spec({ ends: "\ntokenizer pieces: bpe {\n  corpus = loans.train.note\n  vocabulary = 200\n}\n" }),
  },
  {
    code: "ML5004",
    check: "ML3016",
    text: spec({ ...regressed, variant: "logistic_regression", model: "" }),
  },
  {
    code: "ML5005",
    check: "ML3016",
    text: spec({ variant: "linear_regression", model: "", features: "  only = [income]" }),
  },
  { code: "ML5007", check: "ML5007", text: spec({ ...regressed, model: "  class_weights = balanced" }) },
  { code: "ML5009", check: "ML3017", text: spec({ schema: SCHEMA.replace(' label positive "yes"', "") }) },
  {
    code: "ML6002",
    check: "ML6002",
    text: spec({ ...regressed, evaluation: "  cost { false_positive = 1 }" }),
  },
  { code: "ML6003", check: "ML3015", text: spec({ metrics: "accuracy, rmse" }) },
  { code: "ML6006", check: "ML6006", text: spec({ metrics: "accuracy, cost" }) },
  {
    code: "ML6010",
    check: "ML3015",
    text: spec({
      gate: "  require scored.accuracy >= 1%\n  require scored.accuracy > baseline(majority).rmse",
    }),
  },
  {
    code: "ML6011",
    check: "ML6011",
    text: spec({
      gate: "  require scored.accuracy >= 1%\n  require baseline(majority).accuracy > 0.01 by area",
    }),
  },
  {
    code: "ML6012",
    check: "ML6012",
    text: spec({
      more: "\ngate idle {\n  require scored.accuracy >= 1%\n  require scored.accuracy >= champion.accuracy\n}\n",
    }),
  },
  {
    code: "ML6014",
    check: "ML6014",
    text: spec({ gate: "  require scored.accuracy > baseline(mean).accuracy" }),
  },
  {
    code: "ML6015",
    check: "ML6015",
    text: spec({
      more: "\nevaluation again {\n  model = scorer\n  data = applicant.tune\n  metrics = [accuracy]\n  resamples = 0\n  plots = false\n}\n",
      gate: "  require scored.accuracy >= again.accuracy - baseline(majority).accuracy",
    }),
  },
  {
    code: "ML6017",
    check: "ML6017",
    text: spec({ gate: "  require (if scored.accuracy > 0.1 then scored.accuracy else 0.5) > 0.2" }),
  },
  {
    code: "ML6018",
    check: "ML6018",
    text: spec({ gate: "  require scored.accuracy >= 1% with confidence(95%)" }).replace(
      "resamples = 10",
      "resamples = 0",
    ),
  },
  { code: "ML6022", check: "ML3020", text: spec({ gate: "  require scored.accuracy >= champion.accuracy" }) },
  {
    code: "ML6035",
    check: "ML6035",
    text: spec({
      evaluation: "  threshold = 0.3",
      more: "\nevaluation again {\n  model = scorer\n  data = applicant.tune\n  metrics = [accuracy]\n  threshold = 0.4\n  resamples = 0\n  plots = false\n}\n",
      gate: "  require scored.accuracy >= 1%\n  require again.accuracy >= 1%",
    }),
  },
  { code: "ML7003", check: "ML7003", text: spec({ ends: deployment("api", "/health") }) },
  {
    code: "ML7004",
    check: "ML7004",
    text: spec({ ends: deployment("api", "/predict") + deployment("other", "/predict") }),
  },
  { code: "ML7010", check: "ML7010", text: spec({ ends: batch("  include = [id]", ".csv") }) },
  { code: "ML7011", check: "ML7011", text: spec({ ends: batch("  include = [id]", "./loans.csv") }) },
  {
    code: "ML7012",
    check: "ML7012",
    text: spec({
      ends: batch("  include = [id]", "out.csv", SCHEMA.replace("    income: float min 0\n", "")),
      features: "  only = [income]",
    }),
  },
  {
    code: "ML7013",
    check: "ML7013",
    text: spec({
      ends: batch("  include = [id]", "out.csv", SCHEMA.replace("income: float min 0", "income: string")),
      features: "  only = [income]",
    }),
  },
  {
    code: "ML7014",
    check: "ML7014",
    text: spec({
      ends: '\ndataset waiting: sql {\n  from = [loans]\n  query = "SELECT *, 1.0 AS score FROM loans"\n  schema {\n    id: string key\n    income: float\n    amount: float nullable\n    area: category\n    score: float\n  }\n}\n\nbatch call {\n  release = approval.champion\n  input = waiting\n  output = "out.csv"\n}\n',
    }),
  },
  {
    code: "ML7016",
    check: "ML2020",
    text: spec({ ends: batch("  include = [area]") }),
    mistake: patched('"include":["area"]', '"include":["aera"]'),
  },
  { code: "ML7017", check: "ML7017", text: spec({ ends: batch("  include = [id, hidden]") }) },
];

/** What `mlops check` asks DuckDB about, beyond what the text alone tells. */
const query = (select: string): string => `${spec()}
dataset queried: sql {
  from = [loans]
  query = "${select}"
  schema {
    income: float
  }
}
`;
export const QUERIES: readonly RefusedSpec[] = [
  { code: "ML4007", check: "ML4007", text: query("SELECT incom AS income FROM loans") },
  { code: "ML4015", check: "ML4015", text: query("SELECT random() AS income FROM loans") },
  { code: "ML4004", check: "ML4080", text: query("SELECT asked AS income FROM loans") },
];

/** Known before a run, and only warned of. */
export const WARNED: ReadonlySet<string> = new Set(["ML4081"]);

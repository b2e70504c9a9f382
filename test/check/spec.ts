/** A small pipeline for tests, and short ways to compile one. */
import { type Compiled, compile } from "../../language/compile.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import type { Program } from "../../language/ir/program.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { textHost } from "./files.ts";

export const PIPELINE = `mlops 1

param rounds: int = 200

secret TOKEN

/// Loan applications, one row each.
dataset loans: csv {
  path = "loans.csv"
  schema {
    id: string key
    income: float min 0
    amount: float nullable
    area: category one_of ["north", "south"]
    asked: date
    approved: category label positive "yes"
  }
  expect rows >= 500
  expect nulls(amount) <= 5% "too many gaps"
  split(seed = 42, stratify = approved) { train = 70%, validation = 15%, test = 15% }
}

features applicant {
  from = loans
  impute { amount = median }
  derive {
    burden = amount / income
    heavy = if burden > 0.5 then 1 else 0
  }
  encode { area = one_hot(min_count = 5) }
  scale { burden = standard, heavy = standard }
}

model scorer: gradient_boosted_trees {
  data = applicant.train
  tune = applicant.validation
  target = approved
  trees = rounds
  depth = 4
}

evaluation scored {
  model = scorer
  data = applicant.test
  metrics = [accuracy, f1, auc, recall(top = 10%)]
  slices = [area]
}

gate ready {
  require scored.f1 >= 0.80
  require scored.accuracy > baseline(majority).accuracy
  require scored.f1 >= 0.75 by area "no area left behind"
  require scored.auc >= champion.auc - 1% with confidence(95%) as optional
}

release loan_approval {
  name = "loan-approval"
  model = scorer
  gate = ready
}

deployment api {
  name = "loans"
  release = loan_approval.champion
  token = TOKEN
}
`;

export const compileText = (text: string, set: Readonly<Record<string, string>> = {}): Compiled =>
  compile({ files: textHost({ "spec.mlops": text }), entry: "spec.mlops", vocabulary, set });

export const findings = (text: string, set: Readonly<Record<string, string>> = {}): readonly Diagnostic[] =>
  compileText(text, set).diagnostics;

export const codesOf = (text: string): string[] => findings(text).map((found) => found.code);

/** The program of a text that must check. */
export function programOf(text: string, set: Readonly<Record<string, string>> = {}): Program {
  const { program, diagnostics } = compileText(text, set);
  if (program === null)
    throw new Error(diagnostics.map((found) => `${found.code} ${found.message}`).join("\n"));
  return program;
}

/** The pipeline with one piece of text replaced; the piece must be there once. */
export function changed(from: string, to: string, text = PIPELINE): string {
  if (text.split(from).length !== 2)
    throw new Error(`the pipeline holds \`${from}\` ${text.split(from).length - 1} times`);
  return text.replace(from, () => to);
}

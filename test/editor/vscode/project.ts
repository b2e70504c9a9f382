/** A workspace to test in: the tutorial's pipeline and its rows, and some smaller specs. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../samples/mlops.ts";

/** The spec that docs/tutorial.md ends with. */
export const tutorialSpec = (): string =>
  [...readFileSync(join(ROOT, "docs/tutorial.md"), "utf8").matchAll(/^```mlops add\n(.*?)^```$/gms)]
    .map(([, block]) => block)
    .join("\n");

const SHARED = `mlops 1

/// People, one row each.
dataset people: csv {
  path = "data/loans.csv"
  schema { Loan_ID: string key, ApplicantIncome: float min 0, Loan_Status: category label positive "Y" }
  split(seed = 42) { train = 80%, test = 20% }
}
`;

const TAKES = `mlops 1

import "./shared.mlops" { people }

model guess: decision_tree {
  data = people.train
  seed = 42
}

evaluation guessed {
  model = guess
  data = people.test
  metrics = [f1]
}
`;

const NETWORK = `mlops 1

architecture tiny {
  embedding(40, 16)
  positions(8)
  residual { layer_norm(), attention(2, causal = true) }
  dense(32, gelu)
  logits()
}

prompt ask {
  input { question: text }
  template = """
    Q: {question}
    A:
    """
  output { answer: text }
}
`;

export function writeProject(folder: string): void {
  mkdirSync(join(folder, "data"), { recursive: true });
  cpSync(join(ROOT, "samples/loan/data/loan-prediction.csv"), join(folder, "data/loans.csv"));
  const files = {
    "loan.mlops": tutorialSpec(),
    "shared.mlops": SHARED,
    "takes.mlops": TAKES,
    "network.mlops": NETWORK,
    "typed.mlops": "",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

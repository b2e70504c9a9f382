/** A step whose program is Python: rows into pandas, the model's folder into ONNX Runtime, CSV back. */
import { describe, expect, it } from "vitest";
import { Project } from "../step/project.ts";

const python = process.env["MLOPS_PYTHON"];

const CSV = [
  "id,income,amount,approved",
  ...Array.from(
    { length: 200 },
    (_, i) =>
      `r${i},${(i * 37) % 101},${i % 7 === 0 ? "" : (i * 53) % 89},${((i * 37) % 101) + ((i * 29) % 83) > 80 ? "yes" : "no"}`,
  ),
  "",
].join("\n");

const PROGRAM = `import json, sys
import onnxruntime, pandas
rows, model, out = sys.argv[1:]
table = pandas.read_csv(rows)
print("rows", len(table))
session = onnxruntime.InferenceSession(model + "/model.onnx", providers=["CPUExecutionProvider"])
signature = json.load(open(model + "/signature.json"))
table["amount"] = table["amount"].fillna(table["amount"].median())
table["inputs"] = len(session.get_inputs())
table["signed"] = len(signature) > 0
table[["id", "amount", "inputs", "signed"]].to_csv(out, index=False)
`;

describe.skipIf(python === undefined)("a Python program as a step", () => {
  it("reads rows and a model, and what it writes is read back", async () => {
    const place = new Project().write("loans.csv", CSV).write("work.py", PROGRAM);
    const spec = `dataset loans: csv {
  path = "loans.csv"
  schema {
    id: string key
    income: float
    amount: float nullable
    approved: category label positive "yes"
  }
  split(seed = 1) { train = 70%, test = 30% }
}
model scorer: decision_tree {
  data = loans.train
}
step filled: command {
  run = [${JSON.stringify(python)}, "work.py", "{rows}", "{model}", "{out}"]
  inputs { rows = loans.test, model = scorer }
  outputs { out = "out.csv" }
  repeatable = true
}
dataset whole: csv {
  path = filled.out
  schema {
    id: string key
    amount: float
    inputs: int min 1
    signed: boolean
  }
  expect rows >= 30
}
`;
    const outcome = await place.run(spec);
    const found = outcome.steps.flatMap(({ diagnostics }) => diagnostics);
    expect(found).toEqual([]);
    const rows = outcome.steps.find(({ name }) => name === "whole")?.result?.summary["rows"];
    expect(outcome.log).toContain(`rows ${rows}`);
    const kept = await place.output(outcome, "filled", "out");
    const own = new Map(CSV.split("\n").map((line) => [line.split(",")[0], line.split(",")[2]]));
    for (const line of kept.trim().split("\n").slice(1)) {
      const [id, amount] = line.split(",");
      if (own.get(id) !== "") expect(Number(amount)).toBe(Number(own.get(id)));
    }
    expect((await place.run(spec)).steps.every(({ status }) => status === "reused")).toBe(true);
  });
});

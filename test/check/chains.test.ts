import { expect, it } from "vitest";
import { analyse } from "../../language/compile.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";

const spec = (names: string, derive: string) => `mlops 1

${names}

dataset loans: csv {
  path = "loans.csv"
  schema {
    income: float nullable
    amount: float label
  }
  split(seed = 1) { train = 70%, test = 30% }
}

features seen {
  from = loans
  derive {
${derive}
  }
}

model priced: linear_regression { data = seen.train }
evaluation judged { model = priced, data = seen.test, metrics = [mae] }
gate good { require judged.mae < 3 }
release out { model = priced, gate = good }
`;

function errors(names: string, derive: string): string[] {
  const { diagnostics } = analyse({
    files: { read: () => spec(names, derive) },
    entry: "x.mlops",
    vocabulary,
  });
  return diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
}

const chain = (length: number, link: (n: number) => string) => Array.from({ length }, (_, n) => link(n));

/** Each would take as long as the age of the universe if what two ways lead to were read twice. */
it("what doubles at every step is read once", () => {
  expect(errors("", `    sum = ${chain(300, () => "income").join(" + ")}`)).toEqual([]);
  const twice = (n: number) => `    x${n + 1} = x${n} + x${n}`;
  expect(errors("", ["    x0 = income + 1", ...chain(200, twice)].join("\n"))).toEqual([]);
  const constants = ["const c0 = 1", ...chain(200, (n) => `const c${n + 1} = (c${n} + c${n}) / 2`)].join(
    "\n",
  );
  expect(errors(`${constants}\nparam rounds: int = c200`, "    x = income")).toEqual([]);
});

it("an expression that would double at every step is refused once", () => {
  const constants = ["const c0 = 1", ...chain(200, (n) => `const c${n + 1} = c${n} + c${n}`)].join("\n");
  expect(errors(constants, "    x = income * c200")).toEqual(["ML2059"]);
  expect(errors(constants, "    x = income * c3 + c3")).toEqual([]);
});

it("columns that read each other in a long chain are refused, whichever stands first", () => {
  const next = (n: number) => `    x${n + 1} = x${n} + 1`;
  const forwards = (length: number) => ["    x0 = income + 1", ...chain(length, next)];
  expect(errors("", forwards(400).join("\n"))).toEqual([]);
  expect(errors("", forwards(400).reverse().join("\n"))).toEqual([]);
  expect(errors("", forwards(9_000).join("\n"))).toEqual(["ML2059"]);
  expect(errors("", forwards(9_000).reverse().join("\n"))).toEqual(["ML2059"]);
});

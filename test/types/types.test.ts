/** `mlops types`: what it says is what a server of that spec does; its client compiles, and refuses wrong uses. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Loaded } from "../../cli/command.ts";
import { command as types } from "../../cli/commands/types.ts";
import { loadSpec } from "../../cli/load.ts";
import { facesOf } from "../../cli/types/faces.ts";
import { releasedFace } from "../../cli/types/released.ts";
import { openWorkplace } from "../../cli/workplace.ts";
import { expectedModel } from "../../runtime/serve/expected.ts";
import { releaseName, resolveDeployment } from "../../runtime/serve/resolve.ts";
import { mlops, ROOT } from "../samples/mlops.ts";
import { runCommand } from "../sarif/run.ts";

const folder = mkdtempSync(join(tmpdir(), "mlops-types-"));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Trees and a linear model of the same rows, which read missing values in all the ways there are. */
const SPEC = `mlops 1

secret API_TOKEN

dataset loans: csv {
  path = "loans.csv"
  schema {
    Loan_ID: string key
    Gender: category nullable one_of ["Female", "Male"]
    Education: category
    ApplicantIncome: float nullable min 0
    /// What the partner earns a month */
    CoapplicantIncome: float nullable min 0
    LoanAmount: float nullable
    Loan_Amount_Term: float nullable
    Property_Area: string redacted
    Loan_Status: category label one_of ["N", "Y"] positive "Y"
  }
  split(seed = 42, stratify = Loan_Status) { train = 70%, test = 30% }
}

features simple {
  from = loans
  drop = [Property_Area]
}

features careful {
  from = loans
  only = [Gender, Loan_Amount_Term]
  impute { Loan_Amount_Term = mode }
  derive {
    log_income = ln(ApplicantIncome + 1)
    partner = coalesce(CoapplicantIncome, 0)
    unknown = if is_missing(LoanAmount) then 1 else 0
  }
}

model trees: gradient_boosted_trees {
  data = simple.train
  trees = 5
}

model line: logistic_regression {
  data = careful.train
}

evaluation trees_scored {
  model = trees
  data = simple.test
  metrics = [accuracy]
  plots = false
}

evaluation line_scored {
  model = line
  data = careful.test
  metrics = [accuracy]
  plots = false
}

gate any_trees {
  require trees_scored.accuracy >= 0
}

gate any_line {
  require line_scored.accuracy >= 0
}

release by_trees {
  model = trees
  gate = any_trees
}

release by_line {
  model = line
  gate = any_line
}

/// Asked by the branch offices.
deployment loan_api {
  release = by_trees.champion
  path = "/trees"
  port = PORT
}

deployment strict {
  release = by_line.champion
  path = "/line"
  port = PORT
  missing = refuse
  token = API_TOKEN
}

batch everyone {
  release = by_line.champion
  input = loans
  output = "out/everyone.csv"
  include = [Loan_ID, Gender]
}
`;

const oneOf = (schema: object): unknown[] => (schema as { readonly oneOf: unknown[] }).oneOf;

const PORT = 20_000 + (process.pid % 20_000);
let loaded: Loaded;
const quiet = { out: () => {}, err: () => {}, color: false, interactive: false, width: 80 };

beforeAll(async () => {
  writeFileSync(join(folder, "loan.mlops"), SPEC.replaceAll("PORT", String(PORT)));
  writeFileSync(join(folder, "loans.csv"), readFileSync(join(ROOT, "samples/loan/data/loan-prediction.csv")));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  loaded = (await loadSpec({ terminal: quiet, json: true, cwd: folder }, "loan.mlops"))!;
  const run = await mlops(["run", "loan.mlops", "--json"], folder);
  expect(run.status, run.out).toBe(0);
}, 120_000);

/** The generated file and a program beside it, through TypeScript's own compiler. */
function compiles(name: string, program: string): string {
  writeFileSync(join(folder, name), program);
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      join(ROOT, "node_modules/typescript/bin/tsc"),
      ...["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom", "--module", "nodenext"],
      ...["--allowImportingTsExtensions", "--erasableSyntaxOnly", "--types", "", "--ignoreConfig"],
      ...["--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--verbatimModuleSyntax"],
      join(folder, name),
    ],
    { cwd: folder, encoding: "utf8" },
  );
  return status === 0 ? "" : stdout;
}

const PROGRAM = `import { LoanApiClient, PredictionError, StrictClient } from "./loan.ts";
import type { EveryoneRow, LoanApiRow } from "./loan.ts";

const row: LoanApiRow = { Education: "Graduate", ApplicantIncome: 5849, Gender: null };
const api = new LoanApiClient();
const { label, probabilities, version } = await api.predict(row);
const one: "N" | "Y" = label;
const share: number = probabilities.Y + probabilities.N;
const { predictions } = await api.predictMany([row, { ...row, LoanAmount: 100 }]);

const strict = new StrictClient({ token: "hush" });
const whole = { ApplicantIncome: 1, CoapplicantIncome: null, Gender: "Male", LoanAmount: null, Loan_Amount_Term: 360 } as const;
const line = await strict.predict(whole);
const refused: unknown[] = [];
for (const ask of [
  () => api.predict({ ...row, ApplicantIncome: -1 }),
  () => new StrictClient({ token: "wrong" }).predict(whole),
]) {
  try {
    await ask();
  } catch (error) {
    if (error instanceof PredictionError) refused.push([error.status, error.problems.map((problem) => problem.field)]);
  }
}
const written: EveryoneRow = { Loan_ID: "LP1", Gender: null, prediction: "Y", probability: 0.9, score: 0.9 };
console.log(JSON.stringify({ one, share, version, many: predictions.length, line: line.label, refused, written }));
`;

/** Each line that follows a mark must fail; where one does not, the mark itself is the error. */
const WRONG = `import { LoanApiClient, StrictClient } from "./loan.ts";
const api = new LoanApiClient();
// @ts-expect-error: Education may not be left out
api.predict({});
// @ts-expect-error: a number is no text
api.predict({ Education: "Graduate", ApplicantIncome: "5849" });
// @ts-expect-error: Education may not be missing
api.predict({ Education: null });
// @ts-expect-error: not a value of the column
api.predict({ Education: "Graduate", Gender: "male" });
// @ts-expect-error: no such column
api.predict({ Education: "Graduate", Educatoin: "Graduate" });
// @ts-expect-error: the label is not sent
api.predict({ Education: "Graduate", Loan_Status: "Y" });
// @ts-expect-error: not a row at a time
api.predictMany({ Education: "Graduate" });
// @ts-expect-error: a token is needed
new StrictClient();
const strict = new StrictClient({ token: "hush" });
// @ts-expect-error: every field must be there
strict.predict({ ApplicantIncome: 1, Loan_Amount_Term: 360 });
// @ts-expect-error: the model has no answer without an income
strict.predict({ ApplicantIncome: null, CoapplicantIncome: null, Gender: null, LoanAmount: null, Loan_Amount_Term: null });
api.predict({ Education: "Graduate" }).then((answer) => {
  // @ts-expect-error: no such class
  answer.label === "yes";
  // @ts-expect-error: a classifier answers no value
  answer.value;
  // @ts-expect-error: no such class
  answer.probabilities.yes;
});
`;

describe("mlops types", () => {
  it("says from the spec alone what the released models' servers say of themselves", async () => {
    const { program } = loaded;
    const told = await facesOf(program, async (_, reference) => {
      const { model } = expectedModel(program, releaseName(program, reference).declaration);
      return model!;
    });
    const place = await openWorkplace(loaded);
    try {
      const released = await facesOf(program, releasedFace(place));
      expect(told.map(({ definitions }) => definitions)).toEqual(
        released.map(({ definitions }) => definitions),
      );
      // And the released ones are those of the OpenAPI page.
      for (const { declaration, name, definitions } of released) {
        if (declaration.kind !== "deployment") continue;
        const { manifest } = await resolveDeployment(program, declaration, place.store, place.registry);
        const { description: _, ...row } = definitions[`${name}Row`]!;
        expect(oneOf(manifest.request)[0]).toEqual(row);
        const { description: __, ...answer } = definitions[`${name}Answer`]!;
        expect(oneOf(manifest.response)[0]).toEqual(answer);
      }
    } finally {
      place.close();
    }
  });

  it("writes a client that compiles, works against the server, and refuses wrong uses", async () => {
    const { code, out } = await runCommand(types, folder, ["loan.mlops", "--output", "loan.ts"]);
    expect([code, out]).toEqual([0, "loan.ts written"]);
    expect(compiles("program.ts", PROGRAM)).toBe("");
    expect(compiles("wrong.ts", WRONG)).toBe("");
    const text = readFileSync(join(folder, "loan.ts"), "utf8");
    expect(text).toContain("One row. Asked by the branch offices.");
    expect(text).toContain("What the partner earns a month");

    const server = spawn(process.execPath, [join(ROOT, "cli/main.ts"), "serve", "loan.mlops"], {
      cwd: folder,
      env: { ...process.env, API_TOKEN: "hush", NO_COLOR: "1" },
    });
    children.push(server);
    let said = "";
    server.stderr.on("data", (bytes: Buffer) => {
      said += bytes;
    });
    for (let waited = 0; ; waited += 1) {
      const ready = await fetch(`http://127.0.0.1:${PORT}/ready`).catch(() => null);
      if (ready?.ok === true) break;
      if (waited > 200) throw new Error(`the server does not answer: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const ran = spawnSync(process.execPath, ["program.ts"], { cwd: folder, encoding: "utf8" });
    expect(ran.stderr).toBe("");
    const answer = JSON.parse(ran.stdout) as Record<string, unknown>;
    expect(answer).toMatchObject({
      version: 1,
      many: 2,
      refused: [
        [422, ["ApplicantIncome"]],
        [401, []],
      ],
    });
    expect(answer["share"]).toBeCloseTo(1, 12);
    server.kill();
  }, 60_000);

  it("knows the classes of what is released where the spec does not declare them", async () => {
    const spec = SPEC.replace(' one_of ["N", "Y"] positive "Y"', ' positive "Y"').replaceAll(
      "PORT",
      String(PORT),
    );
    writeFileSync(join(folder, "open.mlops"), spec);
    const told = await runCommand(types, folder, ["open.mlops"]);
    expect(told.out).toContain("label: string;");
    const released = await runCommand(types, folder, ["open.mlops", "--released"]);
    expect(released.out).toContain('label: "N" | "Y";');
  });

  it("answers --json with the schemas beside the text", async () => {
    const { out } = await runCommand(types, folder, ["loan.mlops"], true);
    const { declarations, typescript } = JSON.parse(out);
    expect(declarations.map((one: { declaration: string }) => one.declaration)).toEqual([
      "deployment.loan_api",
      "deployment.strict",
      "batch.everyone",
    ]);
    expect(typescript).toBe((await runCommand(types, folder, ["loan.mlops"])).out);
  });

  it.each(["penguins", "loan", "german-credit", "music-store"])(
    "writes types of samples/%s that compile",
    async (name) => {
      mkdirSync(join(folder, name), { recursive: true });
      const spec = join(ROOT, "samples", name, `${name}.mlops`);
      const { code, err } = await runCommand(types, ROOT, [
        spec,
        "--output",
        join(folder, `${name}/types.ts`),
      ]);
      expect([code, err]).toEqual([0, ""]);
      expect(compiles(`${name}/use.ts`, 'export * from "./types.ts";\n')).toBe("");
    },
  );

  it("writes types of the IR, which a program's IR has", async () => {
    expect((await runCommand(types, folder, ["--ir", "--output", "ir.ts"])).code).toBe(0);
    const ir = JSON.stringify(loaded.program);
    const use = (document: string) =>
      `import type { Gate, Program } from "./ir.ts";\nconst program: Program = ${document};\nexport const kinds = program.declarations.map((one) => one.kind);\nexport const rules = (gate: Gate) => gate.props.require.map((rule) => rule.condition.is);\n`;
    expect(compiles("use-ir.ts", use(ir))).toBe("");
    expect(compiles("misuse-ir.ts", use(ir.replace('"trees":5', '"trees":"5"')))).toContain("error TS");
  }, 30_000);

  it("says which dataset lacks a schema, and that there is nothing to type", async () => {
    const bare = SPEC.replace(/ {2}schema \{[\s\S]*?\n {2}\}\n/, "").replaceAll("PORT", "8080");
    writeFileSync(join(folder, "bare.mlops"), bare.replaceAll("stratify = Loan_Status", ""));
    const { code, err } = await runCommand(types, folder, ["bare.mlops"]);
    expect(code).toBe(1);
    expect(err).toMatch(/error\[ML\d+\]/);
    writeFileSync(join(folder, "none.mlops"), 'dataset d: csv {\n  path = "d.csv"\n}\n');
    const none = await runCommand(types, folder, ["none.mlops"]);
    expect([none.code, none.err]).toEqual([1, expect.stringContaining("has no deployment and no batch")]);
    expect((await runCommand(types, folder, [])).err).toContain("ML8059");
  });
});

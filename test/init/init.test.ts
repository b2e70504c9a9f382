/** `mlops init`: every project that it writes checks, is laid out and runs to a release; it never writes over anything. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { TEMPLATES } from "../../cli/init/templates.ts";
import { customers, messages, notes, questions } from "../../templates/make-data.ts";
import { mlops, ROOT, run } from "../samples/mlops.ts";

const made: string[] = [];
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mlops-init-"));
  made.push(folder);
});
afterAll(() => {
  for (const one of made) rmSync(one, { recursive: true, force: true });
});

/** Nothing to say of it, in the one layout, and its gate lets a version through. */
async function expectSound(project: string): Promise<void> {
  const spec = join(project, "pipeline.mlops");
  expect(JSON.parse((await mlops(["check", spec, "--json"])).out)).toEqual({ diagnostics: [] });
  expect((await mlops(["fmt", "--check", spec])).status).toBe(0);
  const report = await run(spec);
  expect(report.status).toBe("passed");
  expect(Object.keys(report.releases)).toHaveLength(1);
}

describe.each(Object.keys(TEMPLATES))("the template %s", (name) => {
  it("checks, is in the one layout, runs to a release, and its tests hold", async () => {
    const { status, out } = await mlops(["init", name, "new/place"], folder);
    expect(status).toBe(0);
    expect(out).toContain("cd new/place");
    const project = join(folder, "new/place");
    expect(readdirSync(project).sort()).toEqual([".gitignore", "README.md", "data", "pipeline.mlops"]);
    await expectSound(project);
    expect((await mlops(["test", join(project, "pipeline.mlops")])).status).toBe(0);
  });

  it("names only files and commands that there are in its README", () => {
    const readme = readFileSync(join(ROOT, "templates", name, "README.md"), "utf8");
    for (const [, file] of readme.matchAll(/`((?:data\/)?[\w-]+\.\w+)`/g))
      expect(existsSync(join(ROOT, "templates", name, file!))).toBe(true);
    const commands = readdirSync(join(ROOT, "cli/commands"));
    for (const [, command] of readme.matchAll(/mlops (\w+) (?:pipeline|show|FILE)/g))
      expect(commands).toContain(`${command}.ts`);
  });
});

describe("the templates' data", () => {
  it("are what their seeded generator makes", () => {
    const read = (file: string) => readFileSync(join(ROOT, "templates", file), "utf8");
    expect(read("tabular/data/customers.csv")).toBe(customers());
    expect(read("text/data/messages.csv")).toBe(messages());
    expect(read("llm/data/notes.txt")).toBe(notes());
    expect(read("llm/data/questions.json")).toBe(questions());
  });
});

describe("mlops init", () => {
  it("lists its templates", async () => {
    const { out, status } = await mlops(["init", "--json"], folder);
    expect(status).toBe(0);
    const { templates } = JSON.parse(out) as { templates: { name: string }[] };
    expect(templates.map(({ name }) => name)).toEqual(["tabular", "text", "llm"]);
    expect((await mlops(["init"], folder)).out).toMatch(/tabular .*\n.*text /);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says which template is meant", async () => {
    const wrong = await mlops(["init", "tabluar"], folder);
    expect(wrong.status).toBe(1);
    expect(wrong.err).toContain("did you mean `tabular`?");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("writes nothing where one of its files is in the way", async () => {
    writeFileSync(join(folder, "README.md"), "mine");
    const { status, err } = await mlops(["init", "tabular"], folder);
    expect(status).toBe(1);
    expect(err).toContain("move `README.md` away: nothing was written");
    expect(readdirSync(folder)).toEqual(["README.md"]);
    expect(readFileSync(join(folder, "README.md"), "utf8")).toBe("mine");
  });

  it("writes beside other files", async () => {
    writeFileSync(join(folder, "notes.txt"), "mine");
    const { status, out } = await mlops(["init", "text", ".", "--json"], folder);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ template: "text", spec: "pipeline.mlops", label: null });
    expect(readdirSync(folder)).toContain("notes.txt");
  });
});

describe("mlops init --from", () => {
  const LOANS = join(ROOT, "samples/loan/data/loan-prediction.csv");
  const table = (header: string, row: (i: number) => string, rows = 200) =>
    `${[header, ...Array.from({ length: rows }, (_, i) => row(i))].join("\n")}\n`;

  it("makes a whole project of a table, its data copied", async () => {
    const { status } = await mlops(["init", "--from", LOANS, "--label", "Loan_Status", "loans"], folder);
    expect(status).toBe(0);
    const spec = readFileSync(join(folder, "loans/pipeline.mlops"), "utf8");
    expect(spec).toContain('Loan_Status: category label positive "Y"');
    expect(existsSync(join(folder, "loans/data/loan-prediction.csv"))).toBe(true);
    await expectSound(join(folder, "loans"));
  });

  it("asks for the label, and knows its columns", async () => {
    const silent = await mlops(["init", "--from", LOANS, "loans"], folder);
    expect(silent.status).toBe(1);
    expect(silent.err).toMatch(
      /error\[ML8063\]: Say what to predict: `--label NAME`, where NAME is `Loan_ID`/,
    );
    const wrong = await mlops(["init", "--from", LOANS, "--label", "loan_status", "loans"], folder);
    expect(wrong.err).toContain("error[ML8064]");
    expect(wrong.err).toContain("`Loan_Status`, not `loan_status`");
    const absent = await mlops(["init", "--from", "absent.csv", "--label", "x"], folder);
    expect(absent.err).toContain("error[ML4001]");
    expect((await mlops(["init", "tabular", "--label", "x"], folder)).status).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("predicts numbers, fills what a linear model needs, and leaves data of the project where they are", async () => {
    mkdirSync(join(folder, "in"));
    const words = [
      "large bright room",
      "small dark room",
      "old quiet house",
      "new loud flat",
      "flat near park",
    ];
    const row = (i: number) =>
      `${i % 17 === 0 ? "" : i % 9},"${words[i % 5]} with garden number ${i}",${(i % 9) * 10 + (i % 5) + (i % 3) / 10}`;
    writeFileSync(join(folder, "in/evaluation.csv"), table("rooms,the text,target", row));
    const { status, out } = await mlops(["init", "--from", "in/evaluation.csv", "--json"], folder);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ label: "target", files: [".gitignore", "pipeline.mlops"] });
    const spec = readFileSync(join(folder, "pipeline.mlops"), "utf8");
    expect(spec).toContain('path = "in/evaluation.csv"');
    expect(spec).toContain("model predictor: linear_regression");
    expect(spec).toContain("vectorize { `the text` = tfidf(max_terms = 2000) }");
    await expectSound(folder);
  });

  it("takes two numbers for two classes, and refuses what teaches nothing", async () => {
    const row = (i: number) => `${i},${i % 10},same,${i % 10 > 6 ? 1 : 0}`;
    writeFileSync(join(folder, "accuracy.csv"), table("n,x,constant,y", row));
    expect((await mlops(["init", "--from", "accuracy.csv"], folder)).status).toBe(0);
    const spec = readFileSync(join(folder, "pipeline.mlops"), "utf8");
    expect(spec).toContain('y: category label positive "1"');
    // A metric is called so already.
    expect(spec).toContain("dataset accuracy_rows: csv");
    await expectSound(folder);
    const constant = await mlops(["init", "--from", "accuracy.csv", "--label", "constant", "x"], folder);
    expect(constant.err).toContain("error[ML8065]: Predict another column than `constant`");
  });
});

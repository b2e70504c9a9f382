/** Steps carried out: what programs are handed, what is kept of them, when they run again, how they fail. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { entryOf, fill } from "../../language/diagnostics/catalogue.ts";
import { NODE, type Outcome, Project } from "./project.ts";

const LOANS = `dataset loans: csv {
  path = "loans.csv"
  schema {
    id: string key
    income: float nullable
    area: category
    approved: category label positive "yes"
  }
  split(seed = 1) { train = 70%, test = 30% }
}
`;
const rows = Array.from(
  { length: 40 },
  (_, i) => `r${i},${i === 3 ? "" : i * 10},${i % 2 ? "north" : '"south, west"'},${i % 3 ? "yes" : "no"}`,
);
const CSV = ["id,income,area,approved", ...rows, ""].join("\n");
/** Copies its first argument to its second. */
const COPY = `const { copyFileSync } = require("node:fs");
console.log("copying");
copyFileSync(process.argv[2], process.argv[3]);`;

const project = () => new Project().write("loans.csv", CSV).write("copy.cjs", COPY);
const copyStep = (input: string, more = "") => `step copied: command {
  run = [${NODE}, "copy.cjs", "{raw}", "{out}"]
  inputs { raw = ${input} }
  outputs { out = "out.csv" }
  ${more}
}
`;

/** The first diagnostic: its code and its first line. */
function said({ steps }: Outcome): string {
  const found = steps.flatMap(({ diagnostics }) => diagnostics)[0];
  return found === undefined ? "nothing" : `${found.code} ${fill(entryOf(found.code).message, found.values)}`;
}

describe("what a program is handed", () => {
  it("a dataset's rows as CSV, in their order, missing as empty", async () => {
    const place = project();
    const outcome = await place.run(`${LOANS}${copyStep("loans")}`);
    expect(outcome.exit).toBe(0);
    expect(outcome.log).toEqual(["copying"]);
    const text = await place.output(outcome, "copied", "out");
    expect(text.split("\n").slice(0, 5)).toEqual([
      "id,income,area,approved",
      'r0,0.0,"south, west",no',
      "r1,10.0,north,yes",
      'r2,20.0,"south, west",yes',
      "r3,,north,no",
    ]);
    expect(text.trim().split("\n")).toHaveLength(41);
  });

  it("a part of the rows, and what features make of them", async () => {
    const place = project();
    const outcome = await place.run(`${LOANS}
features applicant {
  from = loans
  impute { income = median }
  encode { area = one_hot }
}
model scorer: decision_tree {
  data = applicant.train
}
${copyStep("applicant.test")}`);
    expect(said(outcome)).toBe("nothing");
    const [header, ...lines] = (await place.output(outcome, "copied", "out")).trim().split("\n");
    expect(header).toBe('id,approved,area=north,"area=south, west",income');
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThan(20);
    for (const line of lines) expect(line).toMatch(/^r\d+,(yes|no),[01]\.0,[01]\.0,\d+\.0$/);
  });

  it("a model's folder, another step's output, and files of the project", async () => {
    const place = project().write("rules.json", "{}");
    place.write(
      "look.cjs",
      `const { readdirSync, readFileSync, writeFileSync } = require("node:fs");
const [model, copied, rules, out] = process.argv.slice(2);
writeFileSync(out, JSON.stringify([readdirSync(model).sort(), copied, readFileSync(rules, "utf8"), process.env.WHERE]));`,
    );
    const outcome = await place.run(`${LOANS}
model scorer: decision_tree {
  data = loans.train
}
${copyStep("loans.train", "rows_as = parquet")}
step looked: command {
  run = [${NODE}, "look.cjs", "{scorer}", "{copied}", "{rules}", "{out}"]
  inputs { scorer = scorer, copied = copied.out, rules = "rules.json" }
  outputs { out = "deep/er/out.json" }
  environment { WHERE = "in {out}" }
}
`);
    expect(said(outcome)).toBe("nothing");
    const [model, copied, rules, where] = JSON.parse(await place.output(outcome, "looked", "out"));
    expect(model).toEqual(expect.arrayContaining(["model.onnx", "signature.json"]));
    expect(copied).toBe("../inputs/copied.csv");
    expect(rules).toBe("{}");
    expect(where).toBe("in deep/er/out.json");
    const parquet = outcome.steps.find(({ name }) => name === "copied")?.result?.outputs["out"];
    expect((await place.store.read(parquet!)).subarray(0, 4).toString()).toBe("PAR1");
  });

  it("no more of the environment than it needs", async () => {
    process.env["MLOPS_TEST_KEPT"] = "kept";
    process.env["MLOPS_TEST_OTHER"] = "other";
    process.env["MLOPS_TEST_SECRET"] = "hush-hush";
    const place = project().write(
      "env.cjs",
      `console.log("token", process.env.TOKEN, process.env.MLOPS_TEST_KEPT, process.env.MLOPS_TEST_OTHER);
require("node:fs").writeFileSync("out.txt", typeof process.env.PATH);`,
    );
    const outcome = await place.run(`secret MLOPS_TEST_SECRET
step asked: command {
  run = [${NODE}, "env.cjs"]
  outputs { out = "out.txt" }
  inherit = ["MLOPS_TEST_KEPT"]
  secrets { TOKEN = MLOPS_TEST_SECRET }
}
`);
    expect(outcome.log).toEqual(["token *** kept undefined"]);
    expect(await place.output(outcome, "asked", "out")).toBe("string");
  });
});

describe("a step runs again", () => {
  it("when its rows, its program, a file or a declared variable changes, and only then", async () => {
    const place = project().write("lib/more.cjs", "1");
    const spec = `${LOANS}${copyStep("loans", 'program = ["lib/*.cjs"]\n  inherit = ["MLOPS_TEST_REGION"]')}`;
    process.env["MLOPS_TEST_REGION"] = "north";
    expect((await place.run(spec)).exit).toBe(0);
    expect(await place.plan(spec)).toEqual({ loans: "reuse", copied: "reuse" });
    // Names, comments and layout are no meaning.
    expect(await place.plan(spec.replaceAll("copied", "renamed"))).toMatchObject({ renamed: "reuse" });

    place.write("copy.cjs", `${COPY}\n// edited`);
    expect((await place.plan(spec))["copied"]).toBe("file copy.cjs changed");
    place.write("copy.cjs", COPY).write("lib/more.cjs", "2");
    expect((await place.plan(spec))["copied"]).toBe("file lib/more.cjs changed");
    place.write("lib/more.cjs", "1");
    expect((await place.plan(spec))["copied"]).toBe("reuse");
    process.env["MLOPS_TEST_REGION"] = "south";
    expect((await place.plan(spec))["copied"]).toMatch(/environment MLOPS_TEST_REGION/);
    process.env["MLOPS_TEST_REGION"] = "north";
    expect(
      (await place.plan(spec.replace('"{raw}", "{out}"', '"{raw}", "{out}", "--fast"')))["copied"],
    ).toMatch(/run/);
    place.write("loans.csv", CSV.replace("r1,10", "r1,11"));
    expect((await place.plan(spec))["copied"]).toMatch(/dataset loans runs first/);
    expect((await place.run(spec)).steps.map(({ status }) => status)).toEqual(["ran", "ran"]);
  });

  it("not when what it reads came out the same", async () => {
    const place = project();
    const spec = `${LOANS}${copyStep("loans")}`;
    await place.run(spec);
    place.write("loans.csv", CSV.replaceAll("yes\n", "yes\r\n"));
    const { steps } = await place.run(spec);
    expect(steps.map(({ status }) => status)).toEqual(["ran", "reused"]);
  });
});

describe("a step fails", () => {
  const script = (text: string, more = "") => ({
    place: project().write("work.cjs", text),
    spec: `step worked: command {
  run = [${NODE}, "work.cjs", "{out}"]
  outputs { out = "out.csv" }
  ${more}
}
`,
  });

  it("with the program's last words, and runs again when mended", async () => {
    const { place, spec } = script(
      `console.log("reading"); console.error("no column income"); process.exit(3);`,
    );
    const outcome = await place.run(spec);
    expect(outcome.exit).toBe(3);
    expect(said(outcome)).toMatch(
      /^ML8036 Mend `.* work.cjs`: it ended with exit code 3, saying: no column income$/,
    );
    const [found] = outcome.steps[0]!.diagnostics;
    expect(found).toMatchObject({ declaration: "step.worked", pointer: "/run" });
    expect([...(found?.details ?? [])].sort()).toEqual(["no column income", "reading"]);
    place.write("work.cjs", `require("node:fs").writeFileSync(process.argv[2], "done")`);
    expect((await place.run(spec)).exit).toBe(0);
  });

  it("when an output is missing, naming what it wrote", async () => {
    const { place, spec } = script(`require("node:fs").writeFileSync("outs.csv", "")`);
    const outcome = await place.run(spec);
    expect(said(outcome)).toMatch(
      /^ML8037 Make .* write out.csv, or correct `outputs.out`: .*and wrote outs.csv$/,
    );
    expect(outcome.exit).toBe(1);
  });

  it("when it takes too long", async () => {
    const { place, spec } = script("setTimeout(() => {}, 60000)", "timeout = 1s");
    const outcome = await place.run(spec);
    expect(said(outcome)).toMatch(/^ML8038 Give `timeout` more than 1 s/);
    expect(outcome.exit).toBe(3);
  });

  it("when its program or a file is not there", async () => {
    const place = project();
    const absent = await place.run(
      'step a: command {\n  run = ["no-such-program"]\n  outputs { o = "o" }\n}\n',
    );
    expect(said(absent)).toMatch(/^ML8035 Install `no-such-program`/);
    const missing = await place.run(copyStep('"rules.json"'));
    expect(said(missing)).toBe("ML8032 Put a file at rules.json, or correct `inputs.raw`: there is none");
    const helper = await place.run(copyStep('"loans.csv"', 'program = ["lib/x.js"]'));
    expect(said(helper)).toBe("ML8032 Put a file at lib/x.js, or correct `program`: there is none");
  });

  it("when its secret is not set", async () => {
    const place = project();
    const spec = copyStep('"loans.csv"', "secrets { TOKEN = MLOPS_TEST_UNSET }");
    expect(said(await place.run(`secret MLOPS_TEST_UNSET\n${spec}`))).toMatch(
      /^ML8034 Set the environment variable MLOPS_TEST_UNSET/,
    );
  });

  it("when it says that it is repeatable and is not", async () => {
    const text = 'require("node:fs").writeFileSync(process.argv[2], String(process.hrtime.bigint()))';
    const { place, spec } = script(text, "repeatable = true");
    const outcome = await place.run(spec);
    expect(said(outcome)).toMatch(/^ML8039 Make .* repeatable/);
    expect(outcome.exit).toBe(2);
    place.write("work.cjs", `require("node:fs").writeFileSync(process.argv[2], "same")`);
    expect((await place.run(spec)).exit).toBe(0);
  });

  it("and an interrupted one leaves nothing running and nothing behind", async () => {
    const text = `require("node:fs").writeFileSync(${JSON.stringify("started")}, ""); console.log("up"); setInterval(() => {}, 1000);`;
    const { place, spec } = script(text);
    const interrupted = new AbortController();
    const running = place.run(spec, interrupted.signal);
    await sleep(600);
    interrupted.abort();
    const outcome = await running;
    expect(outcome.exit).toBe(130);
    expect(readdirSync(join(place.store.root, "tmp"))).toEqual([]);
    expect(readFileSync(join(place.folder, "work.cjs"), "utf8")).toBe(text);
  });
});

describe("a dataset reads a step's output", () => {
  const chain = (path: string, format = "csv") => `${copyStep('"raw.csv"')}
dataset cleaned: ${format} {
  path = ${path}
  schema {
    id: string key
    income: float
  }
}
`;

  it("and is read again only when its bytes change", async () => {
    const place = project().write("raw.csv", "id,income\na,1\nb,2\n");
    const spec = chain("copied.out");
    const outcome = await place.run(spec);
    expect(said(outcome)).toBe("nothing");
    expect(outcome.steps.find(({ name }) => name === "cleaned")?.result?.summary["rows"]).toBe(2);
    place.write("copy.cjs", `${COPY}\n// edited`);
    const again = await place.run(spec);
    expect(again.steps.map(({ name, status }) => [name, status])).toEqual([
      ["copied", "ran"],
      ["cleaned", "reused"],
    ]);
    place.write("raw.csv", "id,income\na,1\nb,2\nc,3\n");
    expect((await place.run(spec)).steps.map(({ status }) => status)).toEqual(["ran", "ran"]);
  });

  it("and calls it by its name in what it finds wrong", async () => {
    const place = project().write("raw.csv", "id,income\na,1\nb,two\n");
    const { steps } = await place.run(chain("copied.out"));
    const [found] = steps.flatMap(({ diagnostics }) => diagnostics);
    expect(found?.code).toBe("ML4004");
    expect(found?.details?.join("\n")).toContain("copied.out:3:3");
    const json = await place.run(chain("copied.out", "json"));
    expect(JSON.stringify(json.steps.flatMap(({ diagnostics }) => diagnostics))).not.toContain("objects");
  });

  it("as a parameter may still give a path", async () => {
    const place = project().write("raw.csv", "id,income\na,1\n");
    expect((await place.run(`param file: text = "raw.csv"\n${chain("file")}`)).exit).toBe(0);
  });
});

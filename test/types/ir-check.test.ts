/** `mlops check FILE.json`: an IR that another tool made is checked as a spec is, with places in the JSON. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { command as check } from "../../cli/commands/check.ts";
import { loadSpec } from "../../cli/load.ts";
import { checkIr } from "../../language/ir/check.ts";
import { hashAll, hashProgram } from "../../language/ir/hash.ts";
import { placeOf, placesOf } from "../../language/ir/json-places.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { PIPELINE, programOf } from "../check/spec.ts";
import { runCommand } from "../sarif/run.ts";

const cwd = mkdtempSync(join(tmpdir(), "mlops-ir-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const right = JSON.parse(JSON.stringify(programOf(PIPELINE))) as Program;

/** The pipeline's IR with one declaration changed; hashes are made to fit unless they are what is wrong. */
function spoilt(id: string, change: (one: Declaration) => object, rehash = true): Program {
  const declarations = right.declarations.map((one) =>
    one.id === id ? ({ ...one, ...change(one) } as Declaration) : one,
  );
  if (!rehash) return { ...right, declarations };
  const hashes = hashAll(declarations, vocabulary.kinds);
  return {
    ...right,
    declarations: declarations.map((one) => ({ ...one, hash: hashes.get(one.id)! })),
    hash: hashProgram(hashes.values()),
  };
}

const props = (id: string, change: object, rehash = false) =>
  spoilt(id, (one) => ({ props: { ...one.props, ...change } }), rehash);
const found = (value: unknown) =>
  checkIr(JSON.stringify(value, null, 2), "ir.json", vocabulary).diagnostics.map(
    ({ code, message }) => `${code} ${message}`,
  );

describe("an IR of another tool", () => {
  it("is what it was", () => {
    const { program, diagnostics } = checkIr(JSON.stringify(right), "ir.json", vocabulary);
    expect(diagnostics).toEqual([]);
    expect(program).toEqual(right);
  });

  const wrongs: readonly (readonly [string, unknown, RegExp])[] = [
    ["another version", { ...right, ir: 2 }, /^ML8053 `ir` must be 1, the version .* not 2$/],
    ["no version", {}, /^ML8053 .* not missing$/],
    ["something else", [1], /^ML8054 `\/` must be an object, not an array$/],
    ["a missing member", { ...right, spec: undefined }, /^ML8054 `\/spec` must be a text, and is missing$/],
    ["an unknown member", { ...right, specs: 1 }, /^ML8054 `\/specs` is no member .*did you mean `spec`\?$/],
    [
      "an unknown kind",
      spoilt("gate.ready", () => ({ kind: "gates" }), false),
      /^ML8054 `\/declarations\/\d\/kind` must be a kind; did you mean `gate`\?$/,
    ],
    [
      "an unknown variant",
      spoilt("model.scorer", () => ({ variant: "random_forst" }), false),
      /did you mean `random_forest`\?$/,
    ],
    ["no variant", spoilt("model.scorer", () => ({ variant: null }), false), /must be a variant of model/],
    [
      "an id of another name",
      spoilt("gate.ready", () => ({ name: "steady" }), false),
      /^ML8054 .*\/id` must be `gate.steady`$/,
    ],
    [
      "an unknown attribute",
      props("model.scorer", { dpth: 3 }),
      /^ML8054 .*\/props\/dpth` is no member .*did you mean `depth`\?$/,
    ],
    [
      "a wrong type",
      props("model.scorer", { depth: "4" }),
      /^ML8054 .*\/props\/depth` must be a number, not "4"$/,
    ],
    ["a value out of bounds", props("model.scorer", { depth: 17 }), /must be at most 16, not 17$/],
    [
      "a wrong choice",
      props("release.loan_approval", { alias: "leader" }),
      /must be "champion" or "candidate", not "leader"$/,
    ],
    [
      "a default left out",
      props("model.scorer", { depth: undefined }),
      /lacks `depth`; without a value of its own it is 6$/,
    ],
    ["an attribute left out", props("model.scorer", { data: undefined }), /lacks `data`$/],
    [
      "an unknown metric",
      props("evaluation.scored", { metrics: [{ name: "f2", args: {} }] }),
      /must be a metric/,
    ],
    [
      "an unknown form",
      props("features.applicant", { scale: { burden: { call: "standrd", args: {} } } }),
      /did you mean `standard`\?$/,
    ],
    [
      "a broken expression",
      props("features.applicant", { derive: { burden: { is: "colum", name: "x" } } }),
      /derive\/burden/,
    ],
    [
      "an unknown reference",
      props("model.scorer", { data: { ref: "features.aplicant" } }),
      /^ML8055 .* must name a declaration, not `features.aplicant`; did you mean `features.applicant`\?$/,
    ],
    [
      "a reference to the wrong kind",
      props("model.scorer", { data: { ref: "gate.ready" } }),
      /^ML8055 .* must name a features or dataset, not `gate.ready`$/,
    ],
    [
      "an unknown part",
      props("model.scorer", { data: { ref: "features.applicant", part: "trian" } }),
      /^ML8055 .* must name `train`, `validation` or `test`, not `trian`$/,
    ],
    [
      "refs that are not those of the props",
      spoilt("model.scorer", () => ({ refs: [] }), false),
      /^ML8054 .*\/refs` must hold .*\["features.applicant"\]$/,
    ],
    [
      "a hash that does not fit",
      props("model.scorer", { depth: 5 }),
      /^ML8056 the hash of `model.scorer` must be [0-9a-f]{64}, not [0-9a-f]{64}$/i,
    ],
    [
      "a program's hash that does not fit",
      { ...right, hash: "0" },
      /^ML8056 the hash of the program must be/i,
    ],
    ["what its kind objects to", props("deployment.api", { path: "predict" }, true), /^ML7003 /],
  ];
  it.each(wrongs)("with %s gives one error", (_, value, expected) => {
    const codes = found(value);
    expect(codes).toHaveLength(1);
    expect(codes[0]).toMatch(expected);
  });

  it("with a circle says it", () => {
    const sql = `dataset a: sql {\n  from = [b]\n  query = "SELECT * FROM b"\n}\ndataset b: csv {\n  path = "b.csv"\n}\n`;
    const program = programOf(sql);
    const [a, b] = program.declarations as [Declaration, Declaration];
    const circle = {
      ...program,
      declarations: [
        a,
        { ...b, variant: "sql", refs: ["dataset.a"], props: { ...a.props, from: [{ ref: "dataset.a" }] } },
      ],
    };
    expect(found(circle)).toEqual([
      expect.stringMatching(/^ML8057 .*`dataset.a` needs `dataset.b` needs `dataset.a`/),
    ]);
  });

  it("points at the place in the JSON, and at the spec that it came from", () => {
    const text = JSON.stringify(props("model.scorer", { depth: "4" }), null, 2);
    const [diagnostic] = checkIr(text, "ir.json", vocabulary).diagnostics;
    const line = text.split("\n")[diagnostic!.range.line - 1]!;
    expect(line.slice(diagnostic!.range.column - 1, diagnostic!.range.endColumn - 1)).toBe('"4"');
    expect(diagnostic!.file).toBe("ir.json");
    const hash = checkIr(JSON.stringify(props("model.scorer", { depth: 5 })), "ir.json", vocabulary);
    expect(hash.diagnostics[0]?.related[0]).toMatchObject({ file: "spec.mlops", message: "written here" });
  });
});

const BESIDE = `mlops 1

param rate: float = 0.1

environment live { set { rate = 0.2 } }

dataset points: csv {
  path = "rows.csv"
  owners = ["@team"]
  schema {
    a: float min 0
    y: float label
  }
}

features seen {
  from = points
  derive { double = 2 * a }
}

model made: gradient_boosted_trees {
  data = seen
  rate = rate
}

test doubles {
  subject = seen
  row one { a = 1 }
  expect one.double == 2
}
`;

describe("what stands beside the pipeline", () => {
  const program = JSON.parse(JSON.stringify(programOf(BESIDE))) as Program;

  it("is checked in lists of its own", () => {
    expect([program.tests?.length, program.environments?.length]).toEqual([1, 1]);
    expect(found(program)).toEqual([]);
  });

  it("is refused in another's list, and with a reference that leads nowhere", () => {
    const { tests = [], ...rest } = program;
    const moved = { ...rest, declarations: [...rest.declarations, ...tests] };
    expect(found(moved)).toEqual([expect.stringMatching(/^ML8054 `\/declarations\/3\/kind` must be a kind/)]);
    const [test] = tests;
    const lost = { ...test, props: { ...test?.props, subject: { ref: "features.sen" } } };
    expect(found({ ...program, tests: [lost] })).toEqual([
      expect.stringMatching(/^ML8055 `\/tests\/0\/props\/subject\/ref` .*did you mean `features.seen`\?$/),
    ]);
  });
});

describe("places in JSON", () => {
  it("are those of every value and name, whatever the layout", () => {
    const text = '\n{ "a" : [ 1 , {"b/c~":"x\\"]" } , [] ], "d":{}, "e":-1.5e3 }\n';
    const places = placesOf(text);
    const shown = Object.fromEntries(
      [...places].map(([pointer, { start, end }]) => [pointer, text.slice(start, end)]),
    );
    expect(shown).toEqual({
      "": text.trim(),
      "/a": '[ 1 , {"b/c~":"x\\"]" } , [] ]',
      "/a/0": "1",
      "/a/1": '{"b/c~":"x\\"]" }',
      "/a/1/b~1c~0": '"x\\"]"',
      "/a/2": "[]",
      "/d": "{}",
      "/e": "-1.5e3",
    });
    expect(text.slice(places.get("/d")!.key!.start, places.get("/d")!.key!.end)).toBe('"d"');
    expect(placeOf(places, "/a/9/x")).toEqual(places.get("/a"));
  });

  it("are not asked for where nesting would exhaust the stack", () => {
    const deep = `{"ir":1,"declarations":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    const { diagnostics } = checkIr(deep, "ir.json", vocabulary);
    expect(diagnostics.map(({ message, range }) => [message, range.column])).toEqual([
      ["`/` must not nest deeper than 500 levels", 523],
    ]);
  });
});

describe("mlops check with an IR", () => {
  it("--ir writes what a spec means, and check takes it back", async () => {
    writeFileSync(join(cwd, "spec.mlops"), PIPELINE);
    expect((await runCommand(check, cwd, ["spec.mlops", "--ir", "out/spec.json"])).code).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, "out/spec.json"), "utf8"))).toEqual(right);
    const taken = await runCommand(check, cwd, ["out/spec.json"]);
    expect(taken).toEqual({ code: 0, out: "out/spec.json: nothing wrong", err: "" });
    const printed = await runCommand(check, cwd, ["spec.mlops", "--ir", "-"]);
    expect(JSON.parse(printed.out)).toEqual(right);
    const both = await runCommand(check, cwd, ["spec.mlops", "out/spec.json", "--ir", "two.json"]);
    expect(both.code).toBe(1);
    expect(both.err).toContain("ML8059");
  });

  it("says what is wrong with it on the terminal, in JSON and in SARIF", async () => {
    writeFileSync(join(cwd, "bad.json"), JSON.stringify(props("model.scorer", { depth: 5 }), null, 2));
    const { code, err } = await runCommand(check, cwd, ["bad.json"]);
    expect(code).toBe(1);
    expect(err).toMatch(/error\[ML8056\]: The hash of `model.scorer` must be/);
    expect(err).toMatch(/bad\.json:\d+:\d+/);
    expect(err).toContain("written here");
    const { out } = await runCommand(check, cwd, ["bad.json", "--sarif", "-"]);
    expect(out).toContain('"ruleId": "ML8056"');
    const json = await runCommand(check, cwd, ["bad.json"], true);
    expect(JSON.parse(json.out).diagnostics[0].code).toBe("ML8056");
  });

  it("says where JSON breaks off, and that a file is not there", async () => {
    writeFileSync(join(cwd, "broken.json"), '{\n  "ir": 1,\n}\n');
    const { code, err } = await runCommand(check, cwd, ["broken.json"]);
    expect(code).toBe(1);
    expect(err).toMatch(/ML8052[\s\S]*broken\.json:3:1/);
    expect((await runCommand(check, cwd, ["gone.json"])).err).toContain("ML2048");
  });

  it("a right one can be loaded in a spec's place", async () => {
    const text: string[] = [];
    const terminal = {
      out: (line: string) => void text.push(line),
      err: (line: string) => void text.push(line),
      color: false,
      interactive: false,
      width: 80,
    };
    const path = join(cwd, "out/spec.json");
    const loaded = await loadSpec({ terminal, json: false, cwd }, path);
    expect(loaded).toMatchObject({ project: join(cwd, "out"), spec: path, program: { hash: right.hash } });
    expect(text).toEqual([]);
  });
});

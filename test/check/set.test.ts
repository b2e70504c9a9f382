/** Parameters: types, defaults, and values from the command line. */
import { describe, expect, it } from "vitest";
import { compile } from "../../language/compile.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { compileText, findings, programOf } from "./spec.ts";

const spec = (param: string, use: string) => `${param}

dataset d: csv {
  path = "d.csv"
  schema {
    a: float
    y: category label
  }
  split(seed = 1) { train = 80%, test = 20% }
}

model m: random_forest {
  data = d.train
  ${use}
}

evaluation e {
  model = m
  data = d.test
  metrics = [accuracy]
}
`;
const trees = spec("param many: int = 200", "trees = many");
const propsOf = (text: string, set = {}) =>
  programOf(text, set).declarations.find((one) => one.kind === "model")!.props;

describe("a parameter", () => {
  it("gives its default, or what --set says", () => {
    expect(propsOf(trees)["trees"]).toBe(200);
    expect(propsOf(trees, { many: "7" })["trees"]).toBe(7);
    expect(programOf(trees, { many: "7" }).params).toEqual({ many: 7 });
  });

  it("may share its name with the attribute that takes it", () => {
    expect(propsOf(spec("param trees: int = 12", "trees = trees"))["trees"]).toBe(12);
  });

  it("takes part in arithmetic, with units", () => {
    expect(propsOf(spec("param many: int = 20", "trees = many * 2 + 1"))["trees"]).toBe(41);
    expect(propsOf(spec("param share: ratio = 30%", "rows = share"), { share: "45%" })["rows"]).toBe(0.45);
    expect(propsOf(spec("param share: ratio = 30%", "rows = share"), { share: "0.5" })["rows"]).toBe(0.5);
  });

  it("is exact in decimal: 15% is 0.15 and 7% is 0.07", () => {
    for (let percent = 1; percent <= 100; percent += 1) {
      expect(
        propsOf(spec("param share: ratio = 30%", "rows = share"), { share: `${percent}%` })["rows"],
      ).toBe(percent / 100);
    }
  });

  it.each([
    ["many", "ML2043"],
    ["1.5", "ML2043"],
    ["30%", "ML2043"],
    ["5m", "ML2043"],
  ])("of type int refuses --set many=%s", (value, code) => {
    expect(findings(trees, { many: value }).map((found) => found.code)).toEqual([code]);
  });

  it("that does not exist cannot be set, and the nearest is named", () => {
    const [found] = findings(trees, { mny: "3" });
    expect(found?.code).toBe("ML2047");
    expect(found?.message).toContain("did you mean `many`?");
  });

  it("without a default needs a value, and has one when set", () => {
    const bare = spec("param many: int", "trees = many");
    expect(findings(bare).map((found) => found.code)).toEqual(["ML2042"]);
    expect(propsOf(bare, { many: "3" })["trees"]).toBe(3);
  });

  it("of text stands for a path as it is typed", () => {
    const text = spec('param file: string = "x.csv"', "trees = 3").replace('path = "d.csv"', "path = file");
    expect(programOf(text, { file: "a b=c%.csv" }).declarations[0]?.props["path"]).toBe("a b=c%.csv");
  });
});

describe("a secret", () => {
  it("goes into what takes one, and its value into nothing", () => {
    const text = `${trees}
gate g {
  require e.accuracy > 0.5
}

release r {
  model = m
  gate = g
}

secret KEY

deployment s {
  release = r.champion
  token = KEY
}
`;
    const program = programOf(text);
    expect(program.secrets).toEqual(["KEY"]);
    expect(program.declarations.at(-1)?.props["token"]).toEqual({ secret: "KEY" });
    expect(findings(text.replace("trees = many", "trees = KEY")).map((found) => found.code)).toContain(
      "ML2014",
    );
    expect(findings(text.replace("token = KEY", "path = KEY")).map((found) => found.code)).toContain(
      "ML2014",
    );
  });
});

it("a spec that cannot be read is a finding, not an exception", () => {
  const { program, diagnostics } = compile({ files: { read: () => null }, entry: "gone.mlops", vocabulary });
  expect(program).toBeNull();
  expect(diagnostics.map((found) => found.code)).toEqual(["ML2048"]);
});

it("an empty spec is a program without declarations", () => {
  expect(compileText("").program?.declarations).toEqual([]);
});

/** Imports, constants, parameters, templates, declarations with parameters, environments and owners. */
import { describe, expect, it } from "vitest";
import { type Compiled, compile } from "../../language/compile.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { textHost } from "./files.ts";
import { PIPELINE } from "./spec.ts";

const LOANS = `dataset loans: csv {
  path = "data/loans.csv"
  schema {
    income: float
    area: category
    approved: category label positive "yes"
  }
  split(seed = 42) { train = 70%, test = 30% }
}
`;

const END = `
evaluation scored {
  model = scorer
  data = loans.test
  metrics = [accuracy, f1]
}
`;

interface Values {
  readonly set?: Readonly<Record<string, string>>;
  readonly environment?: string;
}

const compileAll = (files: Readonly<Record<string, string>>, values: Values = {}): Compiled =>
  compile({ files: textHost(files), entry: "spec.mlops", vocabulary, ...values });

const said = (spec: string, files: Readonly<Record<string, string>> = {}, values: Values = {}): string[] =>
  compileAll({ ...files, "spec.mlops": spec }, values).diagnostics.map(({ code }) => code);

function programOf(spec: string, files: Readonly<Record<string, string>> = {}, values: Values = {}): Program {
  const { program, diagnostics } = compileAll({ ...files, "spec.mlops": spec }, values);
  if (program === null)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return program;
}

const named = (program: Program, id: string): Declaration => {
  const found = program.declarations.find((declaration) => declaration.id === id);
  if (found === undefined) throw new Error(`${id} is none of ${program.declarations.map((each) => each.id)}`);
  return found;
};

const ids = (program: Program) => program.declarations.map(({ id }) => id);

const model = (data: string) => `model scorer: gradient_boosted_trees {\n  data = ${data}\n}\n`;

describe("imports", () => {
  const files = { "shared/loans.mlops": LOANS };
  const use = `import "./shared/loans.mlops" { loans }\n\n${model("loans.train")}${END}`;

  it("bring in what they name, and paths are relative to the file that writes them", () => {
    const program = programOf(use, files);
    expect(ids(program)).toEqual(["model.scorer", "evaluation.scored", "dataset.loans"]);
    expect(named(program, "dataset.loans").props["path"]).toBe("shared/data/loans.csv");
    expect(named(program, "dataset.loans").source.file).toBe("shared/loans.mlops");
  });

  it("mean what the text itself would mean in their place", () => {
    const here = programOf(`${LOANS}${model("loans.train")}${END}`);
    const there = programOf(use.replace("./shared/", "./"), { "loans.mlops": LOANS });
    expect(there.hash).toBe(here.hash);
  });

  it("can give a name, so that two files may use the same", () => {
    const both = `import "./a.mlops" { loans as first }
import "./b.mlops" { loans as second }

${model("first.train")}
evaluation scored {
  model = scorer
  data = second.test
  metrics = [f1]
}
`;
    const program = programOf(both, { "a.mlops": LOANS, "b.mlops": LOANS.replace("42", "7") });
    expect(ids(program).filter((id) => id.startsWith("dataset."))).toEqual([
      "dataset.loans",
      "dataset.b/loans",
    ]);
  });

  it("take what a declaration needs with it, and nothing else", () => {
    const file = `${PIPELINE}\ndataset other: csv {\n  path = "x.csv"\n}\n`;
    const program = programOf(
      `import "./p.mlops" { ready }\n\nrelease again {\n  model = scorer\n  gate = ready\n}\n`.replace(
        "{ ready }",
        "{ ready, scorer }",
      ),
      { "p.mlops": file },
    );
    expect(ids(program).sort()).toEqual([
      "dataset.loans",
      "evaluation.scored",
      "features.applicant",
      "gate.ready",
      "model.scorer",
      "release.again",
    ]);
  });

  it("bring parameters, which the command line then sets", () => {
    const file = `param trees: int = 200 { max = 500 }\n\n${LOANS}`;
    const spec = `import "./l.mlops" { loans, trees }\n\n${model("loans.train\n  trees = trees")}${END}`;
    const program = programOf(spec, { "l.mlops": file }, { set: { trees: "300" } });
    expect(named(program, "model.scorer").props["trees"]).toBe(300);
    expect(said(spec, { "l.mlops": file }, { set: { trees: "501" } })).toEqual(["ML2043"]);
  });

  it("bring what another file imports", () => {
    const middle = `import "./loans.mlops" { loans }\n`;
    expect(
      said(`import "./middle.mlops" { loans }\n\n${model("loans.train")}${END}`, {
        "middle.mlops": middle,
        "loans.mlops": LOANS,
      }),
    ).toEqual([]);
  });

  it("read a file once, however many ways lead to it", () => {
    const spec = `import "./a.mlops" { loans }\nimport "./b.mlops" { rounds }\n\n${model("loans.train\n  trees = rounds")}${END}`;
    const program = programOf(spec, {
      "a.mlops": `import "./c.mlops" { seed }\n\n${LOANS.replace("42", "seed")}`,
      "b.mlops": `import "./c.mlops" { seed }\n\nconst rounds = seed * 2\n`,
      "c.mlops": "const seed = 21\n",
    });
    expect(named(program, "model.scorer").props["trees"]).toBe(42);
  });

  it("say what is wrong in the other file, there", () => {
    const { diagnostics } = compileAll({
      "spec.mlops": use.replace("./shared/", "./"),
      "loans.mlops": LOANS.replace("float", "floot"),
    });
    expect(diagnostics.map(({ code, file }) => [code, file])).toEqual([["ML2025", "loans.mlops"]]);
  });

  it("warn of a name that nothing uses", () => {
    expect(
      said(`import "./l.mlops" { loans, rounds }\n\n${model("loans.train")}${END}`, {
        "l.mlops": `const rounds = 3\n\n${LOANS}`,
      }),
    ).toEqual(["ML3002"]);
  });

  it.each([
    [`import "./a.mlops" { x }\n`, { "a.mlops": `import "./spec.mlops" { y }\n` }, ["ML2057", "ML2053"]],
    [`import "/etc/a.mlops" { x }\n`, {}, ["ML2045"]],
    [`import "std/nothing" { x }\n`, {}, ["ML2055"]],
    [`import "./none.mlops" { x }\n`, {}, ["ML2056"]],
    [`import "./loans.mlops" { loans }\n\n${LOANS}`, { "loans.mlops": LOANS }, ["ML2013"]],
  ])("%j is refused", (spec, others, codes) => {
    expect(said(spec, others).filter((code) => code !== "ML3002")).toEqual(codes);
  });
});

describe("the libraries that come with the language", () => {
  it.each(["gates", "pipelines", "transformers"])("std/%s has no findings", (name) => {
    const text = textHost({}).read(`std:${name}.mlops`) ?? "";
    expect(said(text)).toEqual([]);
  });

  it("make a release of three lines", () => {
    const program = programOf(`import "std/pipelines" { classifier }

${LOANS}
classifier loan { data = loans, label = approved }
`);
    expect(ids(program)).toEqual([
      "dataset.loans",
      "model.loan.scorer",
      "evaluation.loan.scored",
      "gate.loan.ready",
      "release.loan.approved",
    ]);
  });
});

describe("constants", () => {
  const spec = (constant: string, attributes: string) =>
    `${constant}\n\n${LOANS}${model(`loans.train\n  ${attributes}`)}${END}`;

  it.each([
    ["const rounds = 2 * 50", "trees = rounds", "trees", 100],
    ["const part = loans.test", "tune = part", "tune", { ref: "dataset.loans", part: "test" }],
    ["const what = approved", "target = what", "target", "approved"],
    ["const a = b\nconst b = 30", "trees = a", "trees", 30],
  ])("%s stands for what is written", (constant, attributes, name, value) => {
    const { program, diagnostics } = compileAll({ "spec.mlops": spec(constant, attributes) });
    const found = diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
    // Tuning on the judged part is refused by a rule of its own, which shows that the reference was read.
    expect(found).toEqual(name === "tune" ? ["ML3012"] : []);
    if (name !== "tune") expect(named(program!, "model.scorer").props[name]).toEqual(value);
  });

  it("may be lists, and are read in the place that uses them", () => {
    const text = `const judged = [accuracy, f1]\n\n${LOANS}${model("loans.train")}${END.replace("[accuracy, f1]", "judged")}`;
    expect(named(programOf(text), "evaluation.scored").props["metrics"]).toHaveLength(2);
  });

  it("that need themselves are one error, and so is a wrong one however often it is used", () => {
    expect(said(spec("const a = b + 1\nconst b = a", "trees = a\n  depth = b"))).toEqual(["ML2024"]);
    expect(said(spec('const a = "x"', "trees = a\n  depth = a")).filter((code) => code !== "ML2014")).toEqual(
      [],
    );
  });
});

describe("parameters", () => {
  const spec = (limits: string) =>
    `param trees: int = 20 ${limits}\n\n${LOANS}${model("loans.train\n  trees = trees")}${END}`;

  it("keep to their limits, in their defaults too", () => {
    expect(said(spec("{ min = 1, max = 30 }"))).toEqual([]);
    expect(said(spec("{ min = 30 }"))).toEqual(["ML2016"]);
    expect(said(spec("{ one_of = [10, 20] }"))).toEqual([]);
    expect(said(spec("{ one_of = [10, 30] }"))).toEqual(["ML2016"]);
    expect(said(spec("{ mim = 1 }"))).toEqual(["ML2005"]);
    expect(said(spec("{ min = 30% }"))).toEqual(["ML2014"]);
  });

  it("may name constants and one another in their defaults", () => {
    const text = `const half = 10\n\nparam few: int = half\n\nparam trees: int = few * 2\n\n${LOANS}${model("loans.train\n  trees = trees")}${END}`;
    const set = { few: "7" };
    expect(named(programOf(text, {}, { set }), "model.scorer").props["trees"]).toBe(14);
    expect(said("param a: int = b\n\nparam b: int = a\n").filter((code) => code === "ML2024")).toHaveLength(
      1,
    );
  });
});

const TEMPLATE = `template scoring {
  param data: dataset
  param money: column
  param by: list(column)
  param trees: int = 100 { min = 1 }

  features prepared {
    from = data
    derive { double = money * 2 }
  }

  model scorer: gradient_boosted_trees {
    data = prepared.train
    trees = trees
  }

  evaluation scored {
    model = scorer
    data = prepared.test
    metrics = [f1]
    slices = by
  }
}
`;

describe("templates", () => {
  const use = "scoring a { data = loans, money = income, by = [area] }\n";

  it("mean what their bodies would mean, written out", () => {
    const out = TEMPLATE.slice(TEMPLATE.indexOf("  features"), -2)
      .replaceAll(/^ {2}/gm, "")
      .replace("= data\n", "= loans\n")
      .replace("money", "income")
      .replace("= by", "= [area]")
      .replace("= trees", "= 100");
    expect(programOf(`${LOANS}${TEMPLATE}${use}`).hash).toBe(programOf(`${LOANS}${out}`).hash);
  });

  it("make as many pipelines as there are lines", () => {
    const lines = Array.from({ length: 10 }, (_, n) =>
      use.replace(" a ", ` use_${n} `).replace("}", `, trees = ${n + 1} }`),
    );
    const program = programOf(LOANS + TEMPLATE + lines.join(""));
    expect(program.declarations).toHaveLength(1 + 10 * 3);
    expect(named(program, "model.use_7.scorer").props["trees"]).toBe(8);
  });

  it("are read on their own: what is wrong with each use is said once, in the body", () => {
    const wrong = TEMPLATE.replace("trees = trees", "threes = trees");
    expect(said(LOANS + wrong + use + use.replace(" a ", " b "))).toEqual(["ML2005"]);
    expect(said(`${LOANS}${TEMPLATE.replace("data = prepared.train", "data = money")}${use}`)).toEqual([
      "ML2014",
    ]);
  });

  it("say what is wrong with one use at that use, with the place in the body", () => {
    const text = `${LOANS}${TEMPLATE.replace("money * 2", "money * missing")}${use}`;
    const { diagnostics } = compileAll({ "spec.mlops": text });
    expect(diagnostics.map(({ code }) => code)).toEqual(["ML2020"]);
    const [found] = diagnostics;
    const lines = text.split("\n");
    expect(lines[found!.range.line - 1]).toBe(use.trimEnd());
    expect(lines[found!.related[0]!.range.line - 1]).toContain("money * missing");
  });

  it("take arguments of their parameters' types", () => {
    const wrong = (from: string, to: string) =>
      said(LOANS + TEMPLATE + use.replace(from, to)).filter((code) => code !== "ML3002");
    expect(wrong("loans", "lons")).toEqual(["ML2008"]);
    expect(wrong("data = loans", "data = 3")).toEqual(["ML2014"]);
    expect(wrong("money = income, ", "")).toEqual(["ML2007"]);
    expect(wrong("money", "mony")).toEqual(["ML2005"]);
    expect(wrong("[area]", "area")).toEqual(["ML2014"]);
    expect(wrong("[area]", "[aera]")).toEqual(["ML2020"]);
    expect(wrong("}", ", trees = 0 }")).toEqual(["ML2016"]);
    expect(wrong("}", ", trees = 10% }")).toEqual(["ML2014"]);
    expect(wrong("}", ", trees = 1, trees = 2 }")).toEqual(["ML2006"]);
  });

  it("may use other templates, and not themselves", () => {
    const outer = `template twice {
  param rows_of: dataset
  scoring first { data = rows_of, money = income, by = [area] }
  scoring second { data = rows_of, money = income, by = [area], trees = 9 }
}
`;
    const program = programOf(`${LOANS}${TEMPLATE}${outer}twice both { rows_of = loans }\n`);
    expect(ids(program)).toContain("model.both.second.scorer");
    const circular = `template a {\n  param data: dataset\n  b inner { data = data }\n}\n\ntemplate b {\n  param data: dataset\n  a inner { data = data }\n}\n`;
    expect(new Set(said(circular))).toEqual(new Set(["ML2058"]));
  });

  it("end, however they multiply", () => {
    const level = (n: number) =>
      `template t${n} {\n  param data: dataset\n${n === 0 ? "  model m: linear_regression { data = data.train }\n" : `  t${n - 1} a { data = data }\n  t${n - 1} b { data = data }\n`}}\n`;
    const text = `${Array.from({ length: 30 }, (_, n) => level(n)).join("\n")}\n${LOANS}\nt29 all { data = loans }\n`;
    expect(said(text)).toContain("ML2059");
  });
});

describe("declarations with parameters", () => {
  const gate = "gate at_least(judged: evaluation, min: ratio = 80%) {\n  require judged.f1 >= min\n}\n";
  const start = `${LOANS}${model("loans.train")}${END}${gate}`;
  const release = (used: string) => `release out {\n  model = scorer\n  gate = ${used}\n}\n`;
  const bound = (program: Program, id: string) => JSON.stringify(named(program, id).props);

  it("are used where a declaration is named, and under a name of their own", () => {
    const inline = programOf(start + release("at_least(scored, min = 90%)"));
    expect(bound(inline, "gate.out.at_least")).toContain("0.9");
    const strict = programOf(
      `${start}gate strict = at_least(judged = scored, min = 90%)\n${release("strict")}`,
    );
    expect(named(strict, "gate.strict").hash).toBe(named(inline, "gate.out.at_least").hash);
    expect(named(strict, "gate.strict").hash).toBe(
      named(
        programOf(`${start}gate strict {\n  require scored.f1 >= 90%\n}\n${release("strict")}`),
        "gate.strict",
      ).hash,
    );
  });

  it.each([
    ["at_least", "ML2061"],
    ["at_least()", "ML2021"],
    ["at_least(scored, 90%, 3)", "ML2021"],
    ["at_least(scored, mim = 90%)", "ML2023"],
    ["at_least(loans)", "ML2009"],
    ["at_least(scored, min = 5m)", "ML2014"],
    ["at_most(scored)", "ML2014"],
  ])("`gate = %s` is refused", (used, code) => {
    expect(said(start + release(used)).filter((each) => each !== "ML3002")).toEqual([code]);
  });

  it("may not use themselves", () => {
    const circle = "release r(m: model) {\n  model = m\n  gate = g(r(m))\n}\n";
    expect(said(circle).length).toBeGreaterThan(0);
  });
});

describe("environments", () => {
  const spec = `param trees: int = 200 { max = 500 }

${LOANS}${model("loans.train\n  trees = trees")}${END}
gate ready {
  require scored.f1 >= 80%
}

release out {
  model = scorer
  gate = ready
}

deployment api {
  release = out.champion
}

environment prod {
  set { trees = 400 }
  vary { api.port = 8443 }
}
`;

  it("change what they say, and only when they are chosen", () => {
    const plain = programOf(spec);
    const prod = programOf(spec, {}, { environment: "prod" });
    expect(plain.environment).toBeNull();
    expect(prod.environment).toBe("prod");
    const trees = (program: Program) => named(program, "model.scorer").props["trees"];
    const port = (program: Program) => named(program, "deployment.api").props["port"];
    expect([trees(plain), port(plain)]).toEqual([200, 8080]);
    expect([trees(prod), port(prod)]).toEqual([400, 8443]);
    expect(ids(prod).some((id) => id.startsWith("environment."))).toBe(false);
  });

  it("give way to the command line", () => {
    const program = programOf(spec, {}, { environment: "prod", set: { trees: "3" } });
    expect(named(program, "model.scorer").props["trees"]).toBe(3);
  });

  it("are checked whether chosen or not", () => {
    const wrong = (from: string, to: string) => said(spec.replace(from, to));
    expect(wrong("trees = 400", "tres = 400")).toEqual(["ML2008"]);
    expect(wrong("trees = 400", "trees = 600")).toEqual(["ML2016"]);
    expect(wrong("api.port = 8443", "api.prt = 8443")).toEqual(["ML2005"]);
    expect(wrong("api.port = 8443", 'api.path = "/x"')).toEqual(["ML2064"]);
    expect(wrong("api.port = 8443", "apy.port = 8443")).toEqual(["ML2008"]);
    expect(wrong("api.port = 8443", 'api.port = "x"')).toEqual(["ML2014"]);
    expect(said(spec, {}, { environment: "prd" })).toEqual(["ML2063"]);
  });
});

describe("owners", () => {
  it("may stand in every declaration, and are in no hash", () => {
    const plain = programOf(`${LOANS}${model("loans.train")}${END}`);
    const owned = programOf(`${LOANS}${model('loans.train\n  owners = ["@acme/risk"]')}${END}`);
    expect(named(owned, "model.scorer").owners).toEqual(["@acme/risk"]);
    expect(owned.hash).toBe(plain.hash);
    expect(said(`${LOANS}${model("loans.train\n  owners = 3")}${END}`)).toEqual(["ML2014"]);
  });
});

/** Random reuse: datasets of another file, templates, declarations with parameters, libraries, environments. */
import type { Choices } from "./choices.ts";
import type { Made } from "./datasets.ts";
import type { Judged } from "./stages.ts";

export interface Moved {
  /** The import that stands for the datasets, or their text itself. */
  readonly text: string;
  /** Other spec files by path. */
  readonly specs: Readonly<Record<string, string>>;
}

/** Now and then the datasets stand in a file of their own, which may import one from another still. */
export function makeImports(choose: Choices, made: readonly Made[]): Moved {
  const here = made.map(({ text }) => text).join("\n");
  if (!choose.chance(3)) return { text: here, specs: {} };
  const folder = choose.pick(["", "shared/"]);
  const inFolder = (text: string) => (folder === "" ? text : text.replaceAll('path = "', 'path = "../'));
  const file = `${folder}data.mlops`;
  const names = made.map(({ name }) => name);
  const renamed = choose.chance(3) ? "loans" : null;
  const own = renamed === null ? here : here.replace("dataset loans:", "dataset applications:");
  const taken = names.map((name) => (name === renamed ? `applications as ${name}` : name));
  const listed = choose.odd(
    [taken],
    [
      [...taken, "nothing"],
      [...taken, taken[0]!],
      taken.slice(1),
      [`${taken[0]} as model`, ...taken.slice(1)],
      [],
    ],
  );
  const path = choose.odd(
    [`./${file}`],
    ["./absent.mlops", "../data.mlops", "./spec.mlops", "data", "std/data", "", "./data.csv"],
  );
  const circular = choose.odd(
    [""],
    ['import "./spec.mlops" { scorer }\n\n', 'import "../spec.mlops" { ready }\n\n'],
  );
  const through = choose.chance(3);
  const specs = through
    ? {
        [file]: `import "./deeper.mlops" { ${names.map((name) => (name === renamed ? "applications" : name)).join(", ")} }\n`,
        [`${folder}deeper.mlops`]: inFolder(own),
      }
    : { [file]: `${circular}${inFolder(own)}` };
  return { text: `import "${path}" { ${listed.join(", ")} }\n`, specs };
}

/** The setting of trees, once for all models. */
export function makeParameters(choose: Choices): { readonly text: string; readonly trees: string } {
  if (!choose.chance(3)) return { text: "", trees: "3" };
  const rounds = choose.odd(
    ["param rounds: int = 3 { min = 1, max = 9 }", "param rounds: int = 3", "const rounds = 1 + 2"],
    [
      "param rounds: int",
      "param rounds: int = 30 { max = 9 }",
      "param rounds: int = 3 { min = 9, max = 1 }",
      "param rounds: string = 3",
      'param rounds: string = "3"',
      "param rounds: float = 3.5",
      "param rounds: int = 3 { one_of = [1, 2] }",
      "param rounds: int = rounds",
      "const rounds = 3 / 0",
      "const rounds = -3",
      "const rounds = true",
    ],
  );
  return { text: `${rounds}\n`, trees: "rounds" };
}

export function makeEnvironment(
  choose: Choices,
  { parameters, deployed }: { readonly parameters: string; readonly deployed: boolean },
): { readonly text: string; readonly chosen: string | null } {
  if (!choose.chance(3)) return { text: "", chosen: null };
  const set = parameters.startsWith("param")
    ? choose.odd(["rounds = 2"], ["rounds = 0", "rounds = 2.5", 'rounds = "2"', "rounds = 100", "round = 2"])
    : choose.odd([""], ["rounds = 2", "nothing = 1"]);
  const vary = deployed
    ? choose.odd(
        ["api.port = 8443", 'api.host = "0.0.0.0", api.port = 8443', "api.rate_limit = 3"],
        [
          "api.port = 70_000",
          'api.path = "/other"',
          "api.prot = 8443",
          "scorer.trees = 3",
          "second.port = 8080",
          'api.host = ""',
          "api.body_limit = 0B",
          "loans.path = TOKEN",
        ],
      )
    : "";
  const block = (name: string, inner: string) => (inner === "" ? "" : `  ${name} { ${inner} }\n`);
  const text = `environment prod {\n${block("set", set)}${block("vary", vary)}}\n`;
  return { text, chosen: choose.odd([null, "prod"], ["prod", "pord", "scorer", ""]) };
}

const plainMetric = ({ metrics }: Judged): string =>
  metrics.find((metric) => /^\w+$/.test(metric) && metric !== "confusion") ?? "accuracy";

/** Declarations with parameters, written here or in a library, and releases by them. */
export function makeGenerics(choose: Choices, judged: Judged): string {
  if (!choose.chance(3)) return "";
  const metric = plainMetric(judged);
  const own = `gate at_least(judged: evaluation, min: float = -1e9) {
  require judged.${metric} >= ${choose.odd(["min"], ["mn", "judged", "min.x"])}
}
`;
  const given = choose.odd(
    [`judged = ${judged.name}`, judged.name, `judged = ${judged.name}, min = -5.5`],
    [
      "",
      "judged = scorer",
      `judged = ${judged.name}, min = "x"`,
      `judged = ${judged.name}, least = 3`,
      `${judged.name}, ${judged.name}`,
      `judged = ${judged.name}, judged = ${judged.name}`,
    ],
  );
  const release = (gate: string) => `release careful {\n  model = scorer\n  gate = ${gate}\n}\n`;
  const classes = judged.task !== "number";
  const libraries = [
    ...(classes && judged.metrics.includes("accuracy") ? ["beats_majority"] : []),
    ...(classes && judged.metrics.includes("f1") ? ["f1_at_least"] : []),
  ];
  const library = choose.odd(libraries.length === 0 ? [""] : libraries, [
    "beats_majority",
    "f1_at_least",
    "no_worse_than_champion",
    "absent",
  ]);
  return choose.pick<() => string>([
    () => `${own}\n${release(`at_least(${given})`)}`,
    () => `${own}\ngate strict = at_least(${given})\n\n${release(choose.odd(["strict"], ["at_least"]))}`,
    () =>
      library === ""
        ? ""
        : `import "std/gates" { ${library} }\n\n${release(`${library}(${choose.odd([judged.name], [given])})`)}`,
  ])();
}

/** A template over the datasets and its uses, or one of the libraries'. */
export function makeTemplate(choose: Choices, loans: Made, judged: Judged): string {
  if (!choose.chance(3)) return "";
  const label = loans.columns.find(({ rest }) => rest?.includes("label") === true)!.name;
  const whole = loans.parts.includes("train") && loans.parts.includes("test");
  if (whole && judged.task !== "number" && choose.chance(2)) {
    const more = choose.odd(
      ["", ", seed = 7"],
      [", depth = 0", ", min_f1 = 200%", ", min_f1 = 0.5, tress = 3"],
    );
    return `import "std/pipelines" { classifier }\n\nclassifier quick { data = loans, label = ${label}, trees = 2, depth = 2, min_f1 = 0%${more} }\n`;
  }
  const metric = judged.task === "number" ? "mae" : "accuracy";
  const part = (name: string) => (whole ? `source.${name}` : "source");
  const odd = choose.odd(
    [""],
    [
      "\n  template inner { param x: int }\n",
      "\n  scoring again { source = source, wanted = wanted }\n",
      "\n  param trees: int = 3\n",
      '\n  import "std/gates" { beats_majority }\n',
      "\n  environment local { set { rounds = 3 } }\n",
    ],
  );
  const uses = choose.odd(
    [
      `scoring first { source = loans, wanted = ${label} }`,
      `scoring first { source = loans, wanted = ${label}, trees = 2 }`,
      `scoring first { source = loans, wanted = ${label} }\nscoring other_one { source = loans, wanted = ${label}, trees = 4 }`,
    ],
    [
      "scoring first { source = loans }",
      `scoring first { source = loans, wanted = nothing }`,
      `scoring first { source = scorer, wanted = ${label} }`,
      `scoring first { source = loans, wanted = ${label}, trees = 99 }`,
      `scoring first { source = loans, wanted = ${label}, trees = "2" }`,
      `scoring first { source = loans.train, wanted = ${label} }`,
      `scoring first { source = other, wanted = ${label} }`,
      `scoring first { source = loans, wanted = id }`,
      `scoring scorer { source = loans, wanted = ${label} }`,
      `scoring: small first { source = loans, wanted = ${label} }`,
    ],
  );
  return `template scoring {
  param source: dataset
  param wanted: column
  param trees: int = 3 { min = 1, max = 9 }
${odd}
  model inner: random_forest {
    data = ${part("train")}
    target = wanted
    trees = trees
    depth = 3
  }

  evaluation judged {
    model = inner
    data = ${part("test")}
    metrics = [${metric}]
    resamples = 0
    plots = false
  }
}

${uses}

gate of_template {
  require first.judged.${choose.odd([metric], ["accuracy", "rmse"])} >= -1e9
}

release by_template {
  model = ${choose.odd(["first.inner"], ["first", "scoring.inner", "first.nothing"])}
  gate = of_template
}
`;
}

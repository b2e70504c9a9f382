/** Whole random specs over the vocabulary, with data that fits them. */
import type fc from "fast-check";
import { type Choices, choicesOf } from "./choices.ts";
import { makeTests } from "./claims.ts";
import { POOL, type PoolColumn, spelt } from "./columns.ts";
import { type Made, makeDataset, someColumns } from "./datasets.ts";
import { makeStep } from "./programs.ts";
import { makeQuery } from "./queries.ts";
import { makeEnvironment, makeGenerics, makeImports, makeParameters, makeTemplate } from "./reuse.ts";
import { type Judged, makeEvaluation, makeFeatures, makeModel, type Rows } from "./stages.ts";

export interface Spec {
  readonly text: string;
  /** Other spec files, by path. */
  readonly specs: Readonly<Record<string, string>>;
  /** The environment that is chosen. */
  readonly environment: string | null;
  /** The files that it reads, by name; made when asked for, so that a failure does not show them. */
  readonly files: () => Readonly<Record<string, string>>;
}

/** Specs with odd choices here and there, some with none. */
export const specs: fc.Arbitrary<Spec> = choicesOf([0, 60, 25, 10]).map(makeSpec);
/** Specs in which nothing is odd: all of them are right. */
export const plainSpecs: fc.Arbitrary<Spec> = choicesOf([0]).map(makeSpec);

function makeSpec(choose: Choices): Spec {
  const loans = makeDataset(choose, "loans", someColumns(choose));
  const other = makeDataset(choose, "other", choose.odd([loans.columns], [someColumns(choose)]));
  const waiting = makeWaiting(choose, loans.columns);
  const features = makeFeatures(choose, "applicant", loans);
  const again = makeFeatures(choose, "variant", loans);
  const bare = (made: Made): Rows => ({ ...made, derived: [] });
  const all = [features, again, bare(loans), bare(other)];
  const used = choose.pick([features, bare(loans)]);
  const parameters = makeParameters(choose);
  const models = [
    makeModel(choose, "scorer", used, all).replace("  trees = 3\n", `  trees = ${parameters.trees}\n`),
    ...(choose.chance(3) ? [makeModel(choose, "rival", choose.odd([used], all), all)] : []),
  ];
  const model = () => choose.odd(["scorer"], models.length > 1 ? ["rival"] : []);
  const scored = makeEvaluation(choose, "scored", model(), used, all);
  const second = choose.chance(3) ? makeEvaluation(choose, "checked", model(), used, all) : null;
  const judged = second === null ? [scored] : [scored, second];
  const gate = makeGate(choose, judged);
  const release = choose.odd(
    [`release approval {\n  model = scorer\n  gate = ready\n}\n`],
    [
      `release approval {\n  name = "x y/z"\n  model = scorer\n  gate = ready\n}\n`,
      `release approval {\n  name = ""\n  model = scorer\n  gate = ready\n}\n`,
      `release approval {\n  model = scorer\n  gate = ready\n}\nrelease twin {\n  model = scorer\n  gate = ready\n}\n`,
      "",
    ],
  );
  const imported = makeImports(choose, [loans, other]);
  const served = release === "" ? "" : deployments(choose);
  const environment = makeEnvironment(choose, { parameters: parameters.text, deployed: served !== "" });
  const parts = [
    imported.text,
    parameters.text,
    waiting.text,
    makeQuery(choose, loans),
    features.text,
    again.text,
    ...models,
    scored.text,
    second?.text ?? "",
    gate,
    release,
    ...(release === "" ? [] : [served, makeBatch(choose, waiting)]),
    makeGenerics(choose, scored),
    makeTemplate(choose, loans, scored),
    makeStep(choose, loans),
    makeTests(choose, { loans, features, used, judged: scored, gate }),
    environment.text,
  ];
  const made = [loans, other, waiting];
  return {
    specs: imported.specs,
    environment: environment.chosen,
    text: `mlops 1\n\nsecret TOKEN\n\n${parts.filter((part) => part !== "").join("\n")}`,
    files: () =>
      Object.fromEntries(made.flatMap(({ file }) => (file === null ? [] : [[file.name, file.text]]))),
  };
}

/** What a batch predicts: the columns of the model's data, now and then one less or of another type. */
function makeWaiting(choose: Choices, columns: readonly PoolColumn[]): Made {
  const unlabelled = columns.filter((column) => column.rest?.includes("label") !== true);
  const kept = unlabelled.filter(() => choose.odd([true], [false]));
  const income = POOL.find((column) => column.name === "income")!;
  const changed = kept.map((column) =>
    choose.odd<PoolColumn>(
      [column],
      [
        { name: column.name, type: "string", rest: "nullable", cell: column.cell },
        { name: column.name, type: "float", cell: income.cell },
      ],
    ),
  );
  return makeDataset({ ...choose, chance: () => false }, "waiting", changed);
}

function makeGate(choose: Choices, judged: readonly Judged[]): string {
  const rule = (): string => {
    const one = choose.pick(judged);
    const metric = choose.odd(
      one.metrics.filter((name) => name !== "confusion").length > 0
        ? one.metrics.filter((name) => name !== "confusion")
        : ["accuracy"],
      ["accuracy", "rmse", "cost", "confusion"],
    );
    const own = `${one.name}.${metric}`;
    const baseline = choose.odd(one.task === "number" ? ["mean"] : ["majority", "one_rule"], [
      "majority",
      "mean",
      "one_rule",
    ]);
    const bound = choose.odd(
      one.task === "number" ? [">= 0", "<= 1e9", ">= 1"] : [">= 0", "<= 1", ">= 50%"],
      [">= 90", "<= -5", ">= -5", "== true", "> null", ">= 200%", "< 0"],
    );
    // A rule by a slice reads evaluations that have it.
    const other = one.slices.length > 0 ? one : choose.pick(judged);
    const condition = choose.pick<() => string>([
      () => `${own} ${bound}`,
      () =>
        `${own} ${choose.pick([">", "<="])} baseline(${baseline}).${choose.odd([metric], ["accuracy", "rmse", "log_loss", "cost"])}`,
      () =>
        `${own} >= champion.${choose.odd([metric], ["accuracy", "rmse", "cost"])} - ${choose.odd(["0.01"], ["1%"])}`,
      () => `${own} >= 0 or ${other.name}.${other.metrics[0]!.replace("confusion", "accuracy")} <= 1`,
      () => `max(${own}, 0) >= min(${own}, 0)`,
      () => `not (${own} < -1e9)`,
      () =>
        choose.odd(
          [`abs(${own}) >= 0`],
          [
            "1 < 2",
            "true",
            `(if ${own} > 0 then ${own} else 1) > 0`,
            `(${own} > 0) == (${own} > 1)`,
            `champion.${metric} > 0`,
            `baseline(${baseline}).${metric} > 0`,
            `${own} in [1, 2]`,
            `${own} in 0..1`,
            `${own} / 0 > 1`,
          ],
        ),
    ])();
    const by =
      one.slices.length > 0 && choose.chance(4)
        ? ` by ${spelt(choose.odd(one.slices, ["area", "flag", "income"]))}`
        : choose.odd([""], [" by area"]);
    const sure = choose.chance(5) ? ` with confidence(${choose.odd(["95%"], ["0%", "100%"])})` : "";
    const optional = choose.chance(3) ? " as optional" : "";
    return `  require ${condition}${by}${sure}${optional}`;
  };
  const first = `  require ${judged[0]!.name}.${judged[0]!.metrics.find((name) => name !== "confusion") ?? "accuracy"} >= -1e9`;
  const more = [0, 1, 2].filter(() => choose.chance(2)).map(rule);
  return `gate ready {\n${choose.odd([first], [rule()])}\n${more.map((line) => `${line}\n`).join("")}}\n`;
}

const PATHS = ["/predict", "/v1/loans", "/a-b.c"];
const ODD_PATHS = [
  "predict",
  "/health",
  "/v2",
  "/v2/models",
  "/docs",
  "/metrics",
  "/invocations",
  "/deployments/x",
  "/",
  "/a/",
  "//a",
  "/a b",
  "/:id",
  "/*",
  "/ping",
  "/openapi.json",
  "/PREDICT",
  "",
  "/é",
];

function deployments(choose: Choices): string {
  const one = (name: string, paths: readonly string[]): string => {
    const settings = choose.some(
      [
        "token = TOKEN",
        "rate_limit = 5",
        "drain = 1s",
        "missing = refuse",
        "body_limit = 1KB",
        "batch_limit = 5",
      ],
      5,
    );
    const odd = choose.odd(
      [""],
      [
        "body_limit = 0B",
        "body_limit = 0.5B",
        "body_limit = 100TB",
        "drain = 0s",
        'host = ""',
        "port = 0",
        'name = ""',
        'name = "a/b c"',
        'name = "ä"',
        "port = 65535",
      ],
    );
    const alias = choose.odd(["champion"], [""]);
    const lines = [
      ...new Map(
        [...settings, odd].filter((line) => line !== "").map((line) => [line.split(" ")[0], line]),
      ).values(),
    ];
    return `deployment ${name} {
  release = approval${alias === "" ? "" : `.${alias}`}
  path = "${choose.odd(paths, [...ODD_PATHS, ...PATHS])}"
${lines.map((line) => `  ${line}\n`).join("")}}
`;
  };
  return [one("api", PATHS.slice(0, 2)), ...(choose.chance(3) ? [one("second", PATHS.slice(2))] : [])].join(
    "\n",
  );
}

function makeBatch(choose: Choices, waiting: Made): string {
  if (choose.chance(4)) return "";
  const names = waiting.columns.map((column) => column.name);
  const open = waiting.columns.filter((column) => column.rest !== "redacted").map((column) => column.name);
  const include =
    choose.chance(2) && open.length > 0
      ? `  include = [${choose
          .some(choose.odd([open], [names]), 2)
          .map(spelt)
          .join(", ")}]\n`
      : "";
  const input =
    waiting.parts.length > 0 && choose.chance(3) ? `waiting.${choose.pick(waiting.parts)}` : "waiting";
  const ties = choose.chance(3) && names.length > 0 ? `  ties = ${spelt(choose.pick(names))}\n` : "";
  const output = choose.odd(
    ["out/call.csv", "call.parquet"],
    [
      ".csv",
      "out/.parquet",
      "call.CSV",
      "call.json",
      "./out/../call.csv",
      waiting.file?.name ?? "x.csv",
      `./${waiting.file?.name}`,
    ],
  );
  return `batch call {
  release = approval.${"champion"}
  input = ${input}
  output = "${output}"
${choose.chance(2) ? `  top = ${choose.odd(["10%"], ["0%", "100%"])}\n` : ""}${ties}${include}}
`;
}

/** Pages of the words inside declarations: functions, metrics, units, column types and constraints. */
import { CONSTRAINTS } from "../../language/vocabulary/constraints.ts";
import type { FunctionSpec, Vocabulary } from "../../language/vocabulary/kind.ts";
import { fieldsOf } from "../../language/vocabulary/schema.ts";
import { COLUMN_TYPES } from "../../language/vocabulary/types.ts";
import { typeOf } from "./attributes.ts";
import { code, GENERATED, page, table } from "./markdown.ts";

const SCOPES: readonly (readonly [FunctionSpec["scope"], string, string])[] = [
  [
    "row",
    "Of one row",
    "In `derive` and in conditions on every row. A missing argument gives a missing result unless said otherwise.",
  ],
  ["table", "Of all rows", "In `expect`. Missing values are left out unless said otherwise."],
  ["metrics", "Of metrics", "In a gate's `require`."],
];

export function functionsPage({ functions }: Vocabulary): string {
  return page(
    "# Functions",
    GENERATED,
    "What may be called in an expression. Where it stands decides which are known.",
    ...SCOPES.flatMap(([scope, title, doc]) => [
      `## ${title}`,
      doc,
      table(
        ["Function", "Gives", "What it does", "Example"],
        Object.values(functions)
          .filter((spec) => spec.scope === scope)
          .map((spec) => [code(signature(spec)), spec.result, said(spec), code(spec.example)]),
      ),
    ]),
  );
}

function signature({ name, parameters, variadic }: FunctionSpec): string {
  const all = parameters.map((one) => `${one.name}: ${one.type}${one.optional === true ? "?" : ""}`);
  return `${name}(${[...all, ...(variadic === true ? ["…"] : [])].join(", ")})`;
}

function said({ doc, parameters }: FunctionSpec): string {
  const words = parameters.flatMap(({ words }) =>
    Object.entries(words ?? {}).map(([word, meaning]) => `\`${word}\`: ${meaning}`),
  );
  return [doc, ...words].join(" ");
}

export function metricsPage({ metrics }: Vocabulary): string {
  return page(
    "# Metrics",
    GENERATED,
    "What an [evaluation](kinds/evaluation.md) computes and a [gate](kinds/gate.md) may ask for. Results are kept under the metric's whole spelling: `f1(average = macro)`.",
    table(
      ["Metric", "For", "Better", "Arguments", "What it is"],
      Object.values(metrics).map((spec) => [
        code(spec.name),
        spec.tasks.join(", "),
        spec.better,
        fieldsOf(spec.args)
          .map((field) => `\`${field.name}\`: ${typeOf(field)}`)
          .join("; "),
        `${spec.doc}${spec.scalar === false ? " No single number: a gate cannot ask for it." : ""}`,
      ]),
    ),
    "## Arguments",
    ...Object.values(
      Object.fromEntries(
        Object.values(metrics)
          .flatMap((spec) => fieldsOf(spec.args))
          .map((field) => [field.name, `- \`${field.name}\`: ${field.meaning.doc}${choices(field.meaning)}`]),
      ),
    ),
  );
}

const choices = (meaning: ReturnType<typeof fieldsOf>[number]["meaning"]): string =>
  meaning.is === "choice"
    ? ` ${Object.entries(meaning.values)
        .map(([value, doc]) => `\`${value}\`: ${doc}`)
        .join(" ")}`
    : "";

const UNITS: Readonly<Record<string, string>> = {
  ratio: "a share",
  duration: "seconds",
  size: "bytes",
  money: "of that currency",
};

export function unitsPage({ units }: Vocabulary): string {
  return page(
    "# Units",
    GENERATED,
    "What may follow the digits of a number, without a space. A number without a unit is of the unit in the last column.",
    table(
      ["Unit", "Measures", "Times", "Of"],
      Object.values(units).map(({ suffix, unit, factor }) => [
        code(suffix),
        unit,
        String(factor),
        UNITS[unit] ?? unit,
      ]),
    ),
  );
}

export function columnsPage(): string {
  return page(
    "# Column types and constraints",
    GENERATED,
    "A column of a `schema` is `name: type constraint…`. A name with spaces stands in backticks.",
    "## Types",
    table(
      ["Type", "What it holds"],
      Object.entries(COLUMN_TYPES).map(([name, doc]) => [code(name), doc]),
    ),
    "## Constraints",
    table(
      ["Word", "Followed by", "Fits", "What it says"],
      Object.entries(CONSTRAINTS).map(([name, { takes, fits, doc, role }]) => [
        code(name),
        takes === "nothing" ? "" : takes === "values" ? "a list of values" : `a ${takes}`,
        fits.length === Object.keys(COLUMN_TYPES).length ? "all" : fits.join(", "),
        `${doc}${role === undefined ? "" : " A role: a column has one at most."}`,
      ]),
    ),
  );
}

/** Random `test` blocks. */
import type { Choices } from "./choices.ts";
import { type PoolColumn, spelt } from "./columns.ts";
import type { Made } from "./datasets.ts";
import { expression, knownOf } from "./expressions.ts";
import type { Judged, Rows } from "./stages.ts";

const VALUES: Readonly<Record<PoolColumn["type"], string>> = {
  int: "5",
  float: "12.5",
  boolean: "true",
  category: '"north"',
  string: '"r1"',
  text: '"late payment"',
  date: '"2024-02-01"',
  timestamp: '"2024-02-01T10:00:00Z"',
};
const OWN: Readonly<Record<string, string>> = { approved: '"yes"', level: '"mid"', sort: '"s1"' };
const ODD_VALUES = ["null", '"x"', "-3", "2.5", "true", '"2024-99-01"', "1e400"];

export interface Tested {
  readonly loans: Made;
  /** Declared under the name `applicant`. */
  readonly features: Rows;
  /** What the model `scorer` learns from. */
  readonly used: Rows;
  readonly judged: Judged;
  readonly gate: string;
}

/** What a gate's rules read of evaluations and baselines. */
const readsOf = (gate: string): string[] => [
  ...new Set(gate.match(/\b(?:scored|checked|baseline\(\w+\))\.\w+(?:\([^)]*\))?/g)),
];

export function makeTests(choose: Choices, { loans, features, used, judged, gate }: Tested): string {
  if (!choose.chance(3)) return "";
  const given = () =>
    loans.columns
      .filter(({ rest }) => rest !== "nullable" || choose.chance(2))
      .filter(() => choose.odd([true], [false]))
      .map(
        ({ name, type }) => `    ${spelt(name)} = ${choose.odd([OWN[name] ?? VALUES[type]], ODD_VALUES)}\n`,
      )
      .join("");
  const row = (name: string, cells = "") => `  row ${name} { ${cells} }\n`;
  const rows = () =>
    `  given {\n${given()}  }\n${row("one")}${choose.odd([""], [row("one"), row("two", "nothing = 3")])}`;
  const block = (name: string, subject: string, inner: string) =>
    `test ${name} {\n  subject = ${choose.odd([subject], ["loans", "scorer", "ready", "scored", "applicant"])}\n${inner}}\n`;
  const claim = () =>
    expression(
      choose,
      knownOf(
        loans.columns.filter(
          ({ name, rest }) =>
            /^\w+$/.test(name) && rest !== "ignored" && rest !== "key" && rest?.includes("label") !== true,
        ),
      ).map(({ name, kind }) => ({ name: `one__${name}`, kind })),
      "boolean",
      2,
    ).replaceAll("one__", "one.");
  const answer = () =>
    judged.task === "number"
      ? choose.odd(["one.value > 0"], ["one.label == 1", "one.probability > 0", "one.vlaue > 0"])
      : choose.odd(
          [judged.task === "two" ? "one.probability >= 0" : 'one.label == "mid"'],
          [
            "one.value > 0",
            "one.label > 3",
            'one.probability("nobody") > 0',
            "two.label == one.label",
            "one.label",
          ],
        );
  const groups = used.columns.filter(
    ({ type, rest }) =>
      ["category", "boolean", "string"].includes(type) && rest !== "key" && rest?.includes("label") !== true,
  );
  const anything = loans.columns.map(({ name }) => name);
  const moved = () => {
    const held =
      groups.length === 0
        ? ""
        : `  invariant ${spelt(choose.odd([choose.pick(groups).name], anything))} within 100%\n`;
    const rises = `  ${choose.pick(["rises", "falls"])} with ${spelt(choose.odd(["income"], anything))} by ${choose.odd(["20%"], ["0%", "-10%", "1000%"])} within 100%`;
    const which = judged.task === "more" ? ' for "mid"' : choose.odd([""], [' for "yes"', ' for "nobody"']);
    return `${held}${choose.chance(2) ? `${rises}${which}\n` : ""}${choose.odd([""], ["  rows = 0\n", "  data = applicant\n", "  data = other\n"])}`;
  };
  return choose.pick<() => string>([
    () =>
      block(
        "of_rows",
        "loans",
        `${rows()}  ${choose.pick(["accepts", "rejects"])} ${choose.odd(["one"], ["two", "loans"])}\n`,
      ),
    () => block("of_features", features.name, `${rows()}  expect ${claim()}\n`),
    () => block("of_answers", "scorer", `${rows()}  expect ${answer()}\n`),
    () => block("of_moves", "scorer", moved() || `${rows()}  expect ${answer()}\n`),
    () =>
      block(
        "of_gate",
        "ready",
        `${readsOf(gate)
          .map(
            (read) =>
              `  value ${choose.odd([read], ["scored.rmse", "scored.nothing"])} = ${choose.odd(["0.5"], ["null", '"x"', "200%", "-3"])}${choose.odd([""], [' where area == "north"', " where income > 3", " where nothing == 3"])}\n`,
          )
          .join("")}  expect ${choose.odd(["passed", "refused"], ["insufficient", "past", "1 > 2"])}\n`,
      ),
    () =>
      choose.odd(
        ['test of_plan {\n  snapshot = "spec.plan"\n}\n'],
        [
          'test of_plan {\n  snapshot = ""\n}\n',
          'test of_plan {\n  snapshot = "spec.plan"\n  subject = loans\n}\n',
          "test of_plan {\n}\n",
        ],
      ),
  ])();
}

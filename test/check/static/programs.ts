/** Random steps that run a program of one's own. */
import type { Choices } from "./choices.ts";
import type { Made } from "./datasets.ts";

/** Copies rows to a file, which a dataset reads again. */
export function makeStep(choose: Choices, loans: Made): string {
  if (!choose.chance(4)) return "";
  const run = choose.odd(
    ['["cp", "{raw}", "{rows}"]'],
    [
      '["cp", "{raw}", "{row}"]',
      '["cp", "{rows}", "{rows}"]',
      "[]",
      '["cp"]',
      '"cp"',
      '["cp", "{raw}", "{rows"]',
    ],
  );
  const input = choose.odd(
    ["loans", ...loans.parts.map((part) => `loans.${part}`)],
    ["ready", "loans.nothing", "scored", "approval", "copied", "copied_rows"],
  );
  const output = choose.odd(
    ["rows.csv", "out/rows.csv"],
    ["", "/tmp/rows.csv", "../rows.csv", "out/../../rows.csv", "C:\\\\rows.csv", ".", "out/", "a/./b.csv"],
  );
  const more = choose.odd(
    [
      "",
      '  environment { MODE = "fast" }\n',
      "  timeout = 1m\n",
      "  secrets { KEY = TOKEN }\n",
      "  rows_as = csv\n",
    ],
    [
      '  environment { MODE = "{nothing}" }\n',
      '  environment { `A=B` = "x" }\n',
      '  environment { `` = "x" }\n',
      '  inherit = ["A=B"]\n',
      '  inherit = [""]\n',
      "  timeout = 0s\n",
      "  timeout = 400d\n",
      '  secrets { KEY = "text" }\n',
      '  secrets { KEY = TOKEN }\n  environment { KEY = "x" }\n',
      '  secrets { PATH = TOKEN }\n  inherit = ["PATH"]\n',
      '  program = [""]\n',
      '  program = ["../*.py"]\n',
      '  program = ["/etc/*"]\n',
    ],
  );
  const twice = choose.odd(
    [""],
    [', more = "rows.csv"', ', raw = "raw.csv"', ', more = "out"', ', more = "rows.csv/x"'],
  );
  const columns = loans.columns
    .filter(({ name }) => name === "income" || name === "id")
    .map(({ name, type }) => `    ${name}: ${type}\n`);
  // A file that is not there is no mistake of the spec: only names are odd here.
  const read = choose.odd(["copied.rows"], ["copied", "copied.nothing"]);
  return `step copied: command {
  run = ${run}
  inputs { raw = ${input} }
  outputs { rows = "${output}"${twice} }
${more}}

dataset copied_rows: csv {
  path = ${read}
  schema {
${columns.join("")}  }
}
`;
}

/** `mlops diff [A [B]] [SPEC]`: what a change of a spec means. */
import { diffPrograms } from "../../language/diff/diff.ts";
import { noteRules } from "../../stdlib/changes/notes.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { type CommandModule, EXIT, type ExitCode, type Invocation } from "../command.ts";
import { compileSide } from "../diff/compile.ts";
import { stepsOf } from "../diff/cost.ts";
import { diffJson } from "../diff/json.ts";
import { diffMarkdown } from "../diff/markdown.ts";
import { DiffProblem } from "../diff/problem.ts";
import type { Report } from "../diff/report.ts";
import { sidesOf } from "../diff/sides.ts";
import { diffText } from "../diff/text.ts";
import { diagnosticOf, refuse, withStore } from "../finding.ts";
import { parseSet, shown } from "../load.ts";
import { settings, withSettings } from "../options.ts";

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument(
        "[what...]",
        "two specs; or one or two revisions, and the spec: `main`, `HEAD~2 HEAD loan.mlops`",
      )
      .option("--spec <path>", "the spec, where its name does not end in .mlops")
      .option("--markdown", "as a comment on a pull request")
      .option("--exit-code", "end with 2 when the meaning differs")
      .addHelpText(
        "after",
        [
          "",
          "With one revision it is compared with the working tree, with none HEAD is. `A...B` starts where the two parted.",
          "",
          "Examples:",
          "  mlops diff main",
          "  mlops diff HEAD~2 HEAD loan.mlops",
          "  mlops diff old.mlops new.mlops",
          "  mlops diff main...HEAD --markdown",
        ].join("\n"),
      );
  },
  async run(invocation, words, options) {
    try {
      return await withStore(invocation, () => compare(invocation, words, options));
    } catch (error) {
      if (!(error instanceof DiffProblem)) throw error;
      return say(invocation, error);
    }
  },
};

async function compare(
  invocation: Invocation,
  words: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const { terminal, cwd, json } = invocation;
  const { set: given, environment } = settings(options);
  const set = parseSet(given);
  if (set === null) {
    const value = given.find((word) => word.indexOf("=") <= 0) ?? "";
    throw new DiffProblem("ML8011", { option: "--set", expected: "name=value", value });
  }
  const spec = options["spec"];
  const sides = sidesOf(cwd, words, typeof spec === "string" ? spec : undefined);
  const before = compileSide(invocation, sides.before, { set, environment });
  const after = compileSide(invocation, sides.after, { set, environment });
  const diff = diffPrograms(before.program, after.program, vocabulary, noteRules);
  const report: Report = {
    diff,
    sides,
    spec: shown(cwd, sides.after.spec),
    steps: await stepsOf(diff, sides),
    identical: equalTexts(before.texts, after.texts),
  };
  if (json) terminal.out(JSON.stringify(diffJson(report), null, 2));
  else terminal.out(options["markdown"] === true ? diffMarkdown(report) : diffText(report, terminal.color));
  return options["exitCode"] === true && !diff.same ? EXIT.refused : EXIT.done;
}

/** Two files are compared under their two names; of one, and of all that it imports, every text must be equal. */
function equalTexts(
  before: ReadonlyMap<string, string | null>,
  after: ReadonlyMap<string, string | null>,
): boolean {
  const [old, now] = [[...before.values()], [...after.values()]];
  return old.length === now.length && old.every((text, index) => text === now[index]);
}

function say(invocation: Invocation, { code, values, exit, diagnostics }: DiffProblem): ExitCode {
  if (invocation.json && diagnostics.length > 0) {
    const all = [...diagnostics, diagnosticOf(code, values)];
    invocation.terminal.out(JSON.stringify({ diagnostics: all }));
  } else refuse(invocation, code, values);
  return exit;
}

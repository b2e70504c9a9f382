/** `mlops export FORMAT SPEC WHAT --to PLACE`: what a spec makes, as files that others read. */
import { type CommandModule, EXIT, type ExitCode, type Invocation } from "../command.ts";
import { refuse } from "../finding.ts";
import { withSettings } from "../options.ts";

/** One file of `cli/export/` exports one of these as `format`. */
export interface ExportFormat {
  run(
    invocation: Invocation,
    wanted: { readonly spec: string; readonly what: string; readonly to: string },
    options: Readonly<Record<string, unknown>>,
  ): Promise<ExitCode>;
}

const FORMATS: Readonly<Record<string, () => Promise<{ readonly format: ExportFormat }>>> = {
  jsonl: () => import("../export/jsonl.ts"),
  huggingface: () => import("../export/huggingface.ts"),
};

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<format>", Object.keys(FORMATS).join(" or "))
      .argument("<spec>", "the .mlops file")
      .argument("<what>", "jsonl: a dataset or a part of it (`qa.train`); huggingface: a language model")
      .requiredOption("--to <path>", "where to; in a jsonl file's name, {version} is the version's number")
      .option("--prompt <name>", "jsonl: the prompt that the rows are put in")
      .option("--completion <column>", "jsonl: the column that should follow the prompt")
      .addHelpText(
        "after",
        "\nSteps that it needs are reused, or carried out first. A jsonl file is written once for the same bytes, with" +
          " its SHA-256 beside it.\n\nExamples:\n  mlops export jsonl gpt.mlops qa.train --prompt ask --completion output" +
          " --to 'data/qa-{version}.jsonl'\n  mlops export huggingface gpt.mlops base --to exported/gpt",
      );
  },
  async run(invocation, [name = "", spec = "", what = ""], options) {
    const load = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
    if (load === undefined) {
      const expected = `a format it knows: ${Object.keys(FORMATS).join(", ")}`;
      refuse(invocation, "ML8011", { option: "export", expected, value: name });
      return EXIT.wrong;
    }
    const { format } = await load();
    return format.run(invocation, { spec, what, to: String(options["to"]) }, options);
  },
};

/** `mlops graph SPEC`: the pipeline as text, as a Mermaid flowchart or as a picture. */
import { writeFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { nearest } from "../../language/check/suggest.ts";
import { graphMermaid } from "../../language/graph/mermaid.ts";
import { graphSvg } from "../../language/graph/svg.ts";
import { graphJson, graphText } from "../../language/graph/text.ts";
import { focused, viewOf } from "../../language/graph/view.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { type CommandModule, EXIT, type Invocation, type Loaded } from "../command.ts";
import { refuse } from "../finding.ts";
import { settings, withSettings } from "../options.ts";

const FORMATS = ["text", "mermaid", "svg"] as const;
type Format = (typeof FORMATS)[number];

/** What a file's ending says. */
const ENDINGS: Readonly<Record<string, Format>> = {
  ".txt": "text",
  ".mmd": "mermaid",
  ".mermaid": "mermaid",
  ".svg": "svg",
};

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<spec>", "the spec to draw")
      .option("--format <format>", `one of ${FORMATS.join(", ")}; text when no file says otherwise`)
      .option("--output <file>", "write it to a file: .svg, .mmd or .txt says the format")
      .option("--focus <name>", "only what this declaration needs, and what needs it")
      .addHelpText(
        "after",
        "\nExamples:\n  mlops graph pipeline.mlops\n  mlops graph pipeline.mlops --output pipeline.svg\n  mlops graph pipeline.mlops --focus scorer --format mermaid",
      );
  },
  async run(invocation, [spec], options) {
    const { terminal, json, cwd, load } = invocation;
    const output = options["output"] === undefined ? null : String(options["output"]);
    const format = formatOf(invocation, options["format"], output);
    if (format === null) return EXIT.wrong;
    const loaded = await load(spec!, settings(options));
    if (loaded === null) return EXIT.wrong;
    const drawn =
      options["focus"] === undefined ? loaded.program : focus(invocation, loaded, String(options["focus"]));
    if (drawn === null) return EXIT.wrong;
    const text = json
      ? `${JSON.stringify(graphJson(drawn), null, 2)}\n`
      : picture(drawn, format, loaded.program.spec);
    if (output === null) {
      terminal.out(text);
      return EXIT.done;
    }
    try {
      writeFileSync(resolve(cwd, output), text);
    } catch (error) {
      refuse(invocation, "ML8005", {
        place: output,
        reason: error instanceof Error ? error.message : String(error),
      });
      return EXIT.outside;
    }
    if (!json) terminal.err(`wrote ${output}`);
    return EXIT.done;
  },
};

function picture(program: Pick<Program, "declarations">, format: Format, title: string): string {
  if (format === "text") return `${graphText(program)}\n`;
  const view = viewOf(program, vocabulary);
  return format === "svg" ? graphSvg(view, title) : `${graphMermaid(view)}\n`;
}

/** Null, and said, when there is no such format or the file's ending says none. */
function formatOf(invocation: Invocation, option: unknown, output: string | null): Format | null {
  const found = FORMATS.find((known) => known === option);
  if (found !== undefined) return found;
  if (option !== undefined) {
    const expected = `one of ${FORMATS.join(", ")}`;
    refuse(invocation, "ML8011", { option: "--format", expected, value: String(option) });
    return null;
  }
  if (output === null || invocation.json) return "text";
  const ending = ENDINGS[extname(output).toLowerCase()];
  if (ending !== undefined) return ending;
  const expected = `a file that ends in ${Object.keys(ENDINGS).join(", ")}, or say the --format`;
  refuse(invocation, "ML8011", { option: "--output", expected, value: output });
  return null;
}

/** The part around a declaration, named `scorer` or `model.scorer`; null, and said, when there is none. */
function focus(
  invocation: Invocation,
  { program }: Loaded,
  name: string,
): Pick<Program, "declarations"> | null {
  const fits = (one: Declaration) => one.id === name || one.name === name;
  const found = program.declarations.find(fits);
  if (found !== undefined) return focused(program, found);
  const near = nearest(
    name,
    program.declarations.flatMap((one) => [one.name, one.id]),
  );
  refuse(invocation, "ML8012", { name, known: near === null ? "" : `; did you mean \`${near}\`?` });
  return null;
}

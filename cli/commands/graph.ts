/** `mlops graph`: the pipeline as text or as a Mermaid flowchart. */
import { type CommandModule, EXIT } from "../command.ts";
import { graphJson, graphMermaid, graphText } from "../graph-text.ts";
import { settings, withSettings } from "../options.ts";

const FORMATS = ["text", "mermaid"] as const;

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<spec>", "the spec to draw")
      .option("--format <format>", `one of ${FORMATS.join(", ")}`, "text")
      .addHelpText(
        "after",
        "\nExamples:\n  mlops graph pipeline.mlops\n  mlops graph pipeline.mlops --format mermaid",
      );
  },
  async run({ terminal, json, load }, [spec], options) {
    const format = String(options["format"]);
    if (!FORMATS.some((known) => known === format)) {
      terminal.err(`Choose a format that exists: \`${format}\` is not among ${FORMATS.join(", ")}.`);
      return EXIT.wrong;
    }
    const loaded = await load(spec!, settings(options));
    if (loaded === null) return EXIT.wrong;
    if (json) terminal.out(JSON.stringify(graphJson(loaded.program), null, 2));
    else terminal.out(format === "mermaid" ? graphMermaid(loaded.program) : graphText(loaded.program));
    return EXIT.done;
  },
};

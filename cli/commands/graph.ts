/** `mlops graph`: the pipeline as text or as a Mermaid flowchart. */
import { type CommandModule, EXIT } from "../command.ts";
import { graphJson, graphMermaid, graphText } from "../graph-text.ts";

const FORMATS = ["text", "mermaid"] as const;

export const command: CommandModule = {
  define(command) {
    command
      .argument("<spec>", "the spec to draw")
      .option("--format <format>", `one of ${FORMATS.join(", ")}`, "text")
      .option("--set <name=value...>", "give a parameter a value")
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
    const loaded = await load(spec!, (options["set"] as readonly string[] | undefined) ?? []); // as defined above
    if (loaded === null) return EXIT.wrong;
    if (json) terminal.out(JSON.stringify(graphJson(loaded.program), null, 2));
    else terminal.out(format === "mermaid" ? graphMermaid(loaded.program) : graphText(loaded.program));
    return EXIT.done;
  },
};

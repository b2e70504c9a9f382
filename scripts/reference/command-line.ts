/** The page of the command line, from commander's own definitions. */
import { Command } from "commander";
import { COMMANDS } from "../../cli/commands.ts";
import { fence, page } from "./markdown.ts";

export async function commandLinePage(): Promise<string> {
  const sections: string[] = [];
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    const command = new Command(`mlops ${name}`).description(summary).helpOption("-h, --help", "show this");
    (await load()).command.define(command);
    command.option("--json", "one JSON document on standard output").option("--no-color", "no colours");
    sections.push(`## mlops ${name}`, `${summary}.`, fence("text", helpOf(command)));
    for (const sub of command.commands) sections.push(fence("text", helpOf(sub)));
  }
  return page(
    "# The command line",
    "<!-- Written by `npm run reference` from the commands' own definitions. -->",
    "Exit codes: 0 done · 1 the spec or the input is wrong · 2 a gate, an expectation or a test said no · 3 something outside failed · 130 interrupted. With `--json` a command writes one JSON document to standard output and nothing else.",
    ...sections,
  );
}

/** All that `--help` prints, at a width that does not depend on the terminal. */
function helpOf(command: Command): string {
  let text = "";
  command.configureHelp({ helpWidth: 100 });
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text
    .split("\n")
    .filter((line) => !line.includes("-h, --help"))
    .join("\n");
}

/** `mlops explain CODE`: the page of a diagnostic, in the terminal. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../../language/check/suggest.ts";
import { catalogue, pageOf } from "../../language/diagnostics/catalogue.ts";
import { type CommandModule, EXIT } from "../command.ts";
import { packageRoot } from "../package-root.ts";

export const command: CommandModule = {
  define(command) {
    command
      .argument("[code]", "a diagnostic's code, such as ML2005; all codes when not given")
      .addHelpText("after", "\nExample:\n  mlops explain ML2005");
  },
  async run({ terminal, json }, args) {
    const [given] = args;
    if (given === undefined) {
      const codes = Object.entries(catalogue).sort(([a], [b]) => (a < b ? -1 : 1));
      if (json) terminal.out(JSON.stringify(Object.fromEntries(codes), null, 2));
      else
        terminal.out(
          codes.map(([code, entry]) => `${code}  ${entry.severity.padEnd(7)}  ${entry.message}`).join("\n"),
        );
      return EXIT.done;
    }
    const code = given.toUpperCase();
    const entry = catalogue[code];
    if (entry === undefined) {
      const near = nearest(code, Object.keys(catalogue));
      terminal.err(
        `No diagnostic has the code ${given}${near === null ? "" : `; did you mean ${near}?`} \`mlops explain\` lists them.`,
      );
      return EXIT.wrong;
    }
    const path = join(packageRoot(), pageOf(code));
    const page = existsSync(path)
      ? readFileSync(path, "utf8")
      : `# ${code}\n\n${entry.message}\n\n${entry.help ?? ""}\n`;
    if (json) terminal.out(JSON.stringify({ code, ...entry, page }, null, 2));
    else terminal.out(terminal.color ? coloured(page) : plain(page));
    return EXIT.done;
  },
};

/** Markdown as plain text: fences become indents, the rest reads as it is. */
function plain(page: string): string {
  return lines(
    page,
    (line) => line.replace(/^#+ /, ""),
    (line) => `    ${line}`,
  );
}

function coloured(page: string): string {
  const heading = (line: string) =>
    line.replace(/^#+ (.*)$/, "\u001b[1m$1\u001b[0m").replace(/`([^`]+)`/g, "\u001b[36m$1\u001b[0m");
  return lines(page, heading, (line) => `    \u001b[2m${line}\u001b[0m`);
}

function lines(page: string, text: (line: string) => string, code: (line: string) => string): string {
  let inside = false;
  const out: string[] = [];
  for (const line of page.trimEnd().split("\n")) {
    if (line.startsWith("```")) inside = !inside;
    else out.push(inside ? code(line) : text(line));
  }
  return out.join("\n");
}

/** `mlops explain CODE`: the page of a diagnostic, in the terminal; without a code, all of them by family. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { catalogue, entryOf, pageOf } from "../../language/diagnostics/catalogue.ts";
import { editDistance } from "../../language/diagnostics/edit-distance.ts";
import { byFamily } from "../../language/diagnostics/families.ts";
import { type CommandModule, EXIT } from "../command.ts";
import { packageRoot } from "../package-root.ts";

export const command: CommandModule = {
  define(command) {
    command
      .argument(
        "[code]",
        "a diagnostic's code, such as ML2005, or a word of its message; all codes when not given",
      )
      .addHelpText("after", "\nExamples:\n  mlops explain ML2005\n  mlops explain split");
  },
  async run({ terminal, json }, args) {
    const [given] = args;
    if (given === undefined) {
      if (json) {
        const codes = Object.entries(catalogue).sort(([a], [b]) => (a < b ? -1 : 1));
        terminal.out(JSON.stringify(Object.fromEntries(codes), null, 2));
      } else terminal.out(listOf(Object.keys(catalogue), terminal.color));
      return EXIT.done;
    }
    const code = given.toUpperCase();
    const entry = catalogue[code];
    if (entry === undefined) {
      const near = likely(given);
      terminal.err(
        near.length === 0
          ? `No diagnostic has the code ${given}. \`mlops explain\` lists them.`
          : `No diagnostic has the code ${given}; did you mean ${near.length === 1 ? `${near[0]}?` : "one of these?"}\n${listOf(near, terminal.color)}`,
      );
      return EXIT.wrong;
    }
    const page = pageText(code) ?? `# ${code}\n\n${entry.message}\n\n${entry.help ?? ""}\n`;
    if (json) terminal.out(JSON.stringify({ code, ...entry, page }, null, 2));
    else terminal.out(terminal.color ? coloured(page) : plain(page));
    return EXIT.done;
  },
};

function pageText(code: string): string | null {
  const path = join(packageRoot(), pageOf(code));
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/** By family, a line each. */
function listOf(codes: readonly string[], color: boolean): string {
  const strong = (text: string) => (color ? `\u001b[1m${text}\u001b[0m` : text);
  return byFamily(codes)
    .map(({ family, codes: own }) => {
      const lines = own.map((code) => {
        const { severity, message } = entryOf(code);
        return `  ${code}  ${severity.padEnd(7)}  ${message}`;
      });
      return [strong(family.title), ...lines].join("\n");
    })
    .join("\n\n");
}

/** As many as fit under a question. */
const MOST_LIKELY = 8;

/** Codes that one slip makes of what was typed, or those whose messages or pages hold the word. */
function likely(given: string): string[] {
  const codes = Object.keys(catalogue).sort();
  const word = given.toLowerCase();
  if (!/\d/.test(word)) {
    const holds = (code: string) =>
      `${entryOf(code).message} ${pageText(code) ?? ""}`.toLowerCase().includes(word);
    return codes.filter(holds).slice(0, MOST_LIKELY);
  }
  const wanted = /^\d+$/.test(word) ? `ML${word}` : given.toUpperCase();
  const distances = codes.map((code) => ({ code, distance: editDistance(wanted, code) }));
  const least = Math.min(...distances.map(({ distance }) => distance));
  if (least > 2) return [];
  return distances
    .filter(({ distance }) => distance === least)
    .map(({ code }) => code)
    .slice(0, MOST_LIKELY);
}

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

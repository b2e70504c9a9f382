/** The little Markdown that reference pages are written with. */

/** Text inside a table's cell. */
export const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

export const code = (text: string): string => `\`${text}\``;

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(heads), `|${heads.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

export const fence = (language: string, text: string): string =>
  `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** Paragraphs, tables and blocks with a line between them, and one line break at the end. */
export const page = (...parts: readonly (string | null)[]): string =>
  `${parts.filter((part) => part !== null && part !== "").join("\n\n")}\n`;

/** Who wrote the page, for those who would edit it. */
export const GENERATED = "<!-- Written by `npm run reference` from stdlib/. -->";

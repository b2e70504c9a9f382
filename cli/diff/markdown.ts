/** A comparison as a comment on a pull request: what matters first, the rest folded. */
import type { Change, DeclarationDiff, ProgramDiff } from "../../language/diff/model.ts";
import { nameOf, spoken } from "../../language/ir/order.ts";
import { diffMermaid } from "./mermaid.ts";
import { alike, because, between, fate, type Report, summary, title } from "./report.ts";
import { valueText } from "./text.ts";

export function diffMarkdown(report: Report): string {
  const { diff, sides, spec } = report;
  const parts = [`### ${escaped(spec)}: ${escaped(between(sides))}`, escaped(summary(report))];
  for (const [level, heading] of [
    ["breaking", "**Breaking**"],
    ["caution", "**Mind**"],
  ] as const) {
    const notes = diff.notes.filter((note) => note.level === level);
    if (notes.length > 0)
      parts.push([`${heading}`, "", ...notes.map(({ message }) => `- ${escaped(message)}`)].join("\n"));
  }
  if (diff.ask.length > 0) parts.push(`Ask ${diff.ask.map(escaped).join(", ")}.`);
  if (diff.retry.length > 0)
    parts.push(`Try ${diff.retry.map((id) => inCode(nameOf(id))).join(", ")}: \`mlops test ${spec}\`.`);
  if (diff.declarations.length + diff.environments.length + diff.tests.length > 0)
    parts.push(folded("What changed", whatChanged(diff), !diff.same));
  const outside = surroundings(diff);
  if (outside.length > 0) parts.push(folded("Parameters, environment, owners", outside.join("\n"), false));
  if (diff.reruns.length > 0) parts.push(folded("What runs again, and why", rerunTable(report), false));
  if (diff.reached.length > 0) parts.push(folded("What it reaches", reachedPart(diff), false));
  return parts.join("\n\n");
}

function folded(heading: string, body: string, open: boolean): string {
  return `<details${open ? " open" : ""}>\n<summary>${heading}</summary>\n\n${body}\n\n</details>`;
}

function whatChanged(diff: ProgramDiff): string {
  const all = [...diff.declarations, ...diff.environments, ...diff.tests];
  const listed = all.filter(({ changes }) => changes.length > 0);
  const renamed = all.filter(({ status }) => status === "renamed");
  const tables = alike(listed).map((group) => {
    const [one] = group as readonly [DeclarationDiff];
    const rows = one.changes
      .filter(({ lines }) => lines.length === 0)
      .map((change) => changeRow(change, one));
    const texts = one.changes.filter(({ lines }) => lines.length > 0).map(textDiff);
    const head = `**${escaped(title(group))}** ${one.status}`;
    const cells = rows.length === 0 ? [] : [tableOf(["", "before", "after", ""], rows)];
    return [head, ...cells, ...texts].join("\n\n");
  });
  const names = renamed.map((one) => `- ${escaped(title([one]))}: the same meaning`);
  return [...tables, ...(names.length === 0 ? [] : [`**Renamed**\n\n${names.join("\n")}`])].join("\n\n");
}

function changeRow(change: Change, { status }: DeclarationDiff): string[] {
  const { path, direction, added, removed, before, after } = change;
  const code = (text: string) => (text === "" ? "" : inCode(text));
  if (added.length + removed.length > 0) return [code(path), list(removed), list(added), ""];
  if (status === "added") return [code(path), "", code(after ?? ""), ""];
  if (status === "removed") return [code(path), code(before ?? ""), "", ""];
  const way = direction === null ? "" : direction === "same" ? "asks the same" : `**${direction}**`;
  const side = (which: "before" | "after") => (change[which] === null ? "" : code(valueText(change, which)));
  return [code(path), side("before"), side("after"), way];
}

const list = (items: readonly string[]): string => items.map(inCode).join(" ");

function textDiff({ path, lines }: Change): string {
  // A fence longer than any in the text.
  const longest = Math.max(2, ...lines.map((line) => /`{3,}/.exec(line)?.[0].length ?? 0));
  const fence = "`".repeat(longest + 1);
  return `${inCode(path)}\n\n${fence}diff\n${lines.join("\n")}\n${fence}`;
}

function surroundings({ params, secrets, environment, owners }: ProgramDiff): string[] {
  const value = (text: string | null) => (text === null ? "not there" : inCode(text));
  return [
    ...params.map(({ name, before, after }) => `- param ${inCode(name)}: ${value(before)} → ${value(after)}`),
    ...secrets.map(({ name, before }) => `- secret ${inCode(name)} ${before === null ? "joins" : "leaves"}`),
    ...(environment === null
      ? []
      : [`- environment: ${value(environment.before)} → ${value(environment.after)}`]),
    ...owners.map(
      ({ id, before, after }) =>
        `- owners of ${escaped(spoken(id))}: ${escaped(before.join(", ")) || "none"} → ${escaped(after.join(", ")) || "none"}`,
    ),
  ];
}

function rerunTable(report: Report): string {
  const known = report.steps.some(({ action }) => action !== "unknown");
  const rows = report.diff.reruns.map(({ id }, index) => [
    escaped(spoken(id)),
    escaped(because(report, index)),
    ...(known ? [escaped(fate(report.steps[index]!))] : []),
  ]);
  return tableOf(["step", "why", ...(known ? ["before"] : [])], rows);
}

function reachedPart(diff: ProgramDiff): string {
  const rows = diff.reached.map(({ kind, name, external, gone }) => [
    `${escaped(kind)} ${escaped(name)}${gone ? " (gone)" : ""}`,
    external === null ? "" : inCode(external),
  ]);
  return `${tableOf(["", "outside"], rows)}\n\n\`\`\`mermaid\n${diffMermaid(diff)}\n\`\`\``;
}

function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text in a cell or a sentence: nothing of it is markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#~]/g, (sign) => `\\${sign}`).replaceAll("\n", " ");
}

/** Text as code in a cell, whatever backticks and bars it holds. */
function inCode(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text.replaceAll("|", "\\|").replaceAll("\n", " ")}${space}${fence}`;
}

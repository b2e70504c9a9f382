/** A comparison on the terminal. */
import type { Change, DeclarationDiff, Note } from "../../language/diff/model.ts";
import { nameOf, spoken } from "../../language/ir/order.ts";
import { paint, type Tone } from "../style.ts";
import { table } from "../table.ts";
import { alike, because, between, fate, type Report, SIGNS, summary, title } from "./report.ts";

const TONES: Readonly<Record<DeclarationDiff["status"], Tone>> = {
  added: "good",
  removed: "bad",
  changed: "warn",
  renamed: "dim",
};

export function diffText(report: Report, color: boolean): string {
  const { diff, sides, spec } = report;
  const strong = (text: string) => paint(color, "strong", text);
  const parts = [
    `${strong(spec)}  ${between(sides)}\n${summary(report)}`,
    ...alike([...diff.declarations, ...diff.environments, ...diff.tests]).map((group) =>
      declarationText(group, color),
    ),
    ...surroundings(report),
  ];
  const breaking = diff.notes.filter(({ level }) => level === "breaking");
  const cautions = diff.notes.filter(({ level }) => level === "caution");
  if (breaking.length > 0) parts.push(`${strong("Breaking")}\n${notesText(breaking, color)}`);
  if (cautions.length > 0) parts.push(`${strong("Mind")}\n${notesText(cautions, color)}`);
  if (diff.reruns.length > 0) parts.push(`${strong("Runs again")}\n${rerunsText(report)}`);
  if (diff.retry.length > 0) parts.push(`${strong("Tests to try")}  ${retryText(report)}`);
  if (diff.reached.length > 0) parts.push(`${strong("Reaches")}\n${reachedText(report)}`);
  if (diff.ask.length > 0) parts.push(`${strong("Ask")}\n  ${diff.ask.join(", ")}`);
  return parts.join("\n\n");
}

function declarationText(group: readonly DeclarationDiff[], color: boolean): string {
  const [one] = group as readonly [DeclarationDiff];
  const { status, changes } = one;
  const head = `${paint(color, TONES[status], SIGNS[status])} ${paint(color, "strong", title(group))}`;
  if (status === "renamed") return `${head}: the same meaning`;
  const place = (one.after ?? one.before)?.source;
  const at = place === undefined ? "" : `  ${paint(color, "dim", `${place.file}:${place.line}`)}`;
  const rows = changes.flatMap((change) => changeRows(change, status, color));
  const lines =
    rows.length === 0 ? [] : table([{ title: "" }, { title: "" }, { title: "" }], rows).split("\n");
  // The table's line of titles is empty here.
  return [`${head}${at}`, ...lines.slice(1).map((line) => `    ${line}`)].join("\n");
}

function changeRows(change: Change, status: DeclarationDiff["status"], color: boolean): string[][] {
  const { path, before, after, direction, added, removed, lines } = change;
  if (lines.length > 0) {
    const shown = lines
      .filter((line) => !line.startsWith(" "))
      .map((line) => paint(color, line.startsWith("-") ? "bad" : "good", line));
    return [[path, shown.join("\n")]];
  }
  if (status === "added" || status === "removed") return [[path, after ?? before ?? ""]];
  const way = direction === null ? "" : direction === "same" ? "asks the same" : direction;
  if (added.length + removed.length > 0) {
    const members = [
      ...removed.map((one) => paint(color, "bad", `- ${one}`)),
      ...added.map((one) => paint(color, "good", `+ ${one}`)),
    ];
    return [[path, members.join("  ")]];
  }
  return [
    [path, `${valueText(change, "before")} → ${valueText(change, "after")}`, paint(color, "warn", way)],
  ];
}

/** A value, and whether nobody wrote it. */
export function valueText(change: Change, side: "before" | "after"): string {
  const value = change[side] ?? "not there";
  return change.defaulted === side ? `${value} (default)` : value;
}

function surroundings({ diff }: Report): string[] {
  const value = (text: string | null) => text ?? "not there";
  const lines = [
    ...diff.params.map(({ name, before, after }) => `~ param ${name}  ${value(before)} → ${value(after)}`),
    ...diff.secrets.map(({ name, before }) => `${before === null ? "+" : "-"} secret ${name}`),
    ...(diff.environment === null
      ? []
      : [`~ environment  ${diff.environment.before ?? "none"} → ${diff.environment.after ?? "none"}`]),
    ...diff.owners.map(
      ({ id, before, after }) =>
        `~ owners of ${spoken(id)}  ${before.join(", ") || "none"} → ${after.join(", ") || "none"}`,
    ),
  ];
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function notesText(notes: readonly Note[], color: boolean): string {
  return notes
    .map(({ level, message }) => `  ${paint(color, level === "breaking" ? "bad" : "warn", "!")} ${message}`)
    .join("\n");
}

function rerunsText(report: Report): string {
  const known = report.steps.some(({ action }) => action !== "unknown");
  const rows = report.diff.reruns.map(({ id }, index) => [
    spoken(id),
    because(report, index),
    known ? fate(report.steps[index]!) : "",
  ]);
  return untitled(rows);
}

function retryText({ diff, spec }: Report): string {
  return `mlops test ${spec}\n  ${diff.retry.map(nameOf).join(", ")}`;
}

function reachedText({ diff }: Report): string {
  return untitled(
    diff.reached.map(({ kind, name, external, gone }) => [
      `${kind} ${name}`,
      external === null ? "" : JSON.stringify(external),
      gone ? "gone" : "",
    ]),
  );
}

function untitled(rows: readonly (readonly string[])[]): string {
  const columns = Array.from({ length: Math.max(...rows.map((row) => row.length)) }, () => ({ title: "" }));
  return table(columns, rows)
    .split("\n")
    .slice(1)
    .map((line) => `  ${line}`)
    .join("\n");
}

/** The end of a run in words: its steps, metrics with their intervals, gates rule by rule, releases. */
import type { RunOutcome } from "../runtime/execute/run.ts";
import type { Json } from "../runtime/execute/step.ts";
import type { Terminal } from "./command.ts";
import { STATUS_TONES } from "./progress.ts";
import { paint, type Tone } from "./style.ts";
import { duration, number, table } from "./table.ts";

const RULE_TONES: Readonly<Record<string, Tone>> = {
  passed: "good",
  failed: "bad",
  insufficient: "warn",
  skipped: "dim",
};

export function printSummary(terminal: Terminal, { report, steps }: RunOutcome): void {
  const { color } = terminal;
  const rows = steps.map(({ kind, name, status, seconds, why }) => [
    `${kind} ${paint(color, "strong", name)}`,
    paint(color, STATUS_TONES[status], status),
    status === "ran" || status === "failed" ? duration(seconds) : "",
    why.join("; "),
  ]);
  terminal.out(
    table(
      [{ title: "STEP" }, { title: "STATUS" }, { title: "TIME", align: "right" }, { title: "WHY" }],
      rows,
    ),
  );
  for (const { kind, name, result } of steps) {
    // A gate's rules are listed one by one below.
    if (kind === "gate") continue;
    for (const note of result?.notes ?? []) terminal.out(`  ${kind} ${name}: ${note}`);
  }
  printMetrics(terminal, report);
  for (const [name, gate] of Object.entries(report.gates)) {
    terminal.out(`\ngate ${paint(color, "strong", name)}: ${tone(color, gate.status)}`);
    for (const rule of gate.rules) terminal.out(ruleLine(color, rule));
  }
  for (const [name, release] of Object.entries(report.releases))
    terminal.out(`\n${releaseLine(name, release)}`);
  terminal.out(`\nrun ${report.run} ${tone(color, report.status)}`);
}

const tone = (color: boolean, status: string) => paint(color, RULE_TONES[status] ?? "bad", status);

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function valueText(value: Json | undefined): string {
  if (typeof value === "number") return number(value);
  return typeof value === "string"
    ? value
    : value === null || value === undefined
      ? "-"
      : JSON.stringify(value);
}

export function intervalText(value: Json | undefined): string {
  if (!Array.isArray(value) || value.length !== 2) return "";
  return `${valueText(value[0])} to ${valueText(value[1])}`;
}

function printMetrics(terminal: Terminal, { metrics, intervals }: RunOutcome["report"]): void {
  for (const [name, values] of Object.entries(metrics)) {
    const bounds = intervals[name];
    const rows = Object.entries(values).map(([metric, value]) => [
      `  ${metric}`,
      valueText(value),
      intervalText(isObject(bounds) ? bounds[metric] : undefined),
    ]);
    if (rows.length === 0) continue;
    terminal.out(`\nevaluation ${paint(terminal.color, "strong", name)}`);
    terminal.out(
      table([{ title: "  METRIC" }, { title: "VALUE", align: "right" }, { title: "INTERVAL" }], rows),
    );
  }
}

/** One line for a rule of a gate's summary: its text, what was found against what is asked, its message. */
function ruleLine(color: boolean, rule: Json): string {
  if (!isObject(rule)) return `  ${JSON.stringify(rule)}`;
  const status = String(rule["status"]);
  const parts = [`  ${tone(color, status)} ${String(rule["text"])}`];
  if (typeof rule["value"] === "number") {
    const bound = typeof rule["bound"] === "number" ? ` against ${number(rule["bound"])}` : "";
    parts.push(`: ${number(rule["value"])}${bound}`);
  }
  if (typeof rule["message"] === "string" && rule["message"] !== "") parts.push(` (${rule["message"]})`);
  return parts.join("");
}

function releaseLine(name: string, release: Readonly<Record<string, Json>>): string {
  const { name: registered, version, alias, alias_holds: now } = release;
  const as =
    now === version ? ` as ${valueText(alias)}` : ` (${valueText(alias)} is version ${valueText(now)})`;
  return `release ${name}: ${valueText(registered ?? name)} version ${valueText(version)}${as}`;
}

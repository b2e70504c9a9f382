/** The registry as people read it: tables of models and versions, one version's facts, the ledger. */
import type { LedgerEntry } from "../../runtime/registry/ledger.ts";
import type { RegisteredModel, Version } from "../../runtime/registry/registry.ts";
import { paint } from "../style.ts";
import { number, type TableColumn, table } from "../table.ts";

/** `2026-01-31 09:30` of an ISO 8601 time. */
const minute = (at: string) => at.slice(0, 16).replace("T", " ");

const right = (title: string): TableColumn => ({ title, align: "right" });
const left = (title: string): TableColumn => ({ title });

/** Aliases that point at a version, in alphabetical order. */
export function aliasesOf(model: RegisteredModel, version: number): string[] {
  return Object.entries(model.aliases).flatMap(([alias, at]) => (at === version ? [alias] : []));
}

const metricText = (value: number | null) => (value === null ? "unknown" : number(value));
const metricsText = (metrics: Version["metrics"]) =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${metricText(value)}`)
    .join("  ");

/** One line a registered name; the metrics are the champion's, or the newest version's. */
export function modelsText(models: readonly RegisteredModel[]): string {
  if (models.length === 0)
    return "No model is registered yet. `mlops run` registers what a release declares.";
  const rows = models.map((model) => {
    const newest = model.versions.at(-1)!;
    const shown = model.versions.find((one) => one.version === model.aliases["champion"]) ?? newest;
    const aliases = Object.entries(model.aliases).map(([alias, version]) => `${alias} → ${version}`);
    const { name, versions } = model;
    return [
      name,
      String(versions.length),
      aliases.join(", "),
      minute(newest.registered),
      metricsText(shown.metrics),
    ];
  });
  return table(
    [left("NAME"), right("VERSIONS"), left("ALIASES"), left("NEWEST (UTC)"), left("METRICS")],
    rows,
  );
}

/** One line a version, the newest first. */
export function versionsText(model: RegisteredModel, color: boolean): string {
  const rows = model.versions.toReversed().map(({ version, registered, by, metrics }) => {
    const aliases = aliasesOf(model, version).join(", ");
    return [String(version), paint(color, "good", aliases), minute(registered), by, metricsText(metrics)];
  });
  const columns = [right("VERSION"), left("ALIASES"), left("REGISTERED (UTC)"), left("BY"), left("METRICS")];
  return `${paint(color, "strong", model.name)}\n${table(columns, rows)}`;
}

/** Everything that is known of one version. */
export function versionText(model: RegisteredModel, version: Version, color: boolean): string {
  const aliases = aliasesOf(model, version.version);
  const facts: (readonly [string, string])[] = [
    ["aliases", aliases.length === 0 ? "none" : aliases.join(", ")],
    ["registered", `${minute(version.registered)} UTC by ${version.by}`],
    // A language model decides nothing.
    ...(version.threshold === null && "generation.json" in version.files
      ? []
      : [["threshold", version.threshold === null ? "the model's own" : String(version.threshold)] as const]),
    ...Object.entries(version.metrics).map(([name, value]) => [name, metricText(value)] as const),
    ["model", version.model],
    ...Object.entries(version.files),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return [paint(color, "strong", `${model.name}@${version.version}`), ...lines].join("\n");
}

/** One line an entry, the oldest first. */
export function historyText(entries: readonly LedgerEntry[]): string {
  if (entries.length === 0) return "Nothing has happened yet.";
  const rows = entries.map((entry) => [String(entry.entry), minute(entry.at), entry.by, happened(entry)]);
  return table([right("ENTRY"), left("WHEN (UTC)"), left("BY"), left("WHAT")], rows);
}

function happened(entry: LedgerEntry): string {
  const version = `${entry.name}@${entry.version}`;
  if (entry.action === "register") return `registered ${version}`;
  const before = entry.previous === null ? "" : ` instead of ${entry.previous}`;
  const verb = { release: "released", promote: "promoted", rollback: "rolled back to" }[entry.action];
  return `${verb} ${version} as ${entry.alias}${before}`;
}

/** `mlops profile`: what a data file holds, and a dataset declaration to begin with. */
import { relative, resolve, sep } from "node:path";
import type { ColumnProfile, Profile } from "../../runtime/data/profile.ts";
import { StepFailure } from "../../runtime/execute/step.ts";
import { type CommandModule, EXIT } from "../command.ts";
import { refuse } from "../finding.ts";
import { proposeDataset } from "../propose-dataset.ts";
import { paint } from "../style.ts";
import { number, table } from "../table.ts";

export const command: CommandModule = {
  define(command) {
    command
      .argument("<path>", "a file: .csv .tsv .json .jsonl .parquet .txt .db .sqlite")
      .option("--table <name>", "the table of a SQLite database")
      .addHelpText("after", "\nExample:\n  mlops profile data/loans.csv");
  },
  async run(invocation, [path = ""], options) {
    const { terminal, json, cwd, signal } = invocation;
    const { profileFile } = await import("../../runtime/data/profile.ts");
    const chosen = options["table"];
    try {
      const file = resolve(cwd, path);
      const profile = await profileFile(file, {
        signal,
        ...(typeof chosen === "string" ? { table: chosen } : {}),
      });
      const shown = relative(cwd, file).split(sep).join("/");
      const declaration = proposeDataset(profile, shown, typeof chosen === "string" ? chosen : null);
      if (json) terminal.out(JSON.stringify({ path: shown, ...profile, declaration }, null, 2));
      else terminal.out(`${say(profile, shown, terminal.color)}\n\n${declaration.trimEnd()}`);
      return EXIT.done;
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      refuse(invocation, error.diagnostic.code, error.diagnostic.values, error.diagnostic.details ?? []);
      return EXIT.wrong;
    }
  },
};

function say(profile: Profile, path: string, color: boolean): string {
  const heading = `${path}: ${profile.format}, ${profile.rows} rows, ${profile.columns.length} columns`;
  const unreadable = profile.examples.map((line) => `  ${line}`);
  if (profile.unreadable > 0)
    unreadable.unshift(paint(color, "warn", `${profile.unreadable} rows cannot be read:`));
  const columns = table(
    [
      { title: "column" },
      { title: "type" },
      { title: "missing", align: "right" },
      { title: "distinct", align: "right" },
      { title: "values" },
    ],
    profile.columns.map((column) => [
      column.name,
      column.key ? `${column.type} key` : column.type,
      column.missing === 0 ? "" : `${((100 * column.missing) / profile.rows).toFixed(1)}%`,
      String(column.distinct),
      valuesOf(column),
    ]),
  );
  return [paint(color, "strong", heading), ...unreadable, "", columns].join("\n");
}

function valuesOf(column: ColumnProfile): string {
  if (column.range && column.histogram) {
    const { min, median, max } = column.range;
    return `${bars(column.histogram)}  ${[min, median, max].map((value) => sayValue(column, value)).join(" … ")}`;
  }
  return column.top
    .slice(0, 4)
    .map(({ value, rows }) =>
      `${value.length > 24 ? `${value.slice(0, 23)}…` : value}${rows > 1 ? ` ×${rows}` : ""}`.replaceAll(
        "\n",
        "⏎",
      ),
    )
    .join(", ");
}

function sayValue(column: ColumnProfile, value: number): string {
  if (column.type === "date" || column.type === "timestamp") {
    const moment = new Date(value * 1000).toISOString();
    return column.type === "date" ? moment.slice(0, 10) : moment.slice(0, 19);
  }
  return number(value)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

const BARS = "▁▂▃▄▅▆▇█";

/** One block a bin, as high as its share of the fullest; an empty bin is a space. */
function bars(histogram: readonly number[]): string {
  const most = Math.max(...histogram);
  return histogram
    .map((rows) =>
      rows === 0 ? " " : BARS[Math.min(BARS.length - 1, Math.floor((rows / most) * BARS.length))]!,
    )
    .join("");
}

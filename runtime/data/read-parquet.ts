/** Parquet files, with the types that they carry. */
import { existingPaths, shown, sourceName } from "./paths.ts";
import { dataFailure, matchColumns, NO_DAMAGE, type RawRows, type ReadContext } from "./raw.ts";
import { fillTyped } from "./read-typed.ts";
import { text } from "./sql.ts";

/** @throws StepFailure ML4001, ML4002, ML4006 (not a Parquet file) */
export async function readParquet(context: ReadContext): Promise<RawRows> {
  const files = existingPaths(context);
  const names = files.map((file) => shown(context, file));
  const source = `read_parquet([${files.map(text).join(", ")}], union_by_name = true)`;
  const found = await context.session.describe(`SELECT * FROM ${source}`).catch((error: unknown) => {
    throw dataFailure(
      context,
      "ML4006",
      { file: names.join(", "), problem: firstLine(error) },
      { pointer: "/path" },
    );
  });
  const matched = matchColumns(
    context,
    names.join(", "),
    found.map((column) => column.name),
  );
  const filled = await fillTyped(
    context.session,
    `SELECT * FROM ${source}`,
    matched.map(({ index }) => found[index]!),
  );
  const name = names.length === 1 ? names[0]! : sourceName(context);
  return {
    ...filled,
    damaged: NO_DAMAGE,
    locate: async (cells) => cells.map((cell) => `${name}: row ${cell.row + 1}, ${cell.column}`),
  };
}

/** The first line of DuckDB's message, which says what is wrong; the rest is advice about its own options. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}

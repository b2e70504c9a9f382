/** Which part each row belongs to: disjoint, complete, stable under the seed. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { Split } from "../../stdlib/kinds/dataset.ts";
import { TYPED } from "./check-rows.ts";
import { dataFailure, type ReadContext } from "./raw.ts";
import { double, identifier, text } from "./sql.ts";
import { PART_COLUMN, ROW_COLUMN } from "./table.ts";

/** The session's table (`__row`, `__part`), in the rows' order. */
export const PARTS = "parts";

/**
 * Makes `parts` from `typed` and counts them. Rows that must stay together form a unit: equal `group`, equal
 * `distinct` columns, equal key, or, without any of these, equal content. Units are ranked by the MD5 of seed and
 * unit, so that a unit's rank has nothing to do with the file's order, and cut by the parts' shares; with
 * `stratify` in each stratum, what rounding leaves over carried to the next, so that shares are exact to one unit.
 * @throws StepFailure ML4013 for options that exclude each other, ML4014 when a part stays empty.
 */
export async function splitRows(
  context: ReadContext,
  columns: readonly ColumnSchema[],
  split: Split,
): Promise<Record<string, number>> {
  const { session } = context;
  refuseConflicts(context, split);
  const shares = Object.entries(split.parts);
  const query =
    split.at !== undefined || split.by !== undefined
      ? orderedParts(split, shares)
      : hashedParts(columns, split, shares);
  await session.run(
    `CREATE TABLE ${PARTS} AS SELECT ${ROW_COLUMN}, ${PART_COLUMN} FROM (${query}) ORDER BY ${ROW_COLUMN}`,
  );
  const rows = await session.rows(`SELECT ${PART_COLUMN} AS part, count(*) AS n FROM ${PARTS} GROUP BY ALL`);
  const counts: Record<string, number> = {};
  for (const [name] of shares) counts[name] = Number(rows.find((row) => row["part"] === name)?.["n"] ?? 0);
  const empty = shares.find(([name, share]) => share > 0 && counts[name] === 0);
  if (empty) {
    const total = rows.reduce((sum, row) => sum + Number(row["n"]), 0);
    throw dataFailure(context, "ML4014", { part: empty[0], rows: String(total) }, { pointer: "/split" });
  }
  return counts;
}

function refuseConflicts(context: ReadContext, split: Split): void {
  const ordered = split.at !== undefined ? "at" : split.by !== undefined ? "by" : null;
  const hashed = (["stratify", "group", "distinct", "seed"] as const).find(
    (name) => split[name] !== undefined,
  );
  let problem: string | null = null;
  if (split.at !== undefined && split.by !== undefined) problem = "`at` and `by` are two orders";
  else if (ordered && hashed)
    problem = `\`${hashed}\` has no effect with \`${ordered}\`, which splits by order`;
  else if (split.gap !== undefined && split.at === undefined) problem = "`gap` needs `at`";
  else if (split.group !== undefined && split.distinct !== undefined)
    problem = "`group` and `distinct` name two kinds of unit";
  if (problem) throw dataFailure(context, "ML4013", { problem }, { pointer: "/split" });
}

/** The smallest part whose cut lies above `start`; cuts are whole rows, computed from `edge(share so far)`. */
function partCase(
  shares: readonly (readonly [string, number])[],
  start: string,
  edge: (sum: number) => string,
): string {
  let sum = 0;
  const cases = shares.map(([name, share], i) => {
    sum += share;
    // The last part takes what rounding left over when the shares make up the whole.
    const whole = i === shares.length - 1 && Math.abs(sum - 1) < 1e-9;
    return `WHEN ${whole ? "TRUE" : `${start} < ${edge(sum)}`} THEN ${text(name)}`;
  });
  return `CASE ${cases.join(" ")} END`;
}

function hashedParts(
  columns: readonly ColumnSchema[],
  split: Split,
  shares: readonly (readonly [string, number])[],
): string {
  const keys = columns.filter((column) => column.role === "key").map((column) => column.name);
  const all = columns.map((column) => column.name).sort();
  const unit = split.group !== undefined ? [split.group] : (split.distinct ?? (keys.length > 0 ? keys : all));
  // Each value after its length, so that no two different rows spell the same text.
  const spelled = [...unit].sort().map((name) => {
    const value = `${identifier(name)}::VARCHAR`;
    return `coalesce(length(${value}) || ':' || ${value}, '-')`;
  });
  // One call: a chain of `||`s over the pixels of an image is too deep for DuckDB.
  const hash = `md5(concat(${[text(`${split.seed ?? 0}|`), spelled.join(", '|', ")].join(", ")}))`;
  const stratum =
    split.stratify === undefined ? "''" : `coalesce(${identifier(split.stratify)}::VARCHAR, '')`;
  const rows = `SELECT ${ROW_COLUMN}, ${hash} AS h, ${stratum} AS s FROM ${TYPED}`;
  // A unit with several strata counts under its most frequent one, the first by name of equals.
  const units = `SELECT h, arg_max(s, (n, s)) AS s, sum(n)::BIGINT AS n FROM (SELECT h, s, count(*) AS n FROM (${rows}) GROUP BY h, s) GROUP BY h`;
  const placed = `SELECT h, s,
      (sum(n) OVER (PARTITION BY s ORDER BY h ROWS UNBOUNDED PRECEDING))::BIGINT - n AS start,
      (sum(n) OVER (ORDER BY s RANGE UNBOUNDED PRECEDING))::BIGINT AS upto,
      (sum(n) OVER (PARTITION BY s))::BIGINT AS size
    FROM (${units})`;
  const edge = (sum: number) => {
    const cut = (rows: string) => `round(round(${double(sum)} * ${rows}, 6))`;
    return `(${cut("upto")} - ${cut("(upto - size)")})`;
  };
  return `SELECT ${ROW_COLUMN}, ${partCase(shares, "start", edge)} AS ${PART_COLUMN}
    FROM (${rows}) AS r JOIN (${placed}) AS u ON r.h = u.h`;
}

/** By time or position: the first rows are the first part's; rows of one moment stay together. */
function orderedParts(split: Split, shares: readonly (readonly [string, number])[]): string {
  const total = `(SELECT count(*) FROM ${TYPED}${split.at === undefined ? "" : ` WHERE ${identifier(split.at)} IS NOT NULL`})`;
  const edge = (sum: number) => `round(round(${double(sum)} * ${total}, 6))`;
  if (split.at === undefined) {
    const ranked = `SELECT ${ROW_COLUMN}, row_number() OVER (ORDER BY ${ROW_COLUMN}) - 1 AS start FROM ${TYPED}`;
    return `SELECT ${ROW_COLUMN}, ${partCase(shares, "start", edge)} AS ${PART_COLUMN} FROM (${ranked})`;
  }
  const moment = identifier(split.at);
  const ranked = `SELECT ${ROW_COLUMN}, ${moment} AS moment, rank() OVER (ORDER BY ${moment} NULLS LAST) - 1 AS start FROM ${TYPED}`;
  const parted = `SELECT ${ROW_COLUMN}, moment, CASE WHEN moment IS NOT NULL THEN ${partCase(shares, "start", edge)} END AS part FROM (${ranked})`;
  if (split.gap === undefined || split.gap === 0)
    return `SELECT ${ROW_COLUMN}, part AS ${PART_COLUMN} FROM (${parted})`;
  // The cut before a part is its first moment; what lies within the gap before it belongs to no part.
  const order = `CASE part ${shares.map(([name], i) => `WHEN ${text(name)} THEN ${i}`).join(" ")} END`;
  const cuts = `SELECT ${order} AS place, min(epoch(moment)) AS cut FROM (${parted}) WHERE part IS NOT NULL GROUP BY ALL`;
  return `WITH p AS (${parted}), cuts AS (${cuts})
    SELECT ${ROW_COLUMN}, CASE WHEN NOT EXISTS (
      SELECT 1 FROM cuts WHERE cuts.place > (${order}) AND epoch(p.moment) >= cuts.cut - ${double(split.gap)}
    ) THEN part END AS ${PART_COLUMN} FROM p`;
}

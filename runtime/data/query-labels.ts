/** Columns of a query that are computed from the label, as far as its own expressions tell. */

interface SqlNode {
  readonly [name: string]: unknown;
}

export interface QueryColumn {
  readonly name: string;
  /** Names of the columns that it reads; null when a window or an inner query decides, which may look at other rows. */
  readonly reads: readonly string[] | null;
  /** It is that column and nothing else. */
  readonly isCopy: boolean;
}

/** The columns that a plain SELECT spells out; none for unions, stars and the like. */
export function spelledColumns(node: SqlNode): QueryColumn[] {
  if (node["type"] !== "SELECT_NODE" || !Array.isArray(node["select_list"])) return [];
  return (node["select_list"] as SqlNode[]).flatMap((item) => {
    const reads = readsOf(item);
    const isCopy = item["class"] === "COLUMN_REF";
    const name = item["alias"] !== "" ? item["alias"] : isCopy ? reads?.[0] : undefined;
    return typeof name === "string" ? [{ name, reads, isCopy }] : [];
  });
}

function readsOf(value: unknown): readonly string[] | null {
  if (typeof value !== "object" || value === null) return [];
  const node = value as SqlNode;
  if (node["class"] === "WINDOW" || node["class"] === "SUBQUERY") return null;
  if (node["class"] === "COLUMN_REF" && Array.isArray(node["column_names"]))
    return [String(node["column_names"].at(-1))];
  const all: string[] = [];
  for (const inner of Object.values(node)) {
    const reads = readsOf(inner);
    if (reads === null) return null;
    all.push(...reads);
  }
  return all;
}

/** Those beside the label itself that are computed from it: `label` is the one of a source, `given` that of the result. */
export function columnsFromLabel(
  columns: readonly QueryColumn[],
  label: string,
  given: string,
): readonly QueryColumn[] {
  const reads = (column: QueryColumn) => column.reads?.includes(label) === true;
  // A label of another making may well be predicted from an old one.
  if (!columns.some((column) => column.name === given && reads(column))) return [];
  return columns.filter((column) => column.name !== given && reads(column));
}

/** A dataset declaration for a file, as its author would write it. */
import type { Profile } from "../runtime/data/profile.ts";

export interface Proposal {
  /** The dataset's name; from the file's when not given. */
  readonly name?: string;
  /** What is predicted: its type, and the class that is looked for as it is written. */
  readonly label?: { readonly name: string; readonly type: string; readonly positive: string | null };
  /** Further lines of the declaration. */
  readonly more?: string;
}

/** @param path As it should stand in the spec. */
export function proposeDataset(
  profile: Profile,
  path: string,
  table: string | null,
  { name = nameOf(path), label, more }: Proposal = {},
): string {
  const lines = [`dataset ${name}: ${profile.format} {`, `  path = ${JSON.stringify(path)}`];
  if (table !== null) lines.push(`  table = ${JSON.stringify(table)}`);
  if (!profile.header) lines.push("  header = false");
  lines.push("", "  schema {");
  for (const column of profile.schema) {
    const own = column.name === label?.name ? label : null;
    const words = [
      own?.type ?? column.type,
      ...(own === null ? (column.role === "key" ? ["key"] : []) : ["label"]),
      ...(column.nullable ? ["nullable"] : []),
      ...(own?.positive == null ? [] : [`positive ${own.positive}`]),
    ];
    lines.push(`    ${written(column.name)}: ${words.join(" ")}`);
  }
  lines.push("  }", ...(more === undefined ? [] : ["", more]), "}", "");
  return lines.join("\n");
}

/** A column's name as it stands in a spec. */
export const written = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name}\``;

/** `data/loan-prediction.csv` → `loan_prediction` */
export function nameOf(path: string): string {
  const base = path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  const name = base.replaceAll(/[^A-Za-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return /^[A-Za-z]/.test(name) ? name : `data_${name}`;
}

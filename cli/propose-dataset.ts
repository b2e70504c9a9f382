/** A dataset declaration for a file, as its author would write it. */
import type { Profile } from "../runtime/data/profile.ts";

/** @param path As it should stand in the spec. */
export function proposeDataset(profile: Profile, path: string, table: string | null): string {
  const lines = [`dataset ${nameOf(path)}: ${profile.format} {`, `  path = ${JSON.stringify(path)}`];
  if (table !== null) lines.push(`  table = ${JSON.stringify(table)}`);
  if (!profile.header) lines.push("  header = false");
  lines.push("", "  schema {");
  for (const column of profile.schema) {
    const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(column.name) ? column.name : `\`${column.name}\``;
    lines.push(
      `    ${name}: ${column.type}${column.role === "key" ? " key" : ""}${column.nullable ? " nullable" : ""}`,
    );
  }
  lines.push("  }", "}", "");
  return lines.join("\n");
}

/** `data/loan-prediction.csv` → `loan_prediction` */
function nameOf(path: string): string {
  const base = path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  const name = base.replaceAll(/[^A-Za-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return /^[A-Za-z]/.test(name) ? name : `data_${name}`;
}

/** Filling `raw` from a query whose columns have types of their own. */
import { RAW, type RawColumn } from "./raw.ts";
import type { Session } from "./session.ts";
import { identifier } from "./sql.ts";
import { ROW_COLUMN } from "./table.ts";

/** @param query Its rows, in its order, become `raw`. Types that no column can have are read as text. */
export async function fillTyped(
  session: Session,
  query: string,
  columns: readonly { name: string; type: string }[],
): Promise<{ columns: RawColumn[]; rows: number; typed: true }> {
  const raw = columns.map(({ name, type }, i): RawColumn & { readonly select: string } => {
    const nested =
      /[[(]|STRUCT|MAP|UNION|BLOB|JSON|UUID|INTERVAL|BIT|TIME$|ENUM/.test(type) &&
      !type.startsWith("DECIMAL");
    const value = identifier(name);
    return {
      name,
      alias: `r${i}`,
      type: nested ? "VARCHAR" : type,
      select: `${nested ? `${value}::VARCHAR` : value} AS r${i}`,
    };
  });
  await session.run(
    `CREATE TABLE ${RAW} AS SELECT ${[`row_number() OVER () - 1 AS ${ROW_COLUMN}`, ...raw.map(({ select }) => select)].join(", ")} FROM (${query})`,
  );
  const { n } = await session.row(`SELECT count(*) AS n FROM ${RAW}`);
  return {
    columns: raw.map(({ name, alias, type }) => ({ name, alias, type })),
    rows: Number(n),
    typed: true,
  };
}

/** Writes a batch's rows: CSV for people and spreadsheets, Parquet for programs; the same rows, the same bytes. */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { sourceRows } from "../data/rows.ts";
import { type Session, withSession, writeParquet } from "../data/session.ts";
import type { RowSource } from "../data/source.ts";
import { identifier } from "../data/sql.ts";
import { ROW_COLUMN } from "../data/table.ts";
import type { Store } from "../store/types.ts";

/** What is written beside the included columns, each [rows]. */
export interface Scored {
  /** The class, or the value. */
  readonly prediction: readonly string[] | Float64Array;
  /** Of the predicted class; null for regression. */
  readonly probability: Float64Array | null;
  /** What `top` ranks by: the positive class's probability (binary), the predicted class's, or the value. */
  readonly score: Float64Array;
}

export interface Sheet {
  readonly source: RowSource;
  readonly include: readonly ColumnSchema[];
  /** [rows] each row's place in the source. */
  readonly rowIds: Float64Array;
  /** Indices of the rows to write, in the order to write them. */
  readonly order: Int32Array;
  readonly scored: Scored;
}

const CHUNK = 1 << 20;
const BOM = "\ufeff";

/**
 * RFC 4180: CRLF, quotes where a field needs them; missing is an empty field. Text that a spreadsheet would take
 * for a formula gets an apostrophe in front (OWASP, "CSV Injection"); numbers are left alone. A byte order mark
 * stands first only where there is text beyond ASCII, which spreadsheets would misread without it.
 */
export async function writeCsv(store: Store, sheet: Sheet, file: string): Promise<void> {
  const { include, scored, order } = sheet;
  const header = [...include.map((column) => column.name), ...ownColumns(scored)];
  const written = await open(file, "w");
  try {
    await withSession({ root: store.root, threads: 1 }, async (session) => {
      await rankTable(session, sheet, false);
      const from = await joined(session, store, sheet);
      const texts = include.map((column) => `r.${identifier(column.name)}::VARCHAR`);
      const beyond = texts.map((text) => `regexp_matches(${text}, '[^\\x00-\\x7F]')`);
      const own = typeof scored.prediction[0] === "string" ? scored.prediction.join("") : "";
      const foreign =
        !isAscii(header.join("") + own) ||
        (beyond.length > 0 &&
          Number((await session.row(`SELECT count(*) AS n FROM ${from} WHERE ${beyond.join(" OR ")}`))["n"]) >
            0);
      let pending = `${foreign ? BOM : ""}${header.map(textField).join(",")}\r\n`;
      const result = await session.stream(
        `SELECT ${["p.rank::INTEGER", ...texts].join(", ")} FROM ${from} ORDER BY p.rank`,
      );
      const fields = include.map((column) => (isText(column) ? textField : plainField));
      for (
        let chunk = await result.fetchChunk();
        chunk && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        for (let i = 0; i < chunk.rowCount; i++) {
          const row = order[chunk.getColumnVector(0).getItem(i) as number]!;
          const cells = fields.map((field, c) =>
            field(chunk.getColumnVector(c + 1).getItem(i) as string | null),
          );
          pending += `${[...cells, ...ownFields(scored, row)].join(",")}\r\n`;
          if (pending.length > CHUNK) {
            await written.write(pending);
            pending = "";
          }
        }
      }
      await written.write(pending);
    });
  } finally {
    await written.close();
  }
}

export async function writeParquetFile(store: Store, sheet: Sheet, file: string): Promise<void> {
  await withSession({ root: store.root, threads: 1 }, async (session) => {
    await rankTable(session, sheet, true);
    const from = await joined(session, store, sheet);
    const columns = [
      ...sheet.include.map((column) => `r.${identifier(column.name)}`),
      ...ownColumns(sheet.scored).map((name) => `p.${name}`),
    ];
    await writeParquet(session, `SELECT ${columns.join(", ")} FROM ${from} ORDER BY p.rank`, file);
  });
}

async function joined(session: Session, store: Store, { source }: Sheet): Promise<string> {
  const { from } = await sourceRows(session, store, source);
  return `${from} AS r JOIN ranked AS p ON r.${ROW_COLUMN} = p.row`;
}

/** Table `ranked(row, rank[, prediction, probability, score])` of the rows to write. */
async function rankTable(
  session: Session,
  { order, rowIds, scored }: Sheet,
  withValues: boolean,
): Promise<void> {
  const { prediction, probability, score } = scored;
  const texts = !(prediction instanceof Float64Array);
  const own = `, prediction ${texts ? "VARCHAR" : "DOUBLE"}${probability === null ? "" : ", probability DOUBLE"}, score DOUBLE`;
  await session.run(`CREATE TABLE ranked (row BIGINT, rank BIGINT${withValues ? own : ""})`);
  const appender = await session.appender("ranked");
  order.forEach((row, rank) => {
    appender.appendBigInt(BigInt(rowIds[row]!));
    appender.appendBigInt(BigInt(rank));
    if (withValues) {
      if (texts) appender.appendVarchar(prediction[row]!);
      else appender.appendDouble(prediction[row]!);
      if (probability !== null) appender.appendDouble(probability[row]!);
      appender.appendDouble(score[row]!);
    }
    appender.endRow();
  });
  appender.closeSync();
}

function ownColumns({ probability }: Scored): string[] {
  return probability === null ? ["prediction", "score"] : ["prediction", "probability", "score"];
}

function ownFields({ prediction, probability, score }: Scored, row: number): string[] {
  const said = prediction[row]!;
  const first = typeof said === "string" ? textField(said) : String(said);
  return probability === null
    ? [first, String(score[row])]
    : [first, String(probability[row]), String(score[row])];
}

function isText({ type }: ColumnSchema): boolean {
  return type === "category" || type === "string" || type === "text";
}

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function textField(value: string | null): string {
  if (value === null) return "";
  // An empty text is quoted, so that a reader who cares can tell it from a missing one.
  if (value === "") return '""';
  return plainField(FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value);
}

function plainField(value: string | null): string {
  if (value === null) return "";
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** Copies `from` to `target` so that a reader sees the old file or the whole new one, also after a power cut. */
export async function placeFile(from: string, target: string): Promise<void> {
  const folder = dirname(target);
  await mkdir(folder, { recursive: true });
  const near = join(folder, `.${basename(target)}.${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    await copyFile(from, near, constants.COPYFILE_FICLONE);
    const handle = await open(near, "r+");
    await handle.chmod(0o644);
    await handle.sync();
    await handle.close();
    await rename(near, target);
  } catch (error) {
    await rm(near, { force: true });
    throw error;
  }
}

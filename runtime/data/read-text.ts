/** Plain text: the column `text`, one row a line or a file. */
import { isUtf8 } from "node:buffer";
import { createReadStream, readFileSync } from "node:fs";
import { appendTexts } from "./append.ts";
import { existingPaths, shown, sourceName } from "./paths.ts";
import { dataFailure, matchColumns, NO_DAMAGE, RAW, type RawRows, type ReadContext } from "./raw.ts";
import { ROW_COLUMN } from "./table.ts";

const COLUMN = "text";

/** @throws StepFailure ML4001, ML4002, ML4006 (bytes that are not UTF-8) */
export async function readText(context: ReadContext): Promise<RawRows> {
  const files = existingPaths(context);
  matchColumns(context, sourceName(context), [COLUMN]);
  await context.session.run(`CREATE TABLE ${RAW} (${ROW_COLUMN} BIGINT, r0 VARCHAR)`);
  const byFile = context.props["unit"] === "file";
  /** Rows before each file. */
  const starts: number[] = [];
  const rows = await appendTexts(context.session, RAW, 1, async function* () {
    let count = 0;
    for (const file of files) {
      context.signal.throwIfAborted();
      starts.push(count);
      if (byFile) {
        count += 1;
        yield [wholeText(context, file)];
      } else {
        for await (const line of linesOf(context, file)) {
          count += 1;
          yield [line];
        }
      }
    }
  });
  return {
    columns: [{ name: COLUMN, alias: "r0", type: "VARCHAR" }],
    rows,
    typed: false,
    nulls: true,
    damaged: NO_DAMAGE,
    locate: async (cells) =>
      cells.map(({ row }) => {
        const at = starts.findLastIndex((start) => start <= row);
        return `${shown(context, files[at]!)}:${byFile ? 1 : row - starts[at]! + 1}:1`;
      }),
  };
}

function wholeText(context: ReadContext, file: string): string {
  const bytes = readFileSync(file);
  if (!isUtf8(bytes)) throw notUtf8(context, file);
  return bytes.toString("utf8").replace(/^\ufeff/, "");
}

/** Lines without their ends; a last line without an end counts, an empty one after the last end does not. */
async function* linesOf(context: ReadContext, file: string): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  let first = true;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(10) + 1;
    const whole = bytes.subarray(0, end);
    rest = bytes.subarray(end);
    if (!isUtf8(whole)) throw notUtf8(context, file);
    let text = whole.toString("utf8");
    if (first) text = text.replace(/^\ufeff/, "");
    first = false;
    if (text.length === 0) continue;
    for (const line of text.slice(0, -1).split("\n")) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest.length === 0) return;
  if (!isUtf8(rest)) throw notUtf8(context, file);
  yield rest.toString("utf8");
}

function notUtf8(context: ReadContext, file: string): Error {
  const values = { file: shown(context, file), problem: "it has bytes that are not UTF-8" };
  return dataFailure(context, "ML4006", values, { pointer: "/path" });
}

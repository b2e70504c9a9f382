/** How bodies become values: UTF-8 JSON and CSV, with the place of a mistake. */
import { isUtf8 } from "node:buffer";
import type { FastifyInstance } from "fastify";
import { parseCsv } from "./csv-text.ts";
import { jsonMistake } from "./json-text.ts";
import { RequestRefused } from "./problem.ts";

/** A CSV body, told apart from JSON by its class. */
export class CsvBody {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  constructor(header: readonly string[], rows: readonly (readonly string[])[]) {
    this.header = header;
    this.rows = rows;
  }
}

/** JSON on every route of `app`, in place of Fastify's parsers. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (_request, body, done) => {
    try {
      done(null, parseJson(body));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** CSV too, on the routes of `app` only. */
export function readCsvBodies(app: FastifyInstance): void {
  app.addContentTypeParser<Buffer>("text/csv", { parseAs: "buffer" }, (_request, body, done) => {
    try {
      const table = parseCsv(utf8(body));
      if ("message" in table)
        throw new RequestRefused(400, `The body is not CSV: line ${table.line}: ${table.message}.`);
      done(null, new CsvBody(table.header, table.rows));
    } catch (error) {
      done(error as Error);
    }
  });
}

function parseJson(body: Buffer): unknown {
  const text = utf8(body);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (text.trim() === "") throw new RequestRefused(400, "The body is empty; expected JSON.");
    const mistake = jsonMistake(text);
    if (mistake === null) throw new RequestRefused(400, "The body is not JSON.");
    const { position, line, column, expected } = mistake;
    throw new RequestRefused(
      400,
      `The body is not JSON: at line ${line}, column ${column} (position ${position}) expected ${expected}.`,
    );
  }
}

function utf8(body: Buffer): string {
  if (!isUtf8(body)) throw new RequestRefused(400, "The body is not UTF-8.");
  // RFC 8259 §8.1 and spreadsheets: a byte order mark may stand first, and means nothing.
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
    ? body.toString("utf8", 3)
    : body.toString("utf8");
}

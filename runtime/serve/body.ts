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
  addJson(app, (text) => parseJson(text));
}

/**
 * On the routes of `app`, JSON in which `NaN` may stand for a missing value: Python's json writes it so, and with it
 * MLflow's and Triton's clients, though RFC 8259 has no such word.
 */
export function readPythonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser("application/json");
  addJson(app, (text) => parseJson(text, replaceNaN(text)));
}

/**
 * For the Open Inference Protocol: as `readPythonBodies`, and a body without Content-Type is JSON, as Triton's client
 * sends it. Its binary extension is refused by name.
 */
export function readInferenceBodies(app: FastifyInstance): void {
  readPythonBodies(app);
  app.addContentTypeParser<Buffer>("*", { parseAs: "buffer" }, (request, body, done) => {
    const type = request.headers["content-type"];
    try {
      if (request.headers["inference-header-content-length"] !== undefined) {
        throw new RequestRefused(400, "The binary tensor extension is not spoken here; send data as JSON.");
      }
      if (type !== undefined) throw unexpectedType(type);
      const text = utf8(body);
      done(null, parseJson(text, replaceNaN(text)));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** @param type the Content-Type; undefined when there is none */
export function unexpectedType(type: string | undefined): RequestRefused {
  const said = type === undefined ? "has no Content-Type" : `is ${JSON.stringify(type.slice(0, 100))}`;
  return new RequestRefused(415, `The body ${said}; expected application/json.`);
}

function addJson(app: FastifyInstance, parse: (text: string) => unknown): void {
  app.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (_request, body, done) => {
    try {
      done(null, parse(utf8(body)));
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

/** @param readable the text with its NaNs replaced, when there may be some; mistakes are placed in `text` */
function parseJson(text: string, readable?: string): unknown {
  try {
    return JSON.parse(readable ?? text) as unknown;
  } catch {
    if (text.trim() === "") throw new RequestRefused(400, "The body is empty; expected JSON.");
    const mistake = jsonMistake(text, readable !== undefined);
    if (mistake === null) throw new RequestRefused(400, "The body is not JSON.");
    const { position, line, column, expected } = mistake;
    throw new RequestRefused(
      400,
      `The body is not JSON: at line ${line}, column ${column} (position ${position}) expected ${expected}.`,
    );
  }
}

/** Writes null for each NaN outside of strings. */
function replaceNaN(text: string): string {
  if (!text.includes("NaN")) return text;
  let out = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    } else if (text.startsWith("NaN", at)) {
      out += `${text.slice(from, at)}null`;
      from = at + 3;
      at += 2;
    }
  }
  return out + text.slice(from);
}

function utf8(body: Buffer): string {
  if (!isUtf8(body)) throw new RequestRefused(400, "The body is not UTF-8.");
  // RFC 8259 §8.1 and spreadsheets: a byte order mark may stand first, and means nothing.
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
    ? body.toString("utf8", 3)
    : body.toString("utf8");
}

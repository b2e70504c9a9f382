/** Records of a CSV file (RFC 4180), byte by byte: where they start, how many fields they have, what is wrong. */
import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const WINDOW = 4 * 1024 * 1024;
/** A quoted field longer than this has lost its closing quote. */
const LONGEST = 64 * 1024 * 1024;

export interface CsvRecord {
  /** Line of its first byte, from 1. */
  readonly line: number;
  readonly fields: number;
  /** Its bytes, without the line's end; valid only during the callback. */
  readonly bytes: Buffer;
  readonly problem: string | null;
}

export interface CsvShape {
  /** Ends of lines that occur. */
  readonly newlines: ReadonlySet<"\n" | "\r\n" | "\r">;
  /** A blank line, or a quote inside an unquoted field: legible, but not to every reader. */
  readonly irregular: boolean;
}

interface Cursor {
  at: number;
  fields: number;
  newlines: number;
  bare: boolean;
  problem: string | null;
  /** The record's last byte + 1, before its line's end. */
  end: number;
  open: boolean;
}

/**
 * Calls `visit` for every record in order, blank lines left out.
 * @param visit Returns false to stop.
 */
export function readRecords(
  file: string,
  delimiter: string,
  visit: (record: CsvRecord) => boolean | undefined,
): CsvShape {
  const separator = delimiter.charCodeAt(0);
  const newlines = new Set<"\n" | "\r\n" | "\r">();
  let irregular = false;
  const handle = openSync(file, "r");
  try {
    let window = Buffer.alloc(0);
    let line = 1;
    let first = true;
    let ended = false;
    for (;;) {
      if (!ended) {
        const more = Buffer.allocUnsafe(WINDOW);
        const read = readSync(handle, more, 0, WINDOW, null);
        ended = read === 0;
        window =
          window.length === 0 ? more.subarray(0, read) : Buffer.concat([window, more.subarray(0, read)]);
      }
      let at = 0;
      if (first && window.length >= 3 && window[0] === 0xef && window[1] === 0xbb && window[2] === 0xbf)
        at = 3;
      first = false;
      const legible = isUtf8(ended ? window : window.subarray(0, window.lastIndexOf(NEWLINE) + 1));
      while (at < window.length) {
        const cursor = scan(window, at, separator, ended || window.length - at > LONGEST);
        if (cursor.open) break;
        const bytes = window.subarray(at, cursor.end);
        if (cursor.at > cursor.end) newlines.add(endOfLine(window, cursor.end));
        if (bytes.length === 0) irregular = true;
        else {
          if (cursor.bare) irregular = true;
          const problem = cursor.problem ?? (legible || isUtf8(bytes) ? null : "bytes that are not UTF-8");
          if (visit({ line, fields: cursor.fields, bytes, problem }) === false)
            return { newlines, irregular };
        }
        line += cursor.newlines;
        at = cursor.at;
      }
      window = window.subarray(at);
      if (ended && window.length === 0) return { newlines, irregular };
    }
  } finally {
    closeSync(handle);
  }
}

function endOfLine(window: Buffer, end: number): "\n" | "\r\n" | "\r" {
  if (window[end] === NEWLINE) return "\n";
  return window[end + 1] === NEWLINE ? "\r\n" : "\r";
}

/** One record from `start`; `open` when the window ends before it does and more may come (`last` false). */
function scan(window: Buffer, start: number, separator: number, last: boolean): Cursor {
  const cursor: Cursor = {
    at: start,
    fields: 1,
    newlines: 0,
    bare: false,
    problem: null,
    end: start,
    open: false,
  };
  const length = window.length;
  let at = start;
  for (;;) {
    // At the start of a field.
    if (window[at] === QUOTE) {
      const close = closingQuote(window, at + 1, cursor);
      if (close < 0) {
        if (!last) return { ...cursor, open: true };
        return unterminated(window, start);
      }
      at = close + 1;
      const next = window[at];
      if (at < length && next !== separator && next !== NEWLINE && next !== RETURN) {
        cursor.problem ??= "text after a closing quote";
      }
    }
    let byte = window[at];
    while (at < length && byte !== separator && byte !== NEWLINE && byte !== RETURN) {
      if (byte === QUOTE) cursor.bare = true;
      byte = window[++at];
    }
    if (at >= length) {
      if (!last) return { ...cursor, open: true };
      return { ...cursor, at: length, end: length };
    }
    if (byte === separator) {
      cursor.fields += 1;
      at += 1;
      continue;
    }
    cursor.end = at;
    if (byte === RETURN) {
      if (at + 1 >= length && !last) return { ...cursor, open: true };
      at += window[at + 1] === NEWLINE ? 2 : 1;
    } else at += 1;
    cursor.newlines += 1;
    cursor.at = at;
    return cursor;
  }
}

/** Place of the quote that closes a field, −1 when the window has none; counts the lines between. */
function closingQuote(window: Buffer, from: number, cursor: Cursor): number {
  let at = from;
  const length = window.length;
  while (at < length) {
    const byte = window[at];
    if (byte === QUOTE) {
      // A quote at the very end of a window may be the first half of a doubled one.
      if (window[at + 1] !== QUOTE) return at;
      at += 2;
      continue;
    }
    if (byte === NEWLINE || (byte === RETURN && window[at + 1] !== NEWLINE)) cursor.newlines += 1;
    at += 1;
  }
  return -1;
}

/** A quote that never closes: the record is its first line, so that the lines after it can still be read. */
function unterminated(window: Buffer, start: number): Cursor {
  let end = window.indexOf(NEWLINE, start);
  if (end < 0) end = window.length;
  const at = Math.min(end + 1, window.length);
  return {
    at,
    fields: 0,
    newlines: 1,
    bare: false,
    problem: "a quote that is never closed",
    end,
    open: false,
  };
}

export interface CsvField {
  /** The value, quotes taken off. */
  readonly value: string;
  /** Lines after the record's first line on which the field starts. */
  readonly line: number;
  /** Column of its first character on that line, in UTF-16 code units from 1. */
  readonly column: number;
}

/** The fields of one sound record. */
export function splitRecord(bytes: Buffer, delimiter: string): CsvField[] {
  const text = bytes.toString("utf8");
  const fields: CsvField[] = [];
  let at = 0;
  let line = 0;
  let lineStart = 0;
  for (;;) {
    const start = { line, column: at - lineStart + 1 };
    let value = "";
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const quote = text.indexOf('"', at);
        const close = quote < 0 ? text.length : quote;
        for (let i = at; i < close; i++) {
          if (text[i] === "\n" || (text[i] === "\r" && text[i + 1] !== "\n")) {
            line += 1;
            lineStart = i + 1;
          }
        }
        value += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        value += '"';
        at += 1;
      }
    }
    const end = text.indexOf(delimiter, at);
    const stop = end < 0 ? text.length : end;
    value += text.slice(at, stop);
    fields.push({ value, ...start });
    if (end < 0) return fields;
    at = stop + 1;
  }
}

/** CSV bodies (RFC 4180): quoted fields, doubled quotes, CRLF or LF. */

export interface CsvTable {
  readonly header: readonly string[];
  /** Fields as written; `quoted` is lost, so `""` and an empty field are alike. */
  readonly rows: readonly (readonly string[])[];
}

export interface CsvMistake {
  /** Line of the text from 1. */
  readonly line: number;
  readonly message: string;
}

/** Reads a whole text whose first line names the columns. Empty lines are left out; a leading BOM too. */
export function parseCsv(text: string): CsvTable | CsvMistake {
  const records: string[][] = [];
  const lines: number[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const fields: string[] = [];
    const started = line;
    for (;;) {
      if (text[at] === '"') {
        let value = "";
        for (;;) {
          const close = text.indexOf('"', at + 1);
          if (close < 0) return { line: started, message: "a quoted field is not closed" };
          const piece = text.slice(at + 1, close);
          line += countLines(piece);
          value += piece;
          at = close + 1;
          if (text[at] !== '"') break;
          value += '"';
        }
        fields.push(value);
        if (at < text.length && !",\r\n".includes(text[at]!)) {
          return { line, message: "a comma or a new line must follow a quoted field" };
        }
      } else {
        let end = at;
        while (end < text.length && !",\r\n".includes(text[end]!)) end++;
        fields.push(text.slice(at, end));
        at = end;
      }
      if (text[at] !== ",") break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    if (fields.length > 1 || fields[0] !== "") {
      records.push(fields);
      lines.push(started);
    }
  }
  const header = records[0];
  if (header === undefined) return { line: 1, message: "a first line with the column names is missing" };
  for (const [i, record] of records.entries()) {
    if (record.length !== header.length) {
      return {
        line: lines[i] ?? 1,
        message: `${record.length} fields, but the first line names ${header.length}`,
      };
    }
  }
  return { header, rows: records.slice(1) };
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

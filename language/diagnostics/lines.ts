/** From offsets of a text to lines and columns, and back. */
import type { Range } from "./diagnostic.ts";

interface Span {
  readonly start: number;
  readonly end: number;
}

export class Lines {
  readonly text: string;
  /** The offset at which each line begins. */
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
    this.#starts = starts;
  }

  /** Line and column of an offset, both from 1. */
  position(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 };
  }

  range(span: Span): Range {
    const start = this.position(span.start);
    const end = this.position(Math.max(span.start, span.end)); // what the parser added has no length
    return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }

  /** The offset of a line and column; beyond the text, its end. */
  offset(line: number, column: number): number {
    const start = this.#starts[line - 1] ?? this.text.length;
    return Math.min(start + column - 1, this.text.length);
  }

  /** One line's text, without its line break; empty beyond the text. */
  line(number: number): string {
    const start = this.#starts[number - 1];
    if (start === undefined) return "";
    const end = this.#starts[number] ?? this.text.length + 1;
    return this.text.slice(start, end - 1).replace(/\r$/, "");
  }
}

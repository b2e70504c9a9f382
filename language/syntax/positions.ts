/** Offsets in a text, and lines and columns. */

/** Both count from 0; `column` in UTF-16 code units, as the Language Server Protocol does by default. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The lines of one text, for many look-ups. `\n`, `\r\n` and a lone `\r` end a line. */
export class Lines {
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.#starts = lineStarts(text);
  }

  /** How many lines there are; an empty text has one. */
  get count(): number {
    return this.#starts.length;
  }

  /** Where an offset stands; one outside the text counts as its nearest end. O(log lines). */
  positionOf(offset: number): Position {
    const within = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.startOf(middle) <= within) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: within - this.startOf(low) };
  }

  /** The offset of a position; a column behind the line's last character counts as the line's end. */
  offsetOf(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.count) return this.text.length;
    const start = this.startOf(position.line);
    return Math.min(start + Math.max(0, position.column), start + this.lineAt(position.line).length);
  }

  /** A line's text without its line break; "" outside the text. */
  lineAt(line: number): string {
    if (line < 0 || line >= this.count) return "";
    const next = this.#starts[line + 1];
    return this.text.slice(this.startOf(line), next ?? this.text.length).replace(/\r?\n$|\r$/, "");
  }

  private startOf(line: number): number {
    return this.#starts[line] ?? this.text.length;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

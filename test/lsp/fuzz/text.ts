/** A text as a client keeps it, and changes of it as the protocol writes them. */
import type { Position, Range } from "vscode-languageserver-protocol/node";

/** One change; without a range the whole text. */
export interface Change {
  readonly range?: Range;
  readonly text: string;
}

/** Where each line begins; lines end with `\n`, `\r\n` or `\r`, as the protocol says. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  return starts;
}

export function positionAt(text: string, offset: number): Position {
  const starts = lineStarts(text);
  const line = starts.findLastIndex((start) => start <= offset);
  return { line, character: offset - starts[line]! };
}

/** The change that puts `text` in place of a piece of `before`. */
export const replacing = (before: string, start: number, end: number, text: string): Change => ({
  range: { start: positionAt(before, start), end: positionAt(before, end) },
  text,
});

/** Offsets where a client can have its cursor: never inside a line break. */
export const isPlace = (text: string, offset: number): boolean =>
  !(text[offset - 1] === "\r" && text[offset] === "\n");

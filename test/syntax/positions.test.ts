import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lines } from "../../language/syntax/positions.ts";

describe("positions", () => {
  const lines = new Lines("ab\n\r\nc😀d\re");

  it("count lines and columns from 0, in UTF-16 code units", () => {
    expect(lines.count).toBe(4);
    expect(lines.positionOf(0)).toEqual({ line: 0, column: 0 });
    expect(lines.positionOf(2)).toEqual({ line: 0, column: 2 });
    expect(lines.positionOf(3)).toEqual({ line: 1, column: 0 });
    expect(lines.positionOf(8)).toEqual({ line: 2, column: 3 });
    expect(lines.positionOf(10)).toEqual({ line: 3, column: 0 });
  });

  it("give a line's text without its line break", () => {
    expect([0, 1, 2, 3, 4].map((line) => lines.lineAt(line))).toEqual(["ab", "", "c😀d", "e", ""]);
  });

  it("take what is outside the text for its nearest end", () => {
    expect(lines.positionOf(-1)).toEqual({ line: 0, column: 0 });
    expect(lines.positionOf(99)).toEqual({ line: 3, column: 1 });
    expect(lines.offsetOf({ line: 0, column: 99 })).toBe(2);
    expect(lines.offsetOf({ line: 99, column: 0 })).toBe(11);
    expect(lines.offsetOf({ line: -1, column: 5 })).toBe(0);
  });

  it("are offsets again", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "\n", "\r\n", "é")), (parts) => {
        const text = parts.join("");
        const all = new Lines(text);
        for (let offset = 0; offset <= text.length; offset++) {
          // Between `\r` and `\n` there is no position of its own.
          if (text[offset - 1] !== "\r") expect(all.offsetOf(all.positionOf(offset))).toBe(offset);
        }
      }),
    );
  });
});

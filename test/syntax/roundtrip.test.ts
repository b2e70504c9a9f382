import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BlockLayout, format } from "../../language/syntax/format.ts";
import { parse } from "../../language/syntax/parse.ts";
import { printTree } from "../../language/syntax/print.ts";
import type { SourceTree } from "../../language/syntax/tree.ts";
import { anyItems, shape } from "./generate.ts";
import { type Style, write } from "./write.ts";

const anyStyle = fc.constantFrom<Style>("lines", "commas");
const anyLayout = fc.constantFrom<BlockLayout>("one-line", "many-lines", "as-fits");

describe("a tree that is written and read again", () => {
  it("is the same tree", () => {
    fc.assert(
      fc.property(anyItems, anyStyle, (items, style) => {
        const tree = parse(write(items, style));
        expect(tree.errors).toEqual([]);
        expect(shape(tree.items)).toBe(shape(items));
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives back its text", () => {
    fc.assert(
      fc.property(anyItems, anyStyle, (items, style) => {
        const text = write(items, style);
        expect(printTree(parse(text))).toBe(text);
      }),
    );
  });
});

describe("the layout", () => {
  it("keeps the tree and every comment, and is its own layout", () => {
    fc.assert(
      fc.property(
        anyItems,
        anyStyle,
        anyLayout,
        fc.array(fc.nat(), { maxLength: 6 }),
        (items, style, layout, places) => {
          const tree = withComments(parse(write(items, style)), places);
          const formatted = format(tree, () => layout);
          const again = parse(formatted);
          expect(again.errors.filter(({ code }) => code !== "ML1109")).toEqual([]);
          expect(shape(again.items)).toBe(shape(tree.items));
          expect(comments(again)).toEqual(comments(tree));
          expect(format(again, () => layout)).toBe(formatted);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("leaves no blanks at the ends of lines and ends with one line break", () => {
    fc.assert(
      fc.property(anyItems, anyLayout, (items, layout) => {
        const formatted = format(parse(write(items)), () => layout);
        const outsideTexts = formatted.replace(/"(?:[^"\\\n]|\\.)*"|`[^`\n]*`|\/\/\/.*/g, "x");
        expect(outsideTexts).not.toMatch(/[ \t]$/m);
        expect(formatted === "" || /[^\n]\n$/.test(formatted)).toBe(true);
      }),
    );
  });
});

/** Puts comments between tokens wherever the tree stays the same. */
function withComments(tree: SourceTree, places: readonly number[]): SourceTree {
  let current = tree;
  for (const [index, place] of places.entries()) {
    const { tokens } = current;
    const at = place % (tokens.length + 1);
    const note =
      place % 3 === 0
        ? `\n// own ${index}\n`
        : place % 3 === 1
          ? ` // trailing ${index}\n`
          : `\n\n//${index}\n\n`;
    const text = [
      ...tokens.slice(0, at).map((token) => token.text),
      note,
      ...tokens.slice(at).map((token) => token.text),
    ].join("");
    const commented = parse(text);
    if (commented.errors.length === 0 && shape(commented.items) === shape(tree.items)) current = commented;
  }
  return current;
}

function comments(tree: SourceTree): string[] {
  return tree.tokens
    .filter(({ type }) => type === "comment" || type === "doc")
    .map(({ text }) => text.trimEnd());
}

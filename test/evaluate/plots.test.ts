import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ticks } from "../../runtime/evaluate/plots/axes.ts";
import { drawPlots } from "../../runtime/evaluate/plots/plots.ts";
import { binary, multiclass, regression } from "./examples.ts";

/** Every element is closed in order, and no attribute or text holds a bare number that is none. */
function expectWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, closing, name = "", self] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/gi)) {
    if (self === "/") continue;
    if (closing === "/") expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
}

describe("plots", () => {
  const scored = binary([1, 0, 1, 0], [0.9, 0.8, 0.3, 0.1]);

  it("are well-formed for whatever was predicted", () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.constantFrom(0, 0.2, 0.5, 0.9, 1));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const plots = drawPlots(
          binary(
            rows.map(([y]) => y),
            rows.map(([, p]) => p),
          ),
          [],
        );
        for (const svg of Object.values(plots)) expectWellFormed(svg);
      }),
      { numRuns: 30 },
    );
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 }), (rows) => {
        const plots = drawPlots(
          regression(
            rows.map(([y]) => y),
            rows.map(([, p]) => p),
          ),
          [],
        );
        expectWellFormed(plots["residuals"]!);
      }),
      { numRuns: 30 },
    );
  });

  it("show each class of several", () => {
    const plots = drawPlots(
      multiclass(
        [0, 1, 2],
        [
          [0.8, 0.1, 0.1],
          [0.1, 0.8, 0.1],
          [0.1, 0.1, 0.8],
        ],
      ),
      [],
    );
    expect(plots["roc"]!.match(/AUC 1\.000/g)).toHaveLength(3);
    expect(plots["confusion"]!.match(/100\.0%/g)).toHaveLength(3);
  });

  it("say what the axes are, and follow the reader's colour scheme", () => {
    for (const svg of Object.values(drawPlots(scored, [{ name: "income", gain: 2 }]))) {
      expect(svg).toContain("@media (prefers-color-scheme: dark)");
      expect(svg).toContain('role="img"');
    }
    const { roc, importance } = drawPlots(scored, [
      { name: "income", gain: 3 },
      { name: "area", gain: 1 },
    ]);
    expect(roc).toContain(">False positive rate<");
    expect(roc).toContain("AUC 0.750");
    expect(importance).toContain(">75.0%<");
  });

  it("escape names", () => {
    const { importance } = drawPlots(scored, [{ name: 'a<b&"c"', gain: 1 }]);
    expect(importance).toContain("a&lt;b&amp;&quot;c&quot;");
    expectWellFormed(importance!);
  });
});

describe("ticks", () => {
  it("are round numbers within the range", () => {
    expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(-7300, 4700, 5)).toEqual([-5000, 0]);
    expect(ticks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
  });
});

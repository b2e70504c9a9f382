/** Parts of testing that have no pipeline around them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoadedTable } from "../../runtime/data/load.ts";
import { lineDiff } from "../../runtime/test/line-diff.ts";
import { raised, swapped } from "../../runtime/test/variations.ts";
import { column } from "../data/steps.ts";

describe("a diff of lines", () => {
  it("shows changes with the lines around them", () => {
    const before = ["a", "b", "c", "d", "e", "f", "g", "h"].join("\n");
    expect(lineDiff(before, before.replace("e", "E").concat("\ni"))).toEqual([
      "…",
      "  c",
      "  d",
      "- e",
      "+ E",
      "  f",
      "  g",
      "  h",
      "+ i",
    ]);
    expect(lineDiff("a", "b")).toEqual(["- a", "+ b"]);
  });

  it("holds both texts: without its `+` lines it is the one, without its `-` lines the other", () => {
    const texts = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const lines = lineDiff(a.join("\n"), b.join("\n"));
        if (lines.includes("…")) return;
        const side = (sign: string) =>
          lines.filter((line) => !line.startsWith(sign)).map((line) => line.slice(2));
        if (a.join() === b.join()) return;
        expect(side("+")).toEqual(a);
        expect(side("-")).toEqual(b);
      }),
    );
  });
});

const table: LoadedTable = {
  rows: 4,
  rowIds: Float64Array.from([0, 1, 2, 3]),
  columns: new Map([
    ["area", { type: "string", levels: ["north", "south"], codes: Int32Array.from([0, 1, 0, -1]) }],
    ["member", { type: "number", values: Float64Array.from([0, 1, Number.NaN, 1]) }],
    ["income", { type: "number", values: Float64Array.from([100, 0, Number.NaN, -10]) }],
  ]),
};

describe("another value of a column", () => {
  it("is every other that occurs, and never one for a missing value", () => {
    expect(swapped(table, "area").map(({ changed }) => changed)).toEqual([
      [{ row: 1, from: "south", to: "north" }],
      [
        { row: 0, from: "north", to: "south" },
        { row: 2, from: "north", to: "south" },
      ],
    ]);
    expect(swapped(table, "member").map(({ changed }) => changed)).toEqual([
      [
        { row: 0, from: "false", to: "true" },
        { row: 1, from: "true", to: "false" },
        { row: 3, from: "true", to: "false" },
      ],
    ]);
  });

  it("is a share higher, in whole numbers where the column has them, and no higher than the schema allows", () => {
    const [float] = raised(table, column("income", "float"), 0.2);
    expect(float?.changed).toEqual([
      { row: 0, from: "100", to: "120" },
      { row: 3, from: "-10", to: "-8" },
    ]);
    const [whole] = raised(table, column("income", "int"), 0.015);
    expect(whole?.changed[0]).toEqual({ row: 0, from: "100", to: "102" });
    const [bounded] = raised(table, column("income", "float", { max: 110 }), 0.2);
    expect(bounded?.changed.map(({ row }) => row)).toEqual([3]);
  });
});

import { describe, expect, it } from "vitest";
import { ONNX_RULES } from "../../runtime/graph/onnx/table.ts";
import { OPERATIONS } from "../../runtime/graph/ops/table.ts";
import { interpret, REFERENCE_RULES } from "../../runtime/graph/reference.ts";
import { CASES, feedsOf, graphOf } from "./cases.ts";

describe("the table of operations", () => {
  it("is covered by the cases of this folder", () => {
    const used = new Set(CASES.flatMap((example) => graphOf(example).ops.map((op) => op.op)));
    expect([...OPERATIONS.keys()].filter((name) => !used.has(name))).toEqual([]);
  });

  it("has a reference and a form in ONNX for each", () => {
    expect([...REFERENCE_RULES.keys()].toSorted()).toEqual([...OPERATIONS.keys()].toSorted());
    expect([...ONNX_RULES.keys()].toSorted()).toEqual([...OPERATIONS.keys()].toSorted());
  });
});

describe("gradients against finite differences in float64", () => {
  it.each(CASES.map((example) => [example.name, example] as const))("%s", (_, example) => {
    const graph = graphOf(example);
    const feeds = Object.fromEntries(
      Object.entries(feedsOf(example)).map(([name, tensor]) => [name, Float64Array.from(tensor.data)]),
    );
    const run = (): ReturnType<typeof interpret> =>
      interpret(graph, Object.fromEntries(Object.entries(feeds).map(([name, data]) => [name, { data }])));
    const found = run();
    for (const [name, { ids }] of Object.entries(example.inputs)) {
      if (ids !== undefined) continue;
      const data = feeds[name]!;
      const slopes = found[`d ${name}`]!.data;
      expect(slopes.length).toBe(data.length);
      // Of a large table, the rows that are looked up and a few others.
      for (let at = 0; at < Math.min(data.length, 120); at++) {
        const step = 1e-5;
        const kept = data[at]!;
        data[at] = kept + step;
        const above = run()["loss"]!.data[0]!;
        data[at] = kept - step;
        const below = run()["loss"]!.data[0]!;
        data[at] = kept;
        expect(slopes[at], `${name}[${at}]`).toBeCloseTo((above - below) / (2 * step), 6);
      }
    }
  });
});

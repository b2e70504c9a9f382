/** Whatever is drawn: boxes do not overlap, arrows go from left to right and over no box, groups hold their own. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Layout, layOut } from "../../language/graph/layout.ts";
import { graphSvg } from "../../language/graph/svg.ts";
import type { View, ViewNode } from "../../language/graph/view.ts";

const KINDS = ["dataset", "features", "model", "evaluation", "gate", "release", "deployment"];

/** A random pipeline: each node needs some of those before it; some belong to instances of templates. */
const anyView = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(), { maxLength: 3 }),
      group: fc.option(fc.constantFrom("north", "south", "a_very_long_name_of_an_instance"), { freq: 2 }),
      kind: fc.constantFrom(...KINDS),
      name: fc.constantFrom("a", "scorer", "数据", "a_name_that_is_much_longer_than_a_box_may_become_wide"),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((entries): View => {
    const nodes = entries.map(({ group, kind, name }, index): ViewNode => {
      const own = `${name}${index}`;
      const full = group === null ? own : `${group}.${own}`;
      const variant = kind === "model" ? "gradient_boosted_trees" : null;
      return {
        id: `${kind}.${full}`,
        name: full,
        kind,
        variant,
        doc: null,
        external: null,
        stateful: kind === "release",
        group,
      };
    });
    const edges = entries.flatMap(({ needs }, index) =>
      index === 0
        ? []
        : [...new Set(needs.map((need) => need % index))].map((from) => ({
            from: nodes[from]!.id,
            to: nodes[index]!.id,
          })),
    );
    return { nodes, edges };
  });

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
const within = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/** Boxes that an arrow's path touches and that are not its ends: sampled along the curves and the straight parts. */
function crossed({ nodes, edges }: Layout): string[] {
  return edges.flatMap(({ edge, start, spans }) => {
    const points = spans.flatMap(([from, to], index) => {
      const straight = line((spans[index - 1]?.[1] ?? start).x, from.x).map((x) => ({ x, y: from.y }));
      const curve = line(0, 1).map((t) => ({
        x: bezier(t, from.x, (from.x + to.x) / 2, (from.x + to.x) / 2, to.x),
        y: bezier(t, from.y, from.y, to.y, to.y),
      }));
      return [...straight, ...curve];
    });
    const others = nodes.filter(({ node }) => node.id !== edge.from && node.id !== edge.to);
    return others
      .filter((box) => points.some((point) => !apart(box, { ...point, width: 0, height: 0 })))
      .map(({ node }) => `${edge.from} → ${edge.to} over ${node.id}`);
  });
}
const line = (from: number, to: number): number[] =>
  Array.from({ length: 21 }, (_, i) => from + ((to - from) * i) / 20);
const bezier = (t: number, a: number, b: number, c: number, d: number): number =>
  (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;

describe("a drawing", () => {
  it("overlaps nothing, leads arrows from left to right, and keeps groups to themselves", () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const layout = layOut(view);
        const page = { x: 0, y: 0, width: layout.width, height: layout.height };
        const byId = new Map(layout.nodes.map((box) => [box.node.id, box]));
        for (const [index, box] of layout.nodes.entries()) {
          expect(within(box, page)).toBe(true);
          for (const other of layout.nodes.slice(index + 1)) expect(apart(box, other)).toBe(true);
        }
        for (const { edge, start, spans } of layout.edges) {
          const [from, to] = [byId.get(edge.from)!, byId.get(edge.to)!];
          expect(from.x + from.width).toBeLessThan(to.x);
          expect(start.x).toBe(from.x + from.width);
          expect(spans.at(-1)![1].x).toBe(to.x);
          for (const [a, b] of spans) expect(a.x).toBeLessThan(b.x);
        }
        expect(crossed(layout)).toEqual([]);
        for (const [index, group] of layout.groups.entries()) {
          expect(within(group, page)).toBe(true);
          for (const box of layout.nodes)
            expect([
              box.node.id,
              box.node.group === group.name ? within(box, group) : apart(box, group),
            ]).toEqual([box.node.id, true]);
          for (const other of layout.groups.slice(index + 1)) expect(apart(group, other)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is the same, byte for byte, every time", () => {
    fc.assert(
      fc.property(anyView, (view) => {
        expect(graphSvg(view, "spec.mlops")).toBe(graphSvg(structuredClone(view), "spec.mlops"));
      }),
      { numRuns: 20 },
    );
  });

  it("straightens a chain", () => {
    const node = (id: string): ViewNode => ({
      id,
      name: id,
      kind: "model",
      variant: null,
      doc: null,
      external: null,
      stateful: false,
      group: null,
    });
    const ids = ["a", "b", "c", "d"];
    const edges = ids.slice(1).map((to, index) => ({ from: ids[index]!, to }));
    const { nodes } = layOut({ nodes: ids.map(node), edges });
    expect(new Set(nodes.map(({ y }) => y)).size).toBe(1);
  });

  it("uncrosses what can be uncrossed", () => {
    const node = (id: string): ViewNode => ({
      id,
      name: id,
      kind: "model",
      variant: null,
      doc: null,
      external: null,
      stateful: false,
      group: null,
    });
    const edges = ["a d", "b c", "b e", "a f"].map((pair) => ({
      from: pair.split(" ")[0]!,
      to: pair.split(" ")[1]!,
    }));
    const { edges: placed } = layOut({ nodes: [..."abcdef"].map(node), edges });
    const ends = placed
      .map(({ spans }) => [spans[0]![0].y, spans.at(-1)![1].y] as const)
      .sort((a, b) => a[0] - b[0]);
    expect(ends.map(([, y]) => y)).toEqual([...ends.map(([, y]) => y)].sort((a, b) => a - b));
  });
});

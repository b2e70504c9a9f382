/** Where everything of a drawing stands: boxes in columns, arrows between them, groups around them. */

import { NODE_HEIGHT, placeHeights } from "./heights.ts";
import { orderColumns } from "./order.ts";
import { rankView } from "./ranks.ts";
import { widthOf } from "./text-width.ts";
import { kindText, type View, type ViewEdge, type ViewNode } from "./view.ts";

/** Pixels. Letters of the two fonts are at most this wide on the whole; no font is asked. */
const NAME_LETTER = 8.4;
const KIND_LETTER = 6.5;
const NAME_LONGEST = 30;
const KIND_LONGEST = 36;
const INSIDE = 14;
const NARROWEST = 96;
const GAP = 72;
const MARGIN = 24;
const GROUP_PADDING = 16;

export interface PlacedNode {
  readonly node: ViewNode;
  /** Both lines as they fit, with an ellipsis where they do not. */
  readonly name: string;
  readonly kind: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly edge: ViewEdge;
  /** Where it leaves its box. */
  readonly start: Point;
  /** It is straight in a column and curved between two: pairs of points, each pair one crossing of a gap. */
  readonly spans: readonly (readonly [from: Point, to: Point])[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedGroup {
  readonly name: string;
  /** The name as it fits. */
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly groups: readonly PlacedGroup[];
}

export function layOut(view: View): Layout {
  const ranked = rankView(view);
  const columns = orderColumns(ranked);
  const { middles, boxes } = placeHeights(columns, ranked.segments);
  const labels = new Map(view.nodes.map((node) => [node.id, labelOf(node)]));
  const widths = columns.map((column) => Math.max(0, ...column.map(({ id }) => labels.get(id)?.width ?? 0)));
  const lefts = widths.map((_, rank) => MARGIN + sum(widths.slice(0, rank)) + rank * GAP);
  const rankOf = new Map(ranked.items.map(({ id, rank }) => [id, rank]));
  const nodes = view.nodes.map((node): PlacedNode => {
    const { name, kind, width } = labels.get(node.id)!;
    const y = MARGIN + middles.get(node.id)! - NODE_HEIGHT / 2;
    return { node, name, kind, x: lefts[rankOf.get(node.id)!]!, y, width, height: NODE_HEIGHT };
  });
  const groups = [...boxes].map(([name, { top, bottom }]): PlacedGroup => {
    const ranks = ranked.items.filter(({ group }) => group === name).map(({ rank }) => rank);
    const [first, last] = [Math.min(...ranks), Math.max(...ranks)];
    const x = lefts[first]! - GROUP_PADDING;
    const width = lefts[last]! + widths[last]! + GROUP_PADDING - x;
    const label = shortened(name, Math.floor((width - 2 * INSIDE) / KIND_LETTER));
    return { name, label, x, y: MARGIN + top, width, height: bottom - top };
  });
  const bottoms = [...nodes, ...groups].map(({ y, height }) => y + height);
  const last = columns.length - 1;
  return {
    width: last < 0 ? 2 * MARGIN : lefts[last]! + widths[last]! + MARGIN,
    height: Math.max(0, ...bottoms, ...[...middles.values()].map((y) => y + MARGIN)) + MARGIN,
    nodes,
    edges: routeEdges(view, ranked.routes, { lefts, widths, middles, rankOf, labels }),
    groups,
  };
}

interface Places {
  readonly lefts: readonly number[];
  readonly widths: readonly number[];
  readonly middles: ReadonlyMap<string, number>;
  readonly rankOf: ReadonlyMap<string, number>;
  readonly labels: ReadonlyMap<string, Label>;
}

/** Each arrow from the right side of a box to the left side of another, ends of several side by side. */
function routeEdges(
  { edges }: View,
  routes: readonly (readonly string[])[],
  { lefts, widths, middles, rankOf, labels }: Places,
): PlacedEdge[] {
  const leave = ports(
    edges.map(({ from }) => from),
    routes.map((route) => middles.get(route[1]!)!),
  );
  const arrive = ports(
    edges.map(({ to }) => to),
    routes.map((route) => middles.get(route.at(-2)!)!),
  );
  return edges.map((edge, index) => {
    const route = routes[index]!;
    const spans = route.slice(1).map((id, step): readonly [Point, Point] => {
      const before = route[step]!;
      const rank = rankOf.get(before)!;
      const isFirst = step === 0;
      const isLast = step === route.length - 2;
      const from = MARGIN + middles.get(before)! + (isFirst ? leave[index]! : 0);
      const to = MARGIN + middles.get(id)! + (isLast ? arrive[index]! : 0);
      return [
        { x: lefts[rank]! + widths[rank]!, y: from },
        { x: lefts[rank + 1]!, y: to },
      ];
    });
    const x = lefts[rankOf.get(edge.from)!]! + labels.get(edge.from)!.width;
    return { edge, start: { x, y: spans[0]![0].y }, spans };
  });
}

/** How far from a box's middle each arrow touches it: in the order of where they come from or go. */
function ports(ends: readonly string[], others: readonly number[]): number[] {
  const offsets = ends.map(() => 0);
  for (const end of new Set(ends)) {
    const here = ends
      .flatMap((id, index) => (id === end ? [index] : []))
      .sort((a, b) => others[a]! - others[b]!);
    const step = Math.min(10, (NODE_HEIGHT - 16) / Math.max(1, here.length - 1));
    for (const [place, index] of here.entries()) offsets[index] = (place - (here.length - 1) / 2) * step;
  }
  return offsets;
}

interface Label {
  readonly name: string;
  readonly kind: string;
  readonly width: number;
}

function labelOf(node: ViewNode): Label {
  const name = shortened(
    node.group === null ? node.name : node.name.slice(node.group.length + 1),
    NAME_LONGEST,
  );
  const kind = shortened(kindText(node), KIND_LONGEST);
  const text = Math.max(widthOf(name) * NAME_LETTER, widthOf(kind) * KIND_LETTER);
  return { name, kind, width: Math.max(NARROWEST, Math.ceil(text + 2 * INSIDE)) };
}

/** The whole stands in the box's tooltip. */
function shortened(text: string, longest: number): string {
  const letters = [...text];
  return letters.length <= longest ? text : `${letters.slice(0, longest - 1).join("")}…`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Where each item of a column stands, from the top down: near what it is linked to, never over another. */
import type { Columns, Item, Segment } from "./ranks.ts";

export const NODE_HEIGHT = 44;
const PASS_HEIGHT = 12;
/** Between two items, and between an item and the box of a group. */
const SPACE = 18;
const PADDING = 14;
/** Above the items of a group, where its name stands. */
const HEADING = 20;
const SWEEPS = 60;

export interface Heights {
  /** The middle of each item, from the drawing's top. */
  readonly middles: ReadonlyMap<string, number>;
  readonly boxes: ReadonlyMap<string, { readonly top: number; readonly bottom: number }>;
}

/** Something that moves as one: an item, or a group with all that is in it. */
interface Body {
  readonly height: number;
  /** Middles of the items in it, from its own top. */
  readonly inside: ReadonlyMap<string, number>;
  readonly group: string | null;
}

export function placeHeights(columns: Columns, segments: readonly Segment[]): Heights {
  const bodies = new Map<string, Body>();
  const bodyOf = new Map<string, string>();
  const groups = new Set(columns.flat().flatMap((item) => item.group ?? []));
  for (const group of groups) {
    const own = columns.map((column) => column.filter((item) => item.group === group));
    const ids = new Set(own.flat().map(({ id }) => id));
    const within = segments.filter(({ from, to }) => ids.has(from) && ids.has(to));
    const { tops, height } = settle(
      singles(own),
      own.map((column) => column.map(({ id }) => id)),
      within,
      byItself,
    );
    const inside = new Map(
      own.flat().map((item) => [item.id, HEADING + tops.get(item.id)! + heightOf(item) / 2]),
    );
    bodies.set(`group ${group}`, { height: HEADING + height + PADDING, inside, group });
    for (const id of ids) bodyOf.set(id, `group ${group}`);
  }
  for (const item of columns.flat()) {
    if (item.group !== null) continue;
    bodies.set(item.id, single(item));
    bodyOf.set(item.id, item.id);
  }
  const order = columns.map((column) => [...new Set(column.map(({ id }) => bodyOf.get(id)!))]);
  const { tops } = settle(bodies, order, segments, (id) => bodyOf.get(id)!);
  const middles = new Map<string, number>();
  const boxes = new Map<string, { top: number; bottom: number }>();
  for (const [key, { inside, group, height }] of bodies) {
    const top = tops.get(key)!;
    for (const [id, middle] of inside) middles.set(id, top + middle);
    if (group !== null) boxes.set(group, { top, bottom: top + height });
  }
  return { middles, boxes };
}

const heightOf = ({ is }: Item): number => (is === "node" ? NODE_HEIGHT : is === "pass" ? PASS_HEIGHT : 0);
const single = (item: Item): Body => ({
  height: heightOf(item),
  inside: new Map([[item.id, heightOf(item) / 2]]),
  group: null,
});
const singles = (columns: Columns) => new Map(columns.flat().map((item) => [item.id, single(item)]));
const byItself = (id: string): string => id;

/**
 * The top of each body. They start as high as they can; then each in turn moves towards what it is linked to, as far
 * as its neighbours in all of its columns let it.
 */
function settle(
  bodies: ReadonlyMap<string, Body>,
  order: readonly (readonly string[])[],
  segments: readonly Segment[],
  bodyOf: (id: string) => string,
): { readonly tops: Map<string, number>; readonly height: number } {
  const { above, below } = neighbours(order);
  const sorted = topDown(bodies, above);
  const tops = new Map<string, number>();
  const highest = (id: string) =>
    Math.max(
      0,
      ...(above.get(id) ?? []).map((other) => tops.get(other)! + bodies.get(other)!.height + SPACE),
    );
  for (const id of sorted) tops.set(id, highest(id));
  const links = linksOf(bodies, segments, bodyOf);
  const lowest = Math.max(0, ...sorted.map((id) => tops.get(id)! + bodies.get(id)!.height));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    // Downwards moves need room below, so the lowest go first; upwards the highest.
    for (const id of sweep % 2 === 0 ? [...sorted].reverse() : sorted) {
      const wish = wished(id, links, tops);
      if (wish === null) continue;
      const room = (below.get(id) ?? []).map((other) => tops.get(other)! - SPACE);
      const most = Math.min(lowest, ...room) - bodies.get(id)!.height;
      tops.set(id, Math.max(highest(id), Math.min(most, wish)));
    }
  }
  const first = Math.min(...tops.values());
  for (const [id, top] of tops) tops.set(id, Math.round(top - first));
  return { tops, height: Math.max(0, ...[...tops].map(([id, top]) => top + bodies.get(id)!.height)) };
}

/** By body, what stands right above and right below it in any column. */
function neighbours(order: readonly (readonly string[])[]) {
  const above = new Map<string, string[]>();
  const below = new Map<string, string[]>();
  for (const column of order) {
    for (const [place, id] of column.entries()) {
      const next = column[place + 1];
      if (next === undefined) continue;
      below.set(id, [...(below.get(id) ?? []), next]);
      above.set(next, [...(above.get(next) ?? []), id]);
    }
  }
  return { above, below };
}

function topDown(bodies: ReadonlyMap<string, Body>, above: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const sorted: string[] = [];
  const visit = (id: string): void => {
    if (done.has(id)) return;
    done.add(id);
    for (const other of above.get(id) ?? []) visit(other);
    sorted.push(id);
  };
  for (const id of bodies.keys()) visit(id);
  return sorted;
}

interface Link {
  readonly other: string;
  /** Where the arrow leaves and arrives, from the top of each. */
  readonly here: number;
  readonly there: number;
}

function linksOf(
  bodies: ReadonlyMap<string, Body>,
  segments: readonly Segment[],
  bodyOf: (id: string) => string,
): ReadonlyMap<string, readonly Link[]> {
  const links = new Map<string, Link[]>();
  for (const { from, to } of segments) {
    const [a, b] = [bodyOf(from), bodyOf(to)];
    if (a === b) continue;
    const [out, into] = [bodies.get(a)!.inside.get(from)!, bodies.get(b)!.inside.get(to)!];
    links.set(a, [...(links.get(a) ?? []), { other: b, here: out, there: into }]);
    links.set(b, [...(links.get(b) ?? []), { other: a, here: into, there: out }]);
  }
  return links;
}

/** The top at which a body's arrows are straightest on the whole; null when it has none. */
function wished(
  id: string,
  links: ReadonlyMap<string, readonly Link[]>,
  tops: ReadonlyMap<string, number>,
): number | null {
  const own = links.get(id) ?? [];
  if (own.length === 0) return null;
  const places = own.map(({ other, here, there }) => tops.get(other)! + there - here).sort((a, b) => a - b);
  // The median: one arrow from far away does not pull everything with it.
  const middle = Math.floor(places.length / 2);
  return places.length % 2 === 1 ? places[middle]! : (places[middle - 1]! + places[middle]!) / 2;
}

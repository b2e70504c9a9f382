/** The order of each column, so that few arrows cross: barycentres, down and up, then swaps of neighbours. */
import { countCrossings } from "./crossings.ts";
import type { Columns, Item, Ranked, Segment } from "./ranks.ts";

/** More sweeps than this changed nothing in any drawing tried. */
const SWEEPS = 16;
/** Swapping neighbours costs a count for each pair; larger drawings keep what the sweeps found. */
const MOST_SWAPPED = 400;

export function orderColumns({ items, segments, ranks }: Ranked): Columns {
  const columns = Array.from({ length: ranks }, (_, rank) => items.filter((item) => item.rank === rank));
  const links = linksOf(segments);
  let current = arranged(columns, byPlace(columns), groupOrder(columns));
  let best = current;
  let fewest = countCrossings(best, segments);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    current = swept(current, links, sweep % 2 === 0);
    const crossings = countCrossings(current, segments);
    if (crossings < fewest) [best, fewest] = [current, crossings];
  }
  return items.length > MOST_SWAPPED ? best : swapped(best, segments);
}

interface Links {
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly after: ReadonlyMap<string, readonly string[]>;
}

function linksOf(segments: readonly Segment[]): Links {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  for (const { from, to } of segments) {
    after.set(from, [...(after.get(from) ?? []), to]);
    before.set(to, [...(before.get(to) ?? []), from]);
  }
  return { before, after };
}

function byPlace(columns: Columns): Map<string, number> {
  return new Map(columns.flatMap((column) => column.map((item, place) => [item.id, place] as const)));
}

/** Every column in turn, by the mean place of what its items are linked to on one side. */
function swept(columns: Columns, links: Links, rightwards: boolean): Columns {
  const side = rightwards ? links.before : links.after;
  const places = byPlace(columns);
  const next = columns.map((column) => [...column]);
  const order = [...columns.keys()];
  for (const rank of rightwards ? order : order.reverse()) {
    const wish = new Map(
      columns[rank]!.map((item) => {
        const linked = side.get(item.id) ?? [];
        const mean = linked.reduce((sum, id) => sum + places.get(id)!, 0) / linked.length;
        return [item.id, linked.length === 0 ? places.get(item.id)! : mean] as const;
      }),
    );
    next[rank] = arrange(columns[rank]!, wish, groupOrder(next));
    for (const [place, item] of next[rank]!.entries()) places.set(item.id, place);
  }
  // Groups that changed places in one column must have changed them in all.
  return arranged(next, byPlace(next), groupOrder(next));
}

/** Groups from the top down, by the mean place of all that belongs to them, measured from each column's middle. */
function groupOrder(columns: Columns): ReadonlyMap<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const column of columns) {
    for (const [place, { group }] of column.entries()) {
      if (group === null) continue;
      const { sum, count } = sums.get(group) ?? { sum: 0, count: 0 };
      sums.set(group, { sum: sum + place - (column.length - 1) / 2, count: count + 1 });
    }
  }
  const means = [...sums].map(([group, { sum, count }]) => ({ group, mean: sum / count }));
  means.sort((a, b) => a.mean - b.mean || (a.group < b.group ? -1 : 1));
  return new Map(means.map(({ group }, place) => [group, place]));
}

const arranged = (
  columns: Columns,
  wish: ReadonlyMap<string, number>,
  groups: ReadonlyMap<string, number>,
): Columns => columns.map((column) => arrange(column, wish, groups));

/** One column by what each item wishes, a group's items side by side, groups in their one order. */
function arrange(
  column: readonly Item[],
  wish: ReadonlyMap<string, number>,
  groups: ReadonlyMap<string, number>,
): Item[] {
  const blocks = new Map<string, Item[]>();
  for (const item of column) {
    const key = item.group === null ? `item ${item.id}` : `group ${item.group}`;
    blocks.set(key, [...(blocks.get(key) ?? []), item]);
  }
  const mean = (block: readonly Item[]) =>
    block.reduce((sum, item) => sum + wish.get(item.id)!, 0) / block.length;
  const sorted = [...blocks.values()]
    .map((block) => block.sort((a, b) => wish.get(a.id)! - wish.get(b.id)!))
    .sort((a, b) => mean(a) - mean(b));
  const grouped = sorted.filter(([first]) => first!.group !== null);
  grouped.sort(([a], [b]) => groups.get(a!.group!)! - groups.get(b!.group!)!);
  return sorted.flatMap((block) => (block[0]!.group === null ? block : grouped.shift()!));
}

/** Neighbours of one block change places while that takes crossings away. */
function swapped(columns: Columns, segments: readonly Segment[]): Columns {
  let best = columns.map((column) => [...column]);
  let fewest = countCrossings(best, segments);
  for (let improved = true; improved && fewest > 0; ) {
    improved = false;
    for (const [rank, column] of best.entries()) {
      for (let place = 0; place + 1 < column.length; place += 1) {
        const [a, b] = [best[rank]![place]!, best[rank]![place + 1]!];
        if (a.group !== b.group) continue;
        const next = best.map((one) => [...one]);
        next[rank]!.splice(place, 2, b, a);
        const crossings = countCrossings(next, segments);
        if (crossings >= fewest) continue;
        [best, fewest, improved] = [next, crossings, true];
      }
    }
  }
  return best;
}

/** How many arrows cross between neighbouring columns (Barth, Jünger and Mutzel 2002). */
import type { Columns, Segment } from "./ranks.ts";

export function countCrossings(columns: Columns, segments: readonly Segment[]): number {
  const places = new Map<string, { readonly rank: number; readonly place: number }>();
  for (const [rank, column] of columns.entries())
    for (const [place, { id }] of column.entries()) places.set(id, { rank, place });
  const gaps = columns.map((): (readonly [from: number, to: number])[] => []);
  for (const { from, to } of segments) {
    const [a, b] = [places.get(from)!, places.get(to)!];
    gaps[a.rank]!.push([a.place, b.place]);
  }
  return gaps.reduce((sum, gap, rank) => sum + inversions(gap, columns[rank + 1]?.length ?? 0), 0);
}

/** Pairs of arrows of which one begins above and ends below the other. */
function inversions(gap: (readonly [number, number])[], width: number): number {
  gap.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  // A tree of counts over the right-hand places (Fenwick 1994).
  const tree = new Uint32Array(width + 1);
  let seen = 0;
  let crossings = 0;
  for (const [, to] of gap) {
    let notBelow = 0;
    for (let at = to + 1; at > 0; at -= at & -at) notBelow += tree[at]!;
    crossings += seen - notBelow;
    for (let at = to + 1; at <= width; at += at & -at) tree[at]! += 1;
    seen += 1;
  }
  return crossings;
}

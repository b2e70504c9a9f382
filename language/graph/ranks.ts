/** The columns of a layered drawing (Sugiyama, Tagawa and Toda 1981): ranks, and what an arrow passes through. */
import type { View } from "./view.ts";

/** Something that takes a place in a column. */
export interface Item {
  /** A node's id; one of its own for a place that an arrow passes, or that keeps a group together. */
  readonly id: string;
  readonly rank: number;
  /** `node`: a box; `pass`: an arrow on its way; `fill`: an empty place of a group between its nodes. */
  readonly is: "node" | "pass" | "fill";
  readonly group: string | null;
}

/** One step of an arrow, between neighbouring ranks. */
export interface Segment {
  readonly from: string;
  readonly to: string;
}

export interface Ranked {
  readonly items: readonly Item[];
  readonly segments: readonly Segment[];
  /** The items that each arrow goes through, both ends included, in the order of the view's edges. */
  readonly routes: readonly (readonly string[])[];
  readonly ranks: number;
}

/** What stands in each rank, from the top down. */
export type Columns = readonly (readonly Item[])[];

export function rankView({ nodes, edges }: View): Ranked {
  const rank = ranksOf({ nodes, edges });
  const groupOf = new Map(nodes.map(({ id, group }) => [id, group]));
  const items: Item[] = nodes.map(({ id, group }) => ({ id, rank: rank.get(id)!, is: "node", group }));
  const segments: Segment[] = [];
  const routes = edges.map(({ from, to }) => {
    const route = [from];
    // An arrow inside of a group stays inside.
    const group = groupOf.get(from) === groupOf.get(to) ? (groupOf.get(from) ?? null) : null;
    for (let at = rank.get(from)! + 1; at < rank.get(to)!; at += 1) {
      const id = `${from} → ${to} ${at}`;
      items.push({ id, rank: at, is: "pass", group });
      route.push(id);
    }
    route.push(to);
    for (const [index, id] of route.slice(1).entries()) segments.push({ from: route[index]!, to: id });
    return route;
  });
  items.push(...fillers(items));
  return { items, segments, routes, ranks: Math.max(0, ...items.map((item) => item.rank + 1)) };
}

/** Longest path from the left; then what needs nothing stands right before the first that needs it. */
function ranksOf({ nodes, edges }: View): Map<string, number> {
  const rank = new Map<string, number>();
  const needs = new Map<string, string[]>();
  for (const { from, to } of edges) needs.set(to, [...(needs.get(to) ?? []), from]);
  // Nodes stand after what they need, so that those have a rank already.
  for (const { id } of nodes)
    rank.set(id, Math.max(0, ...(needs.get(id) ?? []).map((from) => rank.get(from)! + 1)));
  for (const { id } of nodes) {
    const users = edges.filter(({ from }) => from === id).map(({ to }) => rank.get(to)!);
    if (!needs.has(id) && users.length > 0) rank.set(id, Math.min(...users) - 1);
  }
  return rank;
}

/** A group has a place in every rank from its first to its last, so that nothing else takes it. */
function fillers(items: readonly Item[]): Item[] {
  const found: Item[] = [];
  for (const group of new Set(items.flatMap((item) => item.group ?? []))) {
    const ranks = new Set(items.filter((item) => item.group === group).map((item) => item.rank));
    for (let at = Math.min(...ranks); at <= Math.max(...ranks); at += 1)
      if (!ranks.has(at)) found.push({ id: `${group} ${at}`, rank: at, is: "fill", group });
  }
  return found;
}

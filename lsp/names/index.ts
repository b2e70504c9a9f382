/** The names of a file, kept as long as its text is. */
import type { Analysis } from "../../language/compile.ts";
import type { Item, SourceTree } from "../../language/syntax/tree.ts";
import type { Workspace } from "../workspace.ts";
import { type Occurrence, occurrencesIn } from "./occurrence.ts";
import { sameTarget, type Target, Targets } from "./target.ts";

const byTree = new WeakMap<SourceTree, readonly Occurrence[]>();

/** Every name of a file, in the order of the text. */
export function occurrencesOf(workspace: Workspace, path: string): readonly Occurrence[] {
  const parsed = workspace.files.parsed(path);
  if (parsed === null) return [];
  const known = byTree.get(parsed.tree);
  if (known !== undefined) return known;
  const found = occurrencesIn(parsed.tree.items, workspace.vocabulary);
  found.sort((a, b) => a.name.span.start - b.name.span.start);
  byTree.set(parsed.tree, found);
  return found;
}

/** The name at an offset, or that ends there. */
export function occurrenceAt(workspace: Workspace, path: string, offset: number): Occurrence | null {
  const parsed = workspace.files.parsed(path);
  if (parsed === null) return null;
  // Right after a key nobody has walked the file yet, and two items of it are enough.
  const found =
    byTree.get(parsed.tree) ??
    occurrencesIn(itemsBefore(parsed.tree.items, offset), workspace.vocabulary).sort(
      (a, b) => a.name.span.start - b.name.span.start,
    );
  return (
    found.find(({ name }) => name.span.start <= offset && offset < name.span.end) ??
    found.find(({ name }) => name.span.end === offset) ??
    null
  );
}

/** The last item that begins at an offset or before it, and the one before, which may end there. */
function itemsBefore(items: readonly Item[], offset: number): readonly Item[] {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]!.span.start <= offset) low = middle + 1;
    else high = middle;
  }
  return items.slice(Math.max(0, low - 2), low);
}

/** @param analysis by whose names it is read: the one of the text now, or the one before */
export function targetOf(
  workspace: Workspace,
  path: string,
  occurrence: Occurrence,
  analysis = workspace.analysis(path),
): Target | null {
  return targetsOf(workspace, path, analysis).of(occurrence);
}

const targetsOf = (workspace: Workspace, path: string, analysis: Analysis): Targets =>
  new Targets(analysis, path, workspace.vocabulary, (file) => workspace.files.parsed(file)?.tree ?? null);

export interface Place {
  readonly path: string;
  readonly occurrence: Occurrence;
}

/** Every name in the given files that stands for a target, where it is declared included. */
export const placesOf = (workspace: Workspace, target: Target, paths: readonly string[]): Place[] =>
  paths.flatMap((path) => placesIn(workspace, target, path));

export function placesIn(workspace: Workspace, target: Target, path: string): Place[] {
  const text = workspace.files.read(path);
  // Most files do not even have the word.
  if (text === null || !text.includes(target.name)) return [];
  const targets = targetsOf(workspace, path, workspace.analysis(path));
  return occurrencesOf(workspace, path)
    .filter((occurrence) => {
      if (occurrence.name.text !== target.name && occurrence.role !== "imported") return false;
      const found = targets.of(occurrence);
      return found !== null && sameTarget(found, target);
    })
    .map((occurrence) => ({ path, occurrence }));
}

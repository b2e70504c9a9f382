/** The names of a file, kept as long as its text is. */
import type { SourceTree } from "../../language/syntax/tree.ts";
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
  const found = occurrencesOf(workspace, path);
  return (
    found.find(({ name }) => name.span.start <= offset && offset < name.span.end) ??
    found.find(({ name }) => name.span.end === offset) ??
    null
  );
}

export function targetOf(workspace: Workspace, path: string, occurrence: Occurrence): Target | null {
  return new Targets(workspace.analysis(path), path, workspace.vocabulary).of(occurrence);
}

export interface Place {
  readonly path: string;
  readonly occurrence: Occurrence;
}

/** Every name in the given files that stands for a target, where it is declared included. */
export function placesOf(workspace: Workspace, target: Target, paths: readonly string[]): Place[] {
  return paths.flatMap((path) => {
    const text = workspace.files.read(path);
    // Most files do not even have the word.
    if (text === null || !text.includes(target.name)) return [];
    const targets = new Targets(workspace.analysis(path), path, workspace.vocabulary);
    return occurrencesOf(workspace, path)
      .filter((occurrence) => {
        if (occurrence.name.text !== target.name && occurrence.role !== "imported") return false;
        const found = targets.of(occurrence);
        return found !== null && sameTarget(found, target);
      })
      .map((occurrence) => ({ path, occurrence }));
  });
}

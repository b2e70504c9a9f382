/** Paths and globs of a spec. */
import { existsSync, globSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { dataFailure, type ReadContext } from "./raw.ts";

/** Absolute paths that a path or glob means, in name order; the path itself when it is no glob. */
export function resolvePaths(project: string, path: string): string[] {
  if (!/[*?[{]/.test(path) || existsSync(resolve(project, path))) return [resolve(project, path)];
  return globSync(path, { cwd: project })
    .map((found) => resolve(project, found))
    .sort();
}

/**
 * The files that exist.
 * @throws StepFailure ML4001 when there is none.
 */
export function existingPaths(context: ReadContext): string[] {
  if (context.output !== undefined) return [context.output.file];
  const path = String(context.props["path"]);
  const files = resolvePaths(context.project, path);
  const missing = files.filter((file) => !existsSync(file));
  if (files.length === 0 || missing.length > 0)
    throw dataFailure(context, "ML4001", { path }, { pointer: "/path" });
  return files;
}

/** A file as the spec would name it: relative to its folder, with slashes. */
export function shown(context: Pick<ReadContext, "project" | "output">, file: string): string {
  if (file === context.output?.file) return context.output.name;
  return relative(context.project, file).split(sep).join("/");
}

/** The source as the spec names it: its path or glob, or a step's output. */
export function sourceName({ props, output }: Pick<ReadContext, "props" | "output">): string {
  return output?.name ?? String(props["path"] ?? "the query");
}

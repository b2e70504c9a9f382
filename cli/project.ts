/** Where a project keeps its state: `.mlops` beside the spec, or found upwards from the working directory. */
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export const STATE_FOLDER = ".mlops";

/** The state folder of a spec: `.mlops` in the spec's own folder. */
export function stateOf(project: string): string {
  return join(project, STATE_FOLDER);
}

/**
 * For commands without a spec (`runs`, `models`, `gc`): `place` may be a project folder or a spec; otherwise the
 * nearest folder upwards of `cwd` that has a `.mlops`. Null when there is none.
 */
export function findProject(cwd: string, place?: string): string | null {
  if (place !== undefined) {
    const path = resolve(cwd, place);
    if (!existsSync(path)) return null;
    return statSync(path).isDirectory() ? path : dirname(path);
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const state = join(folder, STATE_FOLDER);
    if (existsSync(state) && statSync(state).isDirectory()) return folder;
    if (dirname(folder) === folder) return null;
  }
}

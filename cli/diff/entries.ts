/** Which specs are entries: those that no other imports, and that read something that differs. */
import { fileOf } from "../../language/check/file-paths.ts";
import { parse } from "../../language/syntax/parse.ts";

/**
 * Of these specs, those that no other of them imports; and when some files differ, only those that are among them or
 * import one of them, directly or not.
 */
export function entriesAmong(
  specs: readonly string[],
  changed: readonly string[],
  read: (spec: string) => string | null,
): string[] {
  const imports = new Map<string, readonly string[]>();
  const open = [...specs];
  for (let spec = open.pop(); spec !== undefined; spec = open.pop()) {
    if (imports.has(spec)) continue;
    const found = importsOf(spec, read(spec));
    imports.set(spec, found);
    open.push(...found);
  }
  const imported = new Set([...imports.values()].flat());
  const entries = specs.filter((spec) => !imported.has(spec));
  if (changed.length === 0) return entries;
  return entries.filter((spec) => reads(spec, new Set(changed), imports));
}

function importsOf(spec: string, text: string | null): string[] {
  if (text === null) return [];
  return parse(text).items.flatMap((item) => {
    const file = item.kind === "import" && item.path !== null ? fileOf(item.path.value, spec) : null;
    return file === null ? [] : [file];
  });
}

/** The spec itself, or something that it imports, differs. */
function reads(
  spec: string,
  changed: ReadonlySet<string>,
  imports: ReadonlyMap<string, readonly string[]>,
): boolean {
  const seen = new Set<string>();
  const open = [spec];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    if (changed.has(file)) return true;
    seen.add(file);
    open.push(...(imports.get(file) ?? []));
  }
  return false;
}

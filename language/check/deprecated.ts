/** Old names that are still read: what they are called now, and the warning that says so. */
import type { Name } from "../syntax/tree.ts";
import type { Deprecation } from "../vocabulary/synonyms.ts";
import type { Site } from "./draft.ts";
import { replaceWith } from "./source.ts";

/**
 * The name that counts: `name` itself when `known` has it, else the one that replaced it, which is reported with its
 * fix. Ask before anything is said about an unknown name.
 */
export function renamed(name: Name, of: Deprecation["of"], known: readonly string[], site: Site): string {
  if (known.includes(name.text)) return name.text;
  const old = site.vocabulary.deprecated.find(
    (entry) => entry.of === of && entry.word === name.text && known.includes(entry.use),
  );
  if (old === undefined) return name.text;
  site.report("ML3059", { use: old.use, word: old.word, until: old.until }, name.span, {
    fixes: replaceWith(site.source, name.span, old.use),
  });
  return old.use;
}

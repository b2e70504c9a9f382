/** Words that no declaration or parameter may have as its name, because they mean something wherever they stand. */
import type { Name } from "../syntax/tree.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import type { Place, Reporter } from "./reporter.ts";

const known = new WeakMap<Vocabulary, ReadonlySet<string>>();

/** A function with arguments is told from a name by its bracket; `rows` and `champion` stand bare. */
function bareWords(vocabulary: Vocabulary): ReadonlySet<string> {
  const before = known.get(vocabulary);
  if (before !== undefined) return before;
  const bare = Object.values(vocabulary.functions).filter((spec) => spec.parameters.length === 0);
  const words = new Set(bare.map((spec) => spec.name));
  known.set(vocabulary, words);
  return words;
}

export function reportReserved(
  name: Name,
  place: Place,
  vocabulary: Vocabulary,
  reporter: Reporter,
  head = "parameter",
): void {
  const other = bareWords(vocabulary).has(name.text)
    ? "a word of the language"
    : Object.hasOwn(vocabulary.metrics, name.text)
      ? "a metric"
      : null;
  if (other !== null)
    reporter.say("ML2033", { name: name.text, what: `the ${head}`, other }, place, name.span);
}

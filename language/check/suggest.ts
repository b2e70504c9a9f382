/** "Did you mean": the known word nearest to an unknown one. */
import { editDistance } from "../diagnostics/edit-distance.ts";
import { NO_SYNONYMS, plain, type Synonyms } from "../vocabulary/synonyms.ts";

/**
 * The known word that is meant by `word`: spelt alike but for case and underscores; another tool's word for it; else
 * the nearest, when it is near enough: a third of its letters at most, or its beginning.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  synonyms: Synonyms = NO_SYNONYMS,
): string | null {
  const known = [...candidates];
  const isLast = last?.word === word && last.synonyms === synonyms && alike(last.known, known);
  if (!isLast) last = { word, known, synonyms, near: nearestOf(word, known, synonyms) };
  return last?.near ?? null;
}

/** The same slip is often made on one line after another. */
let last: {
  readonly word: string;
  readonly known: readonly string[];
  readonly synonyms: Synonyms;
  readonly near: string | null;
} | null = null;

const alike = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, index) => word === b[index]);

function nearestOf(word: string, known: readonly string[], synonyms: Synonyms): string | null {
  const lower = word.toLowerCase();
  const bare = plain(word);
  if (bare.length > 2) {
    const alike = known.find((candidate) => plain(candidate) === bare);
    if (alike !== undefined) return alike;
  }
  if (Object.hasOwn(synonyms.words, bare)) {
    const meant = synonyms.words[bare]!.find((candidate) => known.includes(candidate));
    if (meant !== undefined) return meant;
  }
  let best: string | null = null;
  // In a word of one or two letters one step changes everything: only the case may differ.
  let bestDistance = word.length < 3 ? 0.5 : Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = distanceTo(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** What to write instead of a word that no single known one replaces; null when there is nothing to say. */
export function adviceFor(word: string, known: readonly string[], synonyms: Synonyms): string | null {
  const bare = plain(word);
  const advice = Object.hasOwn(synonyms.advice, bare) ? synonyms.advice[bare]! : [];
  return advice.find(({ among }) => known.includes(among))?.say ?? null;
}

/** The edit distance, or `most` when it is not worth counting; `acc` is half a step from `accuracy`. */
function distanceTo(word: string, candidate: string, most: number): number {
  if (word === candidate) return 0;
  if (word.length >= 3 && candidate.startsWith(word)) return 0.5;
  return Math.abs(candidate.length - word.length) >= most ? most : editDistance(word, candidate);
}

/** `a`, `b` or `c`, each in backticks; a long list is cut. */
export function listed(words: Iterable<string>, last = "or", most = 12): string {
  const all = [...words].map((word) => `\`${word}\``);
  if (all.length === 0) return "nothing";
  if (all.length > most) return `${all.slice(0, most).join(", ")} and ${all.length - most} more`;
  return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(", ")} ${last} ${all.at(-1)}`;
}

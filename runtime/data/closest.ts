/** "Did you mean": the candidate nearest to a name. */
import { editDistance } from "../../language/diagnostics/edit-distance.ts";

/** The candidate with the smallest edit distance, if it is close enough to be a slip; case is ignored first. */
export function closest(name: string, candidates: readonly string[]): string | null {
  const plain = simplify(name);
  const same = candidates.find((candidate) => simplify(candidate) === plain);
  if (same !== undefined) return same;
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(plain.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(plain, simplify(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, "");
}

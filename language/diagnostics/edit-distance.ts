/** How far one word is from another. */

/**
 * Edit distance with insertions, deletions, substitutions and swaps of neighbours, all of cost 1
 * (optimal string alignment; Damerau 1964).
 */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  let before = new Uint16Array(width);
  let above = Uint16Array.from({ length: width }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = new Uint16Array(width);
    row[0] = i;
    for (let j = 1; j < width; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, before[j - 2]! + 1);
      row[j] = best;
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}

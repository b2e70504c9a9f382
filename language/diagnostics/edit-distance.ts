/** How far one word is from another. */

/**
 * Edit distance with insertions, deletions, substitutions and swaps of neighbours, all of cost 1
 * (optimal string alignment; Damerau 1964).
 */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  let before = new Uint16Array(width);
  let above = new Uint16Array(width);
  let row = new Uint16Array(width);
  for (let j = 1; j < width; j++) above[j] = j;
  for (let i = 1; i <= a.length; i++) {
    const letter = a.charCodeAt(i - 1);
    const last = i > 1 ? a.charCodeAt(i - 2) : -1;
    let left = i;
    row[0] = i;
    for (let j = 1; j < width; j++) {
      const other = b.charCodeAt(j - 1);
      let best = above[j - 1]! + (letter === other ? 0 : 1);
      if (above[j]! < best) best = above[j]! + 1;
      if (left < best) best = left + 1;
      if (j > 1 && last === other && letter === b.charCodeAt(j - 2) && before[j - 2]! < best)
        best = before[j - 2]! + 1;
      row[j] = best;
      left = best;
    }
    [before, above, row] = [above, row, before];
  }
  return above[b.length]!;
}

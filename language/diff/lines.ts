/** Two texts of several lines, line by line. */
import type { Json } from "../ir/canonical.ts";

/** More lines than this are shown as taken out and put in: the table of all pairs would be too large. */
const MOST_LINES = 1000;

/** Every line with ` ` (kept), `-` (taken out) or `+` (put in) before it; the longest common part is kept. */
export function lineDiff(before: Json | undefined, after: Json | undefined): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  if (old.length > MOST_LINES || now.length > MOST_LINES)
    return [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)];
  // common[i][j]: lines that old from i on and now from j on have in common.
  const common = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      common[i]![j] =
        old[i] === now[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push(` ${old[i]}`);
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push(`-${old[i]}`);
      i += 1;
    } else {
      lines.push(`+${now[j]}`);
      j += 1;
    }
  }
  return lines;
}

const linesOf = (value: Json | undefined): readonly string[] =>
  typeof value === "string" ? value.split(/\r?\n/) : [];

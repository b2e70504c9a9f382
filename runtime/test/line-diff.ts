/** Two texts line by line: `-` was, `+` is, the lines around each change unmarked, `…` for what is left out. */

/** Unchanged lines shown before and after a change. */
const AROUND = 2;

export function lineDiff(before: string, after: string): string[] {
  const [a, b] = [before.trimEnd().split("\n"), after.trimEnd().split("\n")];
  const lines = merge(a, b);
  const isNear = (at: number) =>
    lines.some((line, i) => !line.startsWith("  ") && Math.abs(i - at) <= AROUND);
  const shown: string[] = [];
  lines.forEach((line, at) => {
    if (isNear(at)) shown.push(line.trimEnd());
    else if (shown.at(-1) !== "…") shown.push("…");
  });
  return shown;
}

/** By the longest common subsequence of what lies between the equal beginning and the equal end. */
function merge(a: readonly string[], b: readonly string[]): string[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [...same(a.slice(0, start)), ...middle, ...same(end === 0 ? [] : a.slice(-end))];
}

function between(a: readonly string[], b: readonly string[]): string[] {
  const width = b.length + 1;
  // common[i][j]: how many lines a[i…] and b[j…] have in common, in order.
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [down, right] = [common[(i + 1) * width + j]!, common[i * width + j + 1]!];
      common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(down, right);
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i]}`);
      i += 1;
      j += 1;
    } else if (
      j >= b.length ||
      (i < a.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!)
    ) {
      lines.push(`- ${a[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${b[j]}`);
      j += 1;
    }
  }
  return lines;
}

/** What is wrong with a regular expression of RE2's syntax (https://github.com/google/re2/wiki/Syntax), told without RE2. */

/** RE2's largest count of a repetition. */
const MOST = 1000;
const ESCAPES =
  /^(?:[afnrtvdDsSwWABbzCQ0]|[1-7][0-7]{1,2}|[pP](?:[A-Z]|\{\^?\w+\})|x[0-9A-Fa-f]{2}|x\{0*(?:10|[0-9A-Fa-f])?[0-9A-Fa-f]{1,4}\}|[^\w\s\u0080-\uffff]|_)/;
const IN_CLASS =
  /^(?:[afnrtvdDsSwW0]|[1-7][0-7]{1,2}|[pP](?:[A-Z]|\{\^?\w+\})|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]+\}|[^\w\s\u0080-\uffff]|_)/;
const GROUP = /^\(\?(?:P<\w+>|[imsU]*(?:-[imsU]+)?[:)])/;

/** Ends a sentence that begins with "it"; null for a pattern that RE2 takes. */
export function patternProblem(pattern: string): string | null {
  let depth = 0;
  let at = 0;
  /** What a repetition would repeat: nothing yet, something, or what is repeated already. */
  let before: "nothing" | "atom" | "repeated" = "nothing";
  while (at < pattern.length) {
    const rest = pattern.slice(at);
    const sign = rest[0]!;
    const count = /^\{(\d+)(,(\d*))?\}/.exec(rest);
    if ("*+?".includes(sign) || count !== null) {
      const written = count?.[0] ?? sign;
      if (before === "nothing") return `has nothing before \`${written}\` to repeat`;
      if (before === "repeated") return `repeats twice with \`${written}\`: put the first in \`(?:…)\``;
      if (count !== null) {
        const [low, high] = [Number(count[1]), count[3] ? Number(count[3]) : null];
        if (low > MOST || (high ?? 0) > MOST) return `repeats more than ${MOST} times with \`${written}\``;
        if (high !== null && high < low) return `has the larger number first in \`${written}\``;
      }
      before = "repeated";
      at += written.length;
      if (pattern[at] === "?") at += 1; // as few as possible
      continue;
    }
    const behind: string = before;
    before = "atom";
    if (sign === "(") {
      if (rest.startsWith("(?")) {
        if (/^\(\?<?[=!]/.test(rest)) return "looks ahead or behind, which RE2 cannot";
        const group = GROUP.exec(rest);
        if (group === null) return `has \`${rest.slice(0, 3)}\`, which RE2 does not have`;
        at += group[0].length;
        if (group[0].endsWith(")")) {
          before = behind === "nothing" ? "nothing" : "atom"; // flags are no text
          continue;
        }
      } else at += 1;
      depth += 1;
      before = "nothing";
    } else if (sign === ")") {
      if (depth === 0) return "closes a `)` that nothing opens";
      depth -= 1;
      at += 1;
    } else if (sign === "|") {
      before = "nothing";
      at += 1;
    } else if (sign === "[") {
      const end = classEnd(pattern, at);
      if (typeof end === "string") return end;
      at = end;
    } else if (sign === "\\") {
      // `\12` is a character in octal.
      if (/^\\(?:[1-7](?![0-7])|[89k])/.test(rest)) return "refers back to a group, which RE2 cannot";
      const escaped = ESCAPES.exec(rest.slice(1));
      if (escaped === null)
        return rest.length === 1
          ? "ends in a backslash: write `\\\\\\\\` for one"
          : `has \`${rest.slice(0, 2)}\`, which RE2 does not have`;
      const script = unknownScript(escaped[0]);
      if (script !== null) return `has the script \`${script}\`, which Unicode does not have`;
      if (escaped[0] === "Q") {
        const end = pattern.indexOf("\\E", at);
        at = end < 0 ? pattern.length : end + 2;
      } else at += 1 + escaped[0].length;
    } else at += 1;
  }
  return depth > 0 ? "opens a `(` that nothing closes" : null;
}

/** The name in `\\p{Name}` when it is neither a script nor a category. */
function unknownScript(escaped: string): string | null {
  const name = /^[pP]\{?\^?(\w+)\}?$/.exec(escaped)?.[1];
  if (name === undefined || name === "Any") return null;
  const isKnown = [`Script=${name}`, `General_Category=${name}`].some((property) => {
    try {
      return new RegExp(`\\p{${property}}`, "u") !== null;
    } catch {
      return false;
    }
  });
  return isKnown ? null : name;
}

/** Where the class that begins at `start` has ended; or what is wrong with it. */
function classEnd(pattern: string, start: number): number | string {
  let at = start + 1;
  if (pattern[at] === "^") at += 1;
  const first = at;
  let low: string | null = null;
  while (at < pattern.length) {
    const rest = pattern.slice(at);
    if (rest[0] === "]" && at > first) return at + 1;
    // Behind the dash of a range a bracket is a bracket: `[(-[:alpha:]` ends where `(-[`, `:alpha:` end.
    const named: RegExpExecArray | null = low === null ? /^\[:\^?\w+:\]/.exec(rest) : null;
    let one: string = named?.[0] ?? rest[0]!;
    if (one === "\\") {
      const escaped = IN_CLASS.exec(rest.slice(1));
      if (escaped === null) return `has \`${rest.slice(0, 2)}\` between brackets, which RE2 does not have`;
      const script = unknownScript(escaped[0]);
      if (script !== null) return `has the script \`${script}\`, which Unicode does not have`;
      one = `\\${escaped[0]}`;
    }
    at += one.length;
    if (low?.length === 1 && one.length === 1 && one < low)
      return `has the range \`${low}-${one}\` the wrong way around`;
    // A class such as `\d` has no order to begin a range in; any other escape is one character.
    const isCharacter: boolean = one.length === 1 || /^\\[^pPdDsSwW]/.test(one);
    const opens: boolean = pattern[at] === "-" && pattern[at + 1] !== "]" && low === null && isCharacter;
    low = opens ? one : null;
    if (opens) at += 1;
  }
  return "opens a `[` that nothing closes";
}

/**
 * What RE2 refuses in a pattern (https://github.com/google/re2/wiki/Syntax), as far as it can be told without RE2:
 * brackets that do not close, repetitions of nothing, look-around and back-references, which RE2 does not have.
 */

/** What is wrong, as the end of a sentence ("closes a bracket that nothing opens"); null when nothing seems to be. */
export function patternProblem(pattern: string): string | null {
  let depth = 0;
  /** Whether something stands before that a `*` may repeat. */
  let repeatable = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const rest = pattern.slice(at);
    const sign = rest[0]!;
    if (sign === "\\") {
      if (rest.length === 1) return "ends in a backslash: write `\\\\\\\\` for one";
      if (/^\\[1-9]/.test(rest)) return "refers back to a group, which RE2 cannot";
      // `\Q…\E` quotes.
      const quoted = /^\\Q.*?(\\E|$)/s.exec(rest);
      at += quoted === null ? 1 : quoted[0].length - 1;
      repeatable = true;
    } else if (sign === "[") {
      const end = classEnd(pattern, at);
      if (end === null) return "opens `[` and does not close it";
      at = end;
      repeatable = true;
    } else if (sign === "(") {
      if (/^\(\?<?[=!]/.test(rest)) return "looks ahead or behind, which RE2 cannot";
      depth += 1;
      const head = /^\(\?(P?<\w+>|[imsU-]*:|[imsU-]+\))/.exec(rest);
      if (head?.[0].endsWith(")") === true) depth -= 1;
      at += head === null ? 0 : head[0].length - 1;
      repeatable = false;
    } else if (sign === ")") {
      depth -= 1;
      if (depth < 0) return "closes a bracket that nothing opens";
      repeatable = true;
    } else if ("*+?".includes(sign)) {
      if (!repeatable) return `repeats nothing with \`${sign}\``;
      if (rest[1] === "?") at += 1;
      repeatable = false;
    } else repeatable = !"|^".includes(sign);
  }
  return depth > 0 ? "opens `(` and does not close it" : null;
}

/** The place of the `]` that closes a class; null when none does. */
function classEnd(pattern: string, start: number): number | null {
  let at = start + (pattern[start + 1] === "^" ? 2 : 1);
  // The first sign may be a `]` itself.
  if (pattern[at] === "]") at += 1;
  for (; at < pattern.length; at += 1) {
    if (pattern[at] === "\\") at += 1;
    else if (pattern.startsWith("[:", at)) at = Math.max(at, pattern.indexOf(":]", at));
    else if (pattern[at] === "]") return at;
  }
  return null;
}

/** Patterns of `tokenizer.json`, which Hugging Face gives to Oniguruma, as regular expressions of JavaScript. */
import { unsupported } from "./problem.ts";

const WORD = "\\p{L}\\p{M}\\p{Nd}\\p{Pc}";
/** What a shorthand stands for within a class, and its opposite outside. */
const SHORTHANDS: Readonly<Record<string, string>> = { s: "\\p{White_Space}", d: "\\p{Nd}", w: WORD };
/** Letters whose escapes mean the same in both. */
const SAME = new Set("nrtfv0".split(""));
const GENERAL = /^(?:L[ulmtoC&]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfosn]?)$/;

/**
 * @returns an expression with the flags `g` and `u`
 * @throws TokenizerProblem for what JavaScript has no equal of (possessive quantifiers, atomic groups, `\b`, …)
 */
export function patternOf(source: string): RegExp {
  const fail = (what: string) =>
    unsupported(`the pattern ${JSON.stringify(source)}`, `${what} has no equal in JavaScript's expressions`);
  let out = "";
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (c === "\\") {
      const escaped = source[++i];
      if (escaped === undefined) throw fail("a backslash at the end");
      if (escaped === "p" || escaped === "P") {
        const close = source.indexOf("}", i);
        const name = source[i + 1] === "{" && close > 0 ? source.slice(i + 2, close) : null;
        if (name === null) throw fail(`\\${escaped}`);
        out += `\\${escaped}{${propertyOf(name)}}`;
        i = close;
      } else if (SHORTHANDS[escaped] !== undefined) {
        out += inClass ? SHORTHANDS[escaped] : `[${SHORTHANDS[escaped]}]`;
      } else if (SHORTHANDS[escaped.toLowerCase()] !== undefined) {
        if (inClass && escaped === "W") throw fail("\\W within brackets");
        const positive = SHORTHANDS[escaped.toLowerCase()]!;
        out += inClass ? positive.replace("\\p", "\\P") : `[^${positive}]`;
      } else if (escaped === "A" || escaped === "z") out += escaped === "A" ? "^" : "$";
      else if (SAME.has(escaped)) out += `\\${escaped}`;
      else if (/[xu]/.test(escaped)) {
        const hex = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2,4}))/.exec(source.slice(i + 1));
        if (hex === null) throw fail(`\\${escaped}`);
        out += `\\u{${hex[1] ?? hex[2]}}`;
        i += hex[0].length;
      } else if (/[A-Za-z0-9]/.test(escaped)) throw fail(`\\${escaped}`);
      else out += literal(escaped, inClass);
    } else if (inClass) {
      if (c === "[" || (c === "&" && source[i + 1] === "&")) throw fail(`${c} within brackets`);
      if (c === "]") inClass = false;
      out += c;
    } else if (c === "[") {
      inClass = true;
      out += c;
      if (source[i + 1] === "^") out += source[++i]!;
      if (source[i + 1] === "]") {
        out += "\\]";
        i++;
      }
    } else if (c === ".") out += "[^\\n]";
    else if (c === "^") out += "(?<=\\n|^)";
    else if (c === "$") out += "(?=\\n|$)";
    else if (c === "(" && source.startsWith("(?>", i)) throw fail("an atomic group");
    else if (c === "+" && isQuantifier(source, i - 1)) throw fail("a possessive quantifier");
    else if (c === "]" || c === "}") out += openQuantifier(source, i) ? c : `\\${c}`;
    else if (c === "{" && !/^\{\d*,?\d*\}/.test(source.slice(i))) out += "\\{";
    else out += c;
  }
  try {
    return new RegExp(out, "gu");
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error));
  }
}

/** Whether a quantifier ends at a place. */
function isQuantifier(source: string, at: number): boolean {
  if (source[at - 1] === "\\") return false;
  return /[*+?]/.test(source[at] ?? "") || openQuantifier(source, at);
}

function openQuantifier(source: string, at: number): boolean {
  return source[at] === "}" && /\{\d+,?\d*$|\{,\d+$/.test(source.slice(0, at));
}

function literal(character: string, inClass: boolean): string {
  if (/[\^$\\.*+?()[\]{}|/]/.test(character) || (inClass && character === "-")) return `\\${character}`;
  return character;
}

function propertyOf(name: string): string {
  const negated = name.startsWith("^");
  if (negated || GENERAL.test(name) || /^(?:White_Space|Alphabetic|Emoji)$/.test(name)) return name;
  return `Script=${name}`;
}

/** A text as an expression that matches it and nothing else. */
export const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Where the elements of a JSON array stand, for messages about them. */

export interface JsonPlace {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** The start of each of the wanted elements of the outermost array, and of a member of it where it has one. */
export function locateElements(
  text: string,
  wanted: readonly { row: number; column: string }[],
): JsonPlace[] {
  const starts = elementStarts(text, Math.max(-1, ...wanted.map(({ row }) => row)));
  return wanted.map(({ row, column }) => {
    const start = starts[row] ?? 0;
    const end = starts[row + 1] ?? text.length;
    const member = text.indexOf(JSON.stringify(column), start);
    return placeAt(text, member >= 0 && member < end ? member : start);
  });
}

export function placeAt(text: string, offset: number): JsonPlace {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (let at = before.indexOf("\n"); at >= 0; at = before.indexOf("\n", at + 1)) line += 1;
  return { line, column: offset - lineStart + 1 };
}

/**
 * Offset of the character at which a text stops being JSON; its length when it only ends too early. JavaScript's
 * own messages do not always say where, but they tell a cut-off text from a wrong one: the longest beginning that
 * is merely cut off ends where the error stands.
 */
export function errorOffset(text: string): number {
  let sound = 0;
  let wrong = text.length + 1;
  while (wrong - sound > 1) {
    const middle = (sound + wrong) >>> 1;
    if (isBeginning(text.slice(0, middle))) sound = middle;
    else wrong = middle;
  }
  return sound;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = String(error);
    if (/end of JSON input|Unterminated string/.test(message)) return true;
    return Number(/position (\d+)/.exec(message)?.[1] ?? -1) >= text.length;
  }
}

/** Offsets of the first elements, one more than `last` where there is one. */
function elementStarts(text: string, last: number): number[] {
  const starts: number[] = [];
  let depth = 0;
  let quoted = false;
  // Whether the next thing at depth 1 begins an element.
  let expecting = false;
  for (let at = 0; at < text.length && starts.length <= last + 1; at++) {
    const character = text[at]!;
    if (quoted) {
      if (character === "\\") at += 1;
      else if (character === '"') quoted = false;
      continue;
    }
    if (character === " " || character === "\n" || character === "\r" || character === "\t") continue;
    if (depth === 1 && expecting && character !== "]") starts.push(at);
    expecting = depth === 1 && character === ",";
    if (character === '"') quoted = true;
    else if (character === "[" || character === "{") {
      depth += 1;
      if (depth === 1) expecting = true;
    } else if (character === "]" || character === "}") depth -= 1;
  }
  return starts;
}

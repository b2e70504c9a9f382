/** Where each value of a JSON text stands, by JSON pointer: so that a finding about it has a line and a column. */

export interface Place {
  readonly start: number;
  readonly end: number;
  /** Of an object's member: its name, quotes included. */
  readonly key: { readonly start: number; readonly end: number } | null;
}

/** `~` and `/` in a name, as RFC 6901 writes them. */
export const pointerTo = (pointer: string, key: string | number): string =>
  `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^\s,\]}]+/y;

/** An object or array that is still open. */
interface Open {
  readonly pointer: string;
  readonly start: number;
  readonly key: Place["key"];
  /** The next item of an array; −1 in an object. */
  index: number;
}

/** @param text JSON that `JSON.parse` accepts; walked without recursion, so that deep nesting does no harm */
export function placesOf(text: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const open: Open[] = [];
  let at = 0;
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? "";
    at += found.length;
    return found;
  };
  const close = (): void => {
    const { pointer, start, key } = open.pop()!; // a closing bracket has an opening one in valid JSON
    at += 1;
    places.set(pointer, { start, end: at, key });
  };
  do {
    match(SPACE);
    const around = open.at(-1);
    if (text[at] === ",") {
      at += 1;
      continue;
    }
    if (around !== undefined && (text[at] === "}" || text[at] === "]")) {
      close();
      continue;
    }
    let pointer = "";
    let key: Place["key"] = null;
    if (around !== undefined && around.index >= 0) {
      pointer = pointerTo(around.pointer, around.index);
      around.index += 1;
    } else if (around !== undefined) {
      const start = at;
      const name = JSON.parse(match(STRING)) as string;
      key = { start, end: at };
      pointer = pointerTo(around.pointer, name);
      match(SPACE);
      at += 1; // the colon
      match(SPACE);
    }
    const start = at;
    if (text[at] === "{" || text[at] === "[") {
      open.push({ pointer, start, key, index: text[at] === "[" ? 0 : -1 });
      at += 1;
    } else {
      if (text[at] === '"') match(STRING);
      else match(SCALAR);
      places.set(pointer, { start, end: at, key });
    }
  } while (open.length > 0);
  return places;
}

/** The place of a pointer, or of the nearest thing around it that is there. */
export function placeOf(places: ReadonlyMap<string, Place>, pointer: string): Place {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const place = places.get(at);
    if (place !== undefined) return place;
  }
  return places.get("") ?? { start: 0, end: 0, key: null };
}

/** Where JSON opens one level more than `levels`; null when it never does. */
export function deeperThan(text: string, levels: number): number | null {
  let depth = 0;
  for (const { 0: found, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (found === "[" || found === "{") depth += 1;
    else if (found === "]" || found === "}") depth -= 1;
    if (depth > levels) return index;
  }
  return null;
}

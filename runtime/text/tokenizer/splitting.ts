/** Cutting pieces at matches, as Hugging Face's `Split` does. */
import { unsupported } from "./problem.ts";

export interface Piece {
  readonly text: string;
  /** It begins where the whole text begins. */
  readonly first: boolean;
}

export type Behaviour = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";
const BEHAVIOURS: readonly string[] = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
];

export function behaviourOf(value: unknown): Behaviour {
  if (typeof value === "string" && BEHAVIOURS.includes(value)) return value as Behaviour;
  throw unsupported(
    `the behaviour ${JSON.stringify(value)} of a split`,
    `there are ${BEHAVIOURS.join(", ")}`,
  );
}

/** A stretch of a text, in UTF-16 units, that matches or does not. */
interface Span {
  from: number;
  to: number;
  match: boolean;
}

export type Finder = (text: string) => Iterable<readonly [from: number, to: number]>;

/** Every match of an expression with the flag `g`. */
export function matchesOf(expression: RegExp): Finder {
  return function* (text) {
    expression.lastIndex = 0;
    for (let found = expression.exec(text); found !== null; found = expression.exec(text)) {
      if (found[0] === "") expression.lastIndex += 1;
      else {
        const next = expression.lastIndex;
        yield [found.index, next];
        expression.lastIndex = next;
      }
    }
  };
}

/** Every occurrence of a text. */
export function occurrencesOf(part: string): Finder {
  return function* (text) {
    if (part === "") return;
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length))
      yield [at, at + part.length];
  };
}

export function split(piece: Piece, find: Finder, behaviour: Behaviour, invert = false): Piece[] {
  const { text } = piece;
  const spans: Span[] = [];
  let end = 0;
  for (const [from, to] of find(text)) {
    if (from > end) spans.push({ from: end, to: from, match: invert });
    spans.push({ from, to, match: !invert });
    end = to;
  }
  if (end < text.length || text === "")
    spans.push({ from: end, to: text.length, match: invert && text !== "" });
  return joined(spans, behaviour).map(({ from, to }) => ({
    text: text.slice(from, to),
    first: piece.first && from === 0,
  }));
}

function joined(spans: readonly Span[], behaviour: Behaviour): readonly Span[] {
  if (behaviour === "Isolated") return spans;
  if (behaviour === "Removed") return spans.filter(({ match }) => !match);
  if (behaviour === "MergedWithNext") {
    const reversed = merged(
      spans.toReversed(),
      (span, before) => span.match && !before,
      (last, span) => {
        last.from = span.from;
      },
    );
    return reversed.reverse();
  }
  const together = behaviour === "Contiguous";
  return merged(
    spans,
    (span, before) => (together ? span.match === before : span.match && !before),
    (last, span) => {
      last.to = span.to;
    },
  );
}

function merged(
  spans: readonly Span[],
  joins: (span: Span, matchBefore: boolean) => boolean,
  extend: (last: Span, span: Span) => void,
): Span[] {
  const all: Span[] = [];
  let before = false;
  for (const span of spans) {
    const last = all.at(-1);
    if (last !== undefined && joins(span, before)) extend(last, span);
    else all.push({ ...span });
    before = span.match;
  }
  return all;
}

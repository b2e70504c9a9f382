/** Texts in portions that may be counted apart from each other. */
import { classAt, SPACE } from "../character-classes.ts";

/** UTF-16 units a portion, about. */
const PORTION = 1 << 20;

/**
 * Each portion is some texts, none of which goes on in another: a long one is cut where no piece reaches over, before a
 * space that follows something else.
 */
export async function* portions(
  texts: AsyncIterable<string> | Iterable<string>,
  divisible: boolean,
): AsyncGenerator<readonly string[], void, undefined> {
  let portion: string[] = [];
  let length = 0;
  for await (const text of texts) {
    let from = 0;
    while (from < text.length) {
      const to = divisible ? cutAfter(text, from + PORTION) : text.length;
      portion.push(from === 0 && to === text.length ? text : text.slice(from, to));
      length += to - from;
      from = to;
      if (length < PORTION) continue;
      yield portion;
      portion = [];
      length = 0;
    }
  }
  if (portion.length > 0) yield portion;
}

/** The first place from `at` where a text may be cut. */
function cutAfter(text: string, at: number): number {
  let spaceBefore = true;
  for (let i = at; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // The two halves of a surrogate pair are no space each.
    const space = (classAt(text, i, unit) & SPACE) !== 0;
    if (space && !spaceBefore) return i;
    spaceBefore = space;
  }
  return text.length;
}

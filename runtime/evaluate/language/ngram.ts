/**
 * Character n-gram models, the baseline of language models: p(c | h) = (count(h c) + k) / (count(h) + k V) with
 * k = 0.05 (Lidstone), over the V distinct characters of the texts, those that are judged included. On
 * tiny-shakespeare, the first 90% learnt and the last 10% judged, orders 1 to 5 give 3.347, 2.485, 2.050, 1.777 and
 * 1.757 nats a character.
 *
 * Characters are Unicode code points; the history h is the n − 1 before, fewer where a text begins.
 */

/** Added to every count. */
const ADDED = 0.05;

interface History {
  total: number;
  readonly next: Map<number, number>;
}

export class NgramModel {
  readonly order: number;
  private readonly characters = new Set<number>();
  private readonly histories = new Map<string, History>();

  /** @param order characters that are looked at, the predicted one included; at least 1 */
  constructor(order: number) {
    this.order = order;
  }

  /** Adds a text's characters to those that may occur. */
  allow(text: string): void {
    for (const character of text) this.characters.add(character.codePointAt(0)!);
  }

  learn(text: string): void {
    walk(text, this.order, (character, before) => {
      this.characters.add(character);
      let found = this.histories.get(before);
      if (found === undefined) {
        found = { total: 0, next: new Map() };
        this.histories.set(before, found);
      }
      found.total += 1;
      found.next.set(character, (found.next.get(character) ?? 0) + 1);
    });
  }

  /**
   * [UTF-16 units] −log p of the character that begins at each unit of a text, in nats; 0 at the second unit of one.
   * @param text its characters learnt or allowed
   */
  nats(text: string): Float64Array {
    const values = new Float64Array(text.length);
    const size = this.characters.size;
    walk(text, this.order, (character, before, at) => {
      const found = this.histories.get(before);
      const count = found?.next.get(character) ?? 0;
      values[at] = -Math.log((count + ADDED) / ((found?.total ?? 0) + ADDED * size));
    });
    return values;
  }
}

/** Calls `each` for every character, with the at most order − 1 characters before it, and where it begins. */
function walk(
  text: string,
  order: number,
  each: (character: number, before: string, at: number) => void,
): void {
  /** Where the characters of the history begin. */
  const starts: number[] = [];
  for (let at = 0; at < text.length; ) {
    const character = text.codePointAt(at)!;
    each(character, text.slice(starts[0] ?? at, at), at);
    starts.push(at);
    if (starts.length > order - 1) starts.shift();
    at += character > 0xffff ? 2 : 1;
  }
}

/** The order that a baseline's name says: 5 of `ngram(5)`; null for another name. */
export function ngramOrder(name: string): number | null {
  const found = /^ngram\((\d+)\)$/.exec(name);
  return found === null ? null : Number(found[1]);
}

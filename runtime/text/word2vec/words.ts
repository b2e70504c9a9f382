/** Documents to the words that vectors are learnt of. */

import { END } from "./shared.ts";
import type { EncodedText } from "./train.ts";

/** Letters, marks, digits and underscores, and apostrophes between them: `don't` is one word, `'tis` is `tis`. */
const WORD = /[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}\p{N}_]+)*/gu;
/** A context does not reach over a blank line. */
const PARAGRAPH = /\r?\n[^\S\n]*\r?\n\s*/;

/** The words of a text in lower case, in order. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().replaceAll("’", "'").match(WORD) ?? [];
}

export interface Vocabulary {
  /** By falling count, equals by code unit. */
  readonly words: readonly string[];
  readonly counts: readonly number[];
}

export interface WordText extends EncodedText {
  readonly vocabulary: Vocabulary;
  /** Words of the documents, the rare ones that were left out included. */
  readonly total: number;
}

/** Gathers documents paragraph by paragraph. */
export class WordReader {
  private readonly index = new Map<string, number>();
  private readonly counts: number[] = [];
  private tokens = new Int32Array(1 << 16);
  private length = 0;
  private total = 0;

  /** Adds a document. */
  read(document: string): void {
    for (const paragraph of document.split(PARAGRAPH)) {
      const words = wordsOf(paragraph);
      if (words.length === 0) continue;
      this.reserve(words.length + 1);
      for (const word of words) {
        let at = this.index.get(word);
        if (at === undefined) {
          at = this.counts.length;
          this.index.set(word, at);
          this.counts.push(0);
        }
        this.counts[at]! += 1;
        this.tokens[this.length++] = at;
      }
      this.total += words.length;
      this.tokens[this.length++] = END;
    }
  }

  /** The text over the words that occur at least `minCount` times; the others are as if never written. */
  finish(minCount: number): WordText {
    const names = [...this.index.keys()];
    const kept = names
      .map((word, at) => ({ word, at, count: this.counts[at]! }))
      .filter(({ count }) => count >= minCount)
      .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1));
    const renamed = new Int32Array(names.length).fill(END - 1);
    kept.forEach(({ at }, place) => {
      renamed[at] = place;
    });
    const tokens = new Int32Array(this.length);
    let length = 0;
    for (let i = 0; i < this.length; i += 1) {
      const token = this.tokens[i]!;
      const place = token === END ? END : renamed[token]!;
      if (place >= END) tokens[length++] = place;
    }
    const counts = kept.map(({ count }) => count);
    return {
      tokens: tokens.slice(0, length),
      counts,
      vocabulary: { words: kept.map(({ word }) => word), counts },
      total: this.total,
    };
  }

  private reserve(more: number): void {
    if (this.length + more <= this.tokens.length) return;
    const larger = new Int32Array(Math.max(2 * this.tokens.length, this.length + more));
    larger.set(this.tokens);
    this.tokens = larger;
  }
}

/**
 * Rows of running text: each document is cut into blocks of about 1,000 characters, which are resampled as one. Where
 * they begin and end depends on the text alone, so that models with other tokenizers are judged on the same rows.
 */
import type { LanguageModel } from "../../learn/language/load.ts";
import { windowsInOrder } from "../../learn/language/windows.ts";
import { begun, unbegun } from "../../text/tokenizer/beginning.ts";
import { type Computing, tokenScores } from "./likelihoods.ts";
import type { Measures } from "./measures.ts";
import type { NgramModel } from "./ngram.ts";

/** UTF-16 units of a block. */
const BLOCK = 1000;

/** [blocks + 1] where blocks begin, and the end; no character is cut in two. */
export function blockStarts(text: string): number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length; at += BLOCK) starts.push(at + (cutsCharacter(text, at) ? 1 : 0));
  return [...starts, text.length];
}

function cutsCharacter(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return at > 0 && unit >= 0xdc00 && unit <= 0xdfff;
}

/** A document as the model reads it. */
interface Read {
  readonly text: string;
  readonly ids: Int32Array;
  readonly starts: readonly number[];
  /** Where the text of the first token ends, which nothing is before to be told from. */
  readonly told: number;
  /** [tokens] the block in which each token ends */
  readonly block: Int32Array;
}

export interface JudgedText {
  /** [rows] place of each block among all of the documents' */
  readonly rowIds: Float64Array;
  readonly measures: Measures;
}

export class TextRows {
  private readonly documents: readonly Read[];
  private readonly rows: number;

  /** @throws UnknownText for text that the tokenizer cannot encode */
  constructor(texts: readonly string[], tokenizer: LanguageModel["tokenizer"]) {
    this.documents = texts.map((text) => readDocument(text, tokenizer));
    this.rows = this.documents.reduce((sum, { starts }) => sum + starts.length - 1, 0);
  }

  /** Whether there is anything to predict. */
  get isEmpty(): boolean {
    return this.documents.every(({ ids }) => ids.length < 2);
  }

  /**
   * Every token of a document but its first is predicted once, from those before it in its window: windows of the
   * context's length that meet.
   */
  async judge(model: LanguageModel, computing: Computing): Promise<JudgedText> {
    const { context } = model.architecture;
    const windows = this.documents.map(({ ids }) => windowsInOrder(ids, context));
    const found = await tokenScores(model, windows.flat(), computing);
    const [nats, tokens, right] = [this.column(), this.column(), this.column()];
    let window = 0;
    this.each(({ block }, first, document) => {
      let token = 1;
      for (let w = 0; w < windows[document]!.length; w += 1) {
        const scores = found[window++]!;
        scores.nats.forEach((value, i) => {
          const row = first + block[token++]!;
          nats[row]! += value;
          right[row]! += scores.right[i]!;
          tokens[row]! += 1;
        });
      }
    });
    return {
      rowIds: Float64Array.from({ length: this.rows }, (_, row) => row),
      measures: { nats, tokens, right, bytes: this.bytes() },
    };
  }

  /** The nats of an n-gram model for the same text, beside the model's tokens. */
  baseline(ngrams: NgramModel, { measures }: JudgedText): Measures {
    const nats = this.column();
    this.each(({ text, starts, told }, first) => {
      const values = ngrams.nats(text);
      starts.slice(0, -1).forEach((start, block) => {
        for (let at = Math.max(start, told); at < starts[block + 1]!; at += 1)
          nats[first + block]! += values[at]!;
      });
    });
    return { nats, tokens: measures["tokens"]!, bytes: measures["bytes"]! };
  }

  /** [rows] UTF-8 bytes of what is predicted. */
  private bytes(): Float64Array {
    const bytes = this.column();
    this.each(({ text, starts, told }, first) => {
      starts.slice(0, -1).forEach((start, block) => {
        const from = Math.max(start, told);
        const until = starts[block + 1]!;
        bytes[first + block] = from < until ? Buffer.byteLength(text.slice(from, until)) : 0;
      });
    });
    return bytes;
  }

  private column(): Float64Array {
    return new Float64Array(this.rows);
  }

  /** Each document with the number of its first row. */
  private each(visit: (document: Read, first: number, place: number) => void): void {
    let first = 0;
    this.documents.forEach((document, place) => {
      visit(document, first, place);
      first += document.starts.length - 1;
    });
  }
}

function readDocument(text: string, tokenizer: LanguageModel["tokenizer"]): Read {
  const ids = begun(tokenizer, tokenizer.encode(text, { literal: true }));
  const starts = blockStarts(text);
  const decoder = tokenizer.decoder();
  const ends = new Float64Array(ids.length);
  // What begins every text spells nothing of this one: the first token of the text is told from it.
  const before = ids.length - unbegun(tokenizer, ids).length;
  let end = 0;
  ids.forEach((id, token) => {
    if (token >= before) end += decoder.push(id).length;
    ends[token] = end;
  });
  // A tokenizer that does not keep every character spells another length; places are then in proportion.
  const scale = end === 0 ? 0 : text.length / (end + decoder.end().length);
  const block = new Int32Array(ids.length);
  let at = 0;
  ends.forEach((place, token) => {
    const last = Math.max(0, Math.round(place * scale) - 1);
    while (at + 2 < starts.length && last >= starts[at + 1]!) at += 1;
    block[token] = at;
  });
  const told = ids.length === 0 ? 0 : Math.round(ends[0]! * scale);
  return { text, ids, starts, told, block };
}

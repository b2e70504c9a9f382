/** The unigram language model (Kudo 2018): the most probable way to cut a piece, by Viterbi's algorithm. */
import type { Ids } from "../ids.ts";
import { invalid } from "../problem.ts";
import { byteToken } from "./bpe.ts";
import type { Model } from "./model.ts";
import { type Fields, flagOr } from "./vocabulary.ts";

const WHERE = "the model";
/** How much less probable an unknown character is than the least probable token (SentencePiece). */
const PENALTY = 10;
const utf8 = new TextEncoder();

interface Node {
  readonly next: Map<number, Node>;
  id: number;
}

export class UnigramModel implements Model {
  readonly tokens: readonly string[];
  readonly #ids = new Map<string, number>();
  readonly #scores: Float64Array;
  /** Over UTF-16 units. */
  readonly #trie: Node = { next: new Map(), id: -1 };
  readonly #unknown: number | null;
  readonly #unknownScore: number;
  readonly #byteFallback: boolean;

  constructor(fields: Fields) {
    const entries = fields["vocab"];
    if (!Array.isArray(entries)) throw invalid(WHERE, "its `vocab` is no list of tokens and scores");
    this.#scores = new Float64Array(entries.length);
    const tokens: string[] = [];
    for (const [i, entry] of entries.entries()) {
      const [token, score] = Array.isArray(entry) ? (entry as unknown[]) : [];
      if (typeof token !== "string" || typeof score !== "number")
        throw invalid(WHERE, `entry ${i + 1} of its \`vocab\` is no token with a score`);
      tokens.push(token);
      this.#scores[i] = score;
      this.#ids.set(token, i);
      this.#insert(token, i);
    }
    this.tokens = tokens;
    const unknown = fields["unk_id"] ?? null;
    if (unknown !== null && (typeof unknown !== "number" || !(unknown in tokens)))
      throw invalid(WHERE, "its `unk_id` is not in the vocabulary");
    this.#unknown = unknown;
    this.#unknownScore = this.#scores.reduce((least, score) => Math.min(least, score), Infinity) - PENALTY;
    this.#byteFallback = flagOr(fields, "byte_fallback", false, WHERE);
  }

  id(token: string): number | undefined {
    return this.#ids.get(token);
  }

  encode(piece: string, into: Ids): void {
    const cuts = this.#cuts(piece);
    for (let i = 0; i < cuts.length; i++) {
      const { from, id } = cuts[i]!;
      if (id !== this.#unknown) {
        into.push(id);
        continue;
      }
      // Unknown characters in a row are one token, whose text may still be a token of its own, or bytes.
      while (i + 1 < cuts.length && cuts[i + 1]!.id === this.#unknown) i++;
      this.#pushUnknown(piece.slice(from, cuts[i]!.to), into);
    }
  }

  #pushUnknown(text: string, into: Ids): void {
    const whole = this.#ids.get(text);
    if (whole !== undefined) {
      into.push(whole);
      return;
    }
    if (this.#byteFallback) {
      const ids = Array.from(utf8.encode(text), (byte) => this.#ids.get(byteToken(byte)));
      if (ids.every((id) => id !== undefined)) {
        for (const id of ids) into.push(id);
        return;
      }
    }
    into.push(this.#unknown!);
  }

  #cuts(piece: string): readonly { readonly from: number; readonly to: number; readonly id: number }[] {
    const size = piece.length;
    const best = new Float64Array(size + 1);
    const from = new Int32Array(size + 1).fill(-1);
    const ids = new Int32Array(size + 1);
    const offer = (start: number, end: number, score: number, id: number) => {
      const total = best[start]! + score;
      if (from[end] !== -1 && !(total > best[end]!)) return;
      best[end] = total;
      from[end] = start;
      ids[end] = id;
    };
    for (let start = 0; start < size; ) {
      const width = piece.codePointAt(start)! > 0xffff ? 2 : 1;
      let single = false;
      let node: Node | undefined = this.#trie;
      for (let end = start; end < size; ) {
        node = node.next.get(piece.charCodeAt(end++));
        if (node === undefined) break;
        if (node.id < 0) continue;
        offer(start, end, this.#scores[node.id]!, node.id);
        if (end - start === width) single = true;
      }
      if (!single) {
        if (this.#unknown === null)
          throw invalid(
            WHERE,
            `it has no \`unk_id\`, which ${JSON.stringify(piece.slice(start, start + width))} needs`,
          );
        offer(start, start + width, this.#unknownScore, this.#unknown);
      }
      start += width;
    }
    const cuts: { from: number; to: number; id: number }[] = [];
    for (let end = size; end > 0; end = from[end]!) cuts.push({ from: from[end]!, to: end, id: ids[end]! });
    return cuts.reverse();
  }

  #insert(token: string, id: number): void {
    let node = this.#trie;
    for (let i = 0; i < token.length; i++) {
      const unit = token.charCodeAt(i);
      let next = node.next.get(unit);
      if (next === undefined) {
        next = { next: new Map(), id: -1 };
        node.next.set(unit, next);
      }
      node = next;
    }
    node.id = id;
  }
}

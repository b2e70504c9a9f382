/** The fast path of byte-level models: scan, look up, and only where a piece is new, merge its bytes. */
import type { Ids } from "./ids.ts";
import { mergeSymbols } from "./merge.ts";
import type { MergeTable } from "./merge-table.ts";
import type { Scanner } from "./scanners/scanner.ts";
import { hashUnits, LONGEST_KEPT, WordCache } from "./word-cache.ts";

export interface ByteModel {
  /** [256] the id of each byte; −1 for one that the vocabulary does not have. */
  readonly idOfByte: Int32Array;
  /** Stands for a byte without an id; null: such bytes are left out, as Hugging Face's does. */
  readonly unknown: number | null;
  readonly merges: MergeTable;
  /** The id of a whole piece, which then needs no merges (`ignore_merges`); null when that is not asked for. */
  whole(piece: string): number | undefined;
  readonly ignoreMerges: boolean;
}

const utf8 = new TextEncoder();

export class ByteEncoder {
  readonly #model: ByteModel;
  readonly #cache = new WordCache();
  #bytes = new Uint8Array(256);
  #symbols = new Int32Array(256);

  constructor(model: ByteModel) {
    this.#model = model;
  }

  /** Appends the ids of `text[from, to)`, cut by `scan`. */
  encode(text: string, from: number, to: number, scan: Scanner, into: Ids): void {
    const cache = this.#cache;
    for (let at = from; at < to; ) {
      const end = scan(text, at, to);
      if (end - at > LONGEST_KEPT) {
        this.#fresh(text, at, end);
        into.append(this.#symbols, 0, this.#count);
      } else {
        const hash = hashUnits(text, at, end);
        if (!cache.find(text, at, end, hash, into)) {
          this.#fresh(text, at, end);
          cache.keep(text, at, end, hash, this.#symbols, this.#count);
          into.append(this.#symbols, 0, this.#count);
        }
      }
      at = end;
    }
  }

  /** Appends the ids of bytes that are one piece, UTF-8 or not. */
  encodeBytes(bytes: Uint8Array, into: Ids): void {
    this.#merge(bytes, bytes.length);
    into.append(this.#symbols, 0, this.#count);
  }

  #count = 0;

  #fresh(text: string, from: number, to: number): void {
    if (!this.#model.ignoreMerges && to - from <= LONGEST_KEPT && this.#freshAscii(text, from, to)) return;
    const piece = text.slice(from, to);
    if (this.#model.ignoreMerges) {
      const id = this.#model.whole(piece);
      if (id !== undefined) {
        this.#symbols[0] = id;
        this.#count = 1;
        return;
      }
    }
    if (piece.length * 3 > this.#bytes.length) this.#bytes = new Uint8Array(piece.length * 3);
    this.#merge(this.#bytes, utf8.encodeInto(piece, this.#bytes).written);
  }

  /** As `#fresh` for a piece of ASCII, without making a string of it; false when it is none. */
  #freshAscii(text: string, from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) return false;
      this.#bytes[i - from] = unit;
    }
    this.#merge(this.#bytes, to - from);
    return true;
  }

  #merge(bytes: Uint8Array, length: number): void {
    if (length > this.#symbols.length) this.#symbols = new Int32Array(length);
    const { idOfByte, unknown, merges } = this.#model;
    let count = 0;
    for (let i = 0; i < length; i++) {
      const id = idOfByte[bytes[i]!]!;
      if (id >= 0) this.#symbols[count++] = id;
      else if (unknown !== null) this.#symbols[count++] = unknown;
    }
    this.#count = mergeSymbols(merges, this.#symbols, count);
  }
}

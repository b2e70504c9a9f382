/** Byte-pair encoding (Sennrich et al. 2016), over characters or the characters that spell bytes. */
import { BYTE_CHARACTERS, spellBytes } from "../byte-alphabet.ts";
import type { ByteModel } from "../byte-encoder.ts";
import type { Ids } from "../ids.ts";
import { mergeSymbols } from "../merge.ts";
import { MergeTable } from "../merge-table.ts";
import { invalid, unsupported } from "../problem.ts";
import { byId, type Model } from "./model.ts";
import { type Fields, flagOr, readMerges, readVocabulary, textOr } from "./vocabulary.ts";

const WHERE = "the model";
/** Pieces kept; pieces longer than `KEPT_LENGTH` are not. */
const KEPT = 1 << 16;
const KEPT_LENGTH = 256;
const utf8 = new TextEncoder();

export class BpeModel implements Model {
  readonly tokens: readonly (string | undefined)[];
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #merges: MergeTable;
  readonly #unknown: number | null;
  readonly #unknownToken: string | null;
  readonly #fuseUnknown: boolean;
  readonly #ignoreMerges: boolean;
  readonly #prefix: string;
  readonly #suffix: string;
  /** [256] the ids of `<0x00>` … `<0xFF>`, where bytes stand for unknown characters. */
  readonly #bytes: Int32Array | null;
  readonly #kept = new Map<string, Int32Array>();
  #symbols = new Int32Array(256);

  /** @param fields `model` of a `tokenizer.json` */
  constructor(fields: Fields) {
    if (typeof fields["dropout"] === "number" && fields["dropout"] > 0)
      throw unsupported("`dropout` of the model", "ids would depend on chance; set it to null");
    this.#vocabulary = readVocabulary(fields["vocab"], `\`vocab\` of ${WHERE}`);
    this.tokens = byId(this.#vocabulary);
    this.#prefix = textOr(fields, "continuing_subword_prefix", null, WHERE) ?? "";
    this.#suffix = textOr(fields, "end_of_word_suffix", null, WHERE) ?? "";
    this.#merges = this.#mergeTable(readMerges(fields["merges"], `\`merges\` of ${WHERE}`));
    this.#unknownToken = textOr(fields, "unk_token", null, WHERE);
    this.#unknown = this.#unknownToken === null ? null : (this.#vocabulary.get(this.#unknownToken) ?? -1);
    this.#fuseUnknown = flagOr(fields, "fuse_unk", false, WHERE);
    this.#ignoreMerges = flagOr(fields, "ignore_merges", false, WHERE);
    this.#bytes = flagOr(fields, "byte_fallback", false, WHERE)
      ? Int32Array.from({ length: 256 }, (_, byte) => this.#vocabulary.get(byteToken(byte)) ?? -1)
      : null;
  }

  id(token: string): number | undefined {
    return this.#vocabulary.get(token);
  }

  /** What the fast path over bytes needs; null for a model whose symbols are no bytes. */
  byteModel(): ByteModel | null {
    if (this.#prefix !== "" || this.#suffix !== "" || this.#bytes !== null || this.#fuseUnknown) return null;
    if (this.#unknown === -1) return null;
    const idOfByte = Int32Array.from(BYTE_CHARACTERS, (character) => this.#vocabulary.get(character) ?? -1);
    return {
      idOfByte,
      unknown: this.#unknown,
      merges: this.#merges,
      whole: (piece) => this.#vocabulary.get(spellBytes(piece)),
      ignoreMerges: this.#ignoreMerges,
    };
  }

  encode(piece: string, into: Ids): void {
    if (piece === "") return;
    if (this.#ignoreMerges) {
      const whole = this.#vocabulary.get(piece);
      if (whole !== undefined) {
        into.push(whole);
        return;
      }
    }
    const known = this.#kept.get(piece);
    if (known !== undefined) {
      into.append(known, 0, known.length);
      return;
    }
    // Splitting may replace the symbols by a longer array.
    const split = this.#split(piece);
    const count = mergeSymbols(this.#merges, this.#symbols, split);
    into.append(this.#symbols, 0, count);
    if (piece.length > KEPT_LENGTH) return;
    if (this.#kept.size === KEPT) this.#kept.clear();
    this.#kept.set(piece, this.#symbols.slice(0, count));
  }

  /** Fills `#symbols` with the ids of the piece's characters and returns how many. */
  #split(piece: string): number {
    const most = piece.length * 4;
    if (most > this.#symbols.length) this.#symbols = new Int32Array(most);
    const symbols = this.#symbols;
    let count = 0;
    let unknowns = 0;
    let at = 0;
    for (const character of piece) {
      let token = at === 0 ? character : this.#prefix + character;
      at += character.length;
      if (at === piece.length) token += this.#suffix;
      const id = this.#vocabulary.get(token);
      if (id !== undefined) {
        count = this.#flush(count, unknowns);
        unknowns = 0;
        symbols[count++] = id;
        continue;
      }
      const bytes = this.#bytes === null ? null : utf8.encode(token);
      if (bytes?.every((byte) => this.#bytes![byte]! >= 0)) {
        // Hugging Face lets an unknown token that waits stand behind them; so it is here.
        for (const byte of bytes) symbols[count++] = this.#bytes![byte]!;
        continue;
      }
      if (this.#unknown === null) continue;
      if (this.#unknown < 0)
        throw invalid(WHERE, `its \`unk_token\` ${this.#unknownToken} is not in the vocabulary`);
      if (unknowns > 0 && !this.#fuseUnknown) count = this.#flush(count, unknowns);
      unknowns = 1;
    }
    return this.#flush(count, unknowns);
  }

  #flush(count: number, unknowns: number): number {
    if (unknowns === 0) return count;
    this.#symbols[count] = this.#unknown!;
    return count + 1;
  }

  #mergeTable(pairs: readonly (readonly [string, string])[]): MergeTable {
    const left = new Int32Array(pairs.length);
    const right = new Int32Array(pairs.length);
    const made = new Int32Array(pairs.length);
    const idOf = (token: string, rank: number): number => {
      const id = this.#vocabulary.get(token);
      if (id === undefined)
        throw invalid(
          WHERE,
          `merge ${rank + 1} needs ${JSON.stringify(token)}, which the vocabulary does not have`,
        );
      return id;
    };
    pairs.forEach(([a, b], rank) => {
      left[rank] = idOf(a, rank);
      right[rank] = idOf(b, rank);
      made[rank] = idOf(a + b.slice(this.#prefix.length), rank);
    });
    return new MergeTable({ left, right, made });
  }
}

/** `<0x0A>` */
export const byteToken = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;

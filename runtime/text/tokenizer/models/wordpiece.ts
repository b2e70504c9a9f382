/** WordPiece (Wu et al. 2016), as BERT has it: the longest token that fits, again and again. */
import type { Ids } from "../ids.ts";
import { invalid } from "../problem.ts";
import { byId, type Model } from "./model.ts";
import { type Fields, readVocabulary, textOr } from "./vocabulary.ts";

const WHERE = "the model";
const KEPT = 1 << 16;

export class WordPieceModel implements Model {
  readonly tokens: readonly (string | undefined)[];
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #unknown: string;
  readonly #prefix: string;
  /** In code points; a longer word is unknown. */
  readonly #longest: number;
  readonly #kept = new Map<string, readonly number[]>();

  constructor(fields: Fields) {
    this.#vocabulary = readVocabulary(fields["vocab"], `\`vocab\` of ${WHERE}`);
    this.tokens = byId(this.#vocabulary);
    this.#unknown = textOr(fields, "unk_token", "[UNK]", WHERE)!;
    this.#prefix = textOr(fields, "continuing_subword_prefix", "##", WHERE)!;
    const longest = fields["max_input_chars_per_word"] ?? 100;
    if (typeof longest !== "number") throw invalid(WHERE, "`max_input_chars_per_word` is no number");
    this.#longest = longest;
  }

  id(token: string): number | undefined {
    return this.#vocabulary.get(token);
  }

  encode(piece: string, into: Ids): void {
    if (piece === "") return;
    let ids = this.#kept.get(piece);
    if (ids === undefined) {
      ids = this.#pieces(piece);
      if (this.#kept.size === KEPT) this.#kept.clear();
      this.#kept.set(piece, ids);
    }
    for (const id of ids) into.push(id);
  }

  #pieces(word: string): readonly number[] {
    const points = Array.from(word);
    if (points.length > this.#longest) return [this.#unknownId()];
    const found: number[] = [];
    for (let start = 0; start < points.length; ) {
      let end = points.length;
      let id: number | undefined;
      for (; end > start; end--) {
        const part = points.slice(start, end).join("");
        id = this.#vocabulary.get(start > 0 ? this.#prefix + part : part);
        if (id !== undefined) break;
      }
      if (id === undefined) return [this.#unknownId()];
      found.push(id);
      start = end;
    }
    return found;
  }

  #unknownId(): number {
    const id = this.#vocabulary.get(this.#unknown);
    if (id === undefined) throw invalid(WHERE, `its \`unk_token\` ${this.#unknown} is not in the vocabulary`);
    return id;
  }
}

/** Every piece is a token or unknown. */
import type { Ids } from "../ids.ts";
import { UnknownText } from "../problem.ts";
import { byId, type Model } from "./model.ts";
import { type Fields, readVocabulary, textOr } from "./vocabulary.ts";

const WHERE = "the model";

export class WordLevelModel implements Model {
  readonly tokens: readonly (string | undefined)[];
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #unknown: number | undefined;

  constructor(fields: Fields) {
    this.#vocabulary = readVocabulary(fields["vocab"], `\`vocab\` of ${WHERE}`);
    this.tokens = byId(this.#vocabulary);
    this.#unknown = this.#vocabulary.get(textOr(fields, "unk_token", "<unk>", WHERE)!);
  }

  id(token: string): number | undefined {
    return this.#vocabulary.get(token);
  }

  /** @throws UnknownText when the piece is unknown and there is no token for that */
  encode(piece: string, into: Ids): void {
    if (piece === "") return;
    const id = this.#vocabulary.get(piece) ?? this.#unknown;
    if (id === undefined) throw new UnknownText(piece);
    into.push(id);
  }
}

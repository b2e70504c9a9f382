/** A `tokenizer.json` put to work. */
import { type AddedVocabulary, addedVocabulary, readAddedTokens } from "./added-tokens.ts";
import { bytesOfToken } from "./byte-alphabet.ts";
import { ByteEncoder } from "./byte-encoder.ts";
import { type Decoder, decoderOf, type Sink } from "./decoders.ts";
import { Ids } from "./ids.ts";
import { BpeModel } from "./models/bpe.ts";
import type { Model } from "./models/model.ts";
import { UnigramModel } from "./models/unigram.ts";
import { type Fields, isFields } from "./models/vocabulary.ts";
import { WordLevelModel } from "./models/word-level.ts";
import { WordPieceModel } from "./models/wordpiece.ts";
import { type Normalizer, normalizerOf } from "./normalizers.ts";
import { type Around, aroundOf } from "./post-processors.ts";
import { byteScanner, cutsCharacters, type PreTokenizer, preTokenizerOf } from "./pre-tokenizers.ts";
import { invalid, unsupported } from "./problem.ts";
import type { Scanner } from "./scanners/scanner.ts";
import type { DecodeOptions, EncodeOptions, TokenDecoder, Tokenizer } from "./tokenizer.ts";
import { wellFormedEnd } from "./utf8.ts";

const MODELS: Readonly<Record<string, new (fields: Fields) => Model>> = {
  BPE: BpeModel,
  WordPiece: WordPieceModel,
  WordLevel: WordLevelModel,
  Unigram: UnigramModel,
};

function modelOf(value: unknown): Model {
  if (!isFields(value)) throw invalid("the model", "there is none");
  // Files of old leave the type out; only WordPiece has a prefix for the longest word.
  const type = String(
    value["type"] ?? ("merges" in value ? "BPE" : "max_input_chars_per_word" in value ? "WordPiece" : ""),
  );
  const Made = MODELS[type];
  if (Made === undefined)
    throw unsupported(`the model ${type}`, `there are ${Object.keys(MODELS).join(", ")}`);
  return new Made(value);
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

interface Fast {
  readonly encoder: ByteEncoder;
  readonly scan: Scanner;
  readonly prefixSpace: boolean;
}

export class PipelineTokenizer implements Tokenizer {
  readonly size: number;
  readonly specials: ReadonlyMap<string, number>;
  readonly #json: string;
  readonly #model: Model;
  readonly #added: AddedVocabulary;
  readonly #normalize: Normalizer;
  readonly #preTokenize: PreTokenizer;
  readonly #around: Around;
  readonly #decoders: readonly Decoder[];
  readonly #fast: Fast | null;
  /** Every character is a piece. */
  readonly #byCharacter: boolean;
  /** Where all that the decoder does is to join the bytes of tokens. */
  readonly #joinsBytes: boolean;
  /** Where ids are gathered, kept between calls. */
  readonly #ids = new Ids(1024);
  readonly #bytesOf: (Uint8Array | undefined)[] = [];

  /**
   * @param json the text of a `tokenizer.json`, which `toJson` gives back
   * @param fast false: pieces go the general way even where there is a fast path, for tests that compare the two
   * @throws TokenizerProblem
   */
  constructor(json: string, fast = true) {
    const definition = parsed(json);
    this.#json = json;
    this.#normalize = normalizerOf(definition["normalizer"]);
    this.#model = modelOf(definition["model"]);
    this.#around = aroundOf(definition["post_processor"]);
    this.#decoders = decoderOf(definition["decoder"]);
    const decoder = definition["decoder"];
    this.#joinsBytes = fast && isFields(decoder) && decoder["type"] === "ByteLevel";
    const tokens = readAddedTokens(definition["added_tokens"]);
    this.#added = addedVocabulary(tokens, this.#normalize);
    this.specials = new Map(tokens.filter(({ special }) => special).map(({ content, id }) => [content, id]));
    this.size = tokens.reduce((size, { id }) => Math.max(size, id + 1), this.#model.tokens.length);
    const cut = fast ? byteScanner(definition["pre_tokenizer"]) : null;
    const bytes = cut !== null && this.#model instanceof BpeModel ? this.#model.byteModel() : null;
    this.#fast = cut === null || bytes === null ? null : { ...cut, encoder: new ByteEncoder(bytes) };
    this.#byCharacter = fast && cutsCharacters(definition["pre_tokenizer"]);
    const scanned = this.#fast !== null || this.#byCharacter;
    // What is scanned by hand needs no expression, which an older engine might not read.
    this.#preTokenize = scanned ? (pieces) => pieces : preTokenizerOf(definition["pre_tokenizer"]);
  }

  get begin(): readonly number[] {
    return this.#around.before;
  }

  encode(text: string, options: EncodeOptions = {}): Int32Array {
    const whole = text.toWellFormed();
    const ids = this.#ids;
    ids.length = 0;
    const around = options.specials === true ? this.#around : null;
    for (const id of around?.before ?? []) ids.push(id);
    const literal = options.literal === true;
    for (const { from, to, id } of this.#added.raw(whole, literal)) {
      if (id !== null) ids.push(id);
      else this.#encodeBetween(whole.slice(from, to), from === 0, literal, ids);
    }
    for (const id of around?.after ?? []) ids.push(id);
    return ids.toArray();
  }

  /** Text between tokens that are found before normalising. */
  #encodeBetween(text: string, first: boolean, literal: boolean, ids: Ids): void {
    const normalized = this.#normalize(text);
    for (const { from, to, id } of this.#added.normalized(normalized, literal)) {
      if (id !== null) ids.push(id);
      else if (to > from) this.#encodePlain(normalized.slice(from, to), first && from === 0, ids);
    }
  }

  #encodePlain(text: string, first: boolean, ids: Ids): void {
    if (this.#fast !== null) {
      const { encoder, scan, prefixSpace } = this.#fast;
      const prefixed = prefixSpace && !text.startsWith(" ") ? ` ${text}` : text;
      encoder.encode(prefixed, 0, prefixed.length, scan, ids);
      return;
    }
    if (this.#byCharacter) {
      for (const character of text) this.#model.encode(character, ids);
      return;
    }
    for (const piece of this.#preTokenize([{ text, first }])) this.#model.encode(piece.text, ids);
  }

  encodeBytes(bytes: Uint8Array): Int32Array {
    const fast = this.#fast;
    if (fast === null || !this.#joinsBytes) throw new TypeError("the tokenizer is not one of bytes");
    const ids = new Ids(Math.max(16, bytes.length >> 1));
    for (let at = 0; at < bytes.length; ) {
      const end = wellFormedEnd(bytes, at);
      if (end > at) {
        const text = this.#normalize(utf8.decode(bytes.subarray(at, end)));
        fast.encoder.encode(text, 0, text.length, fast.scan, ids);
      }
      let next = end;
      while (next < bytes.length && wellFormedEnd(bytes, next) === next) next++;
      if (next > end) fast.encoder.encodeBytes(bytes.subarray(end, next), ids);
      at = next;
    }
    return ids.toArray();
  }

  decodeBytes(ids: ArrayLike<number>): Uint8Array {
    if (!this.#joinsBytes) throw new TypeError("the tokenizer is not one of bytes");
    return this.#joined(ids, {});
  }

  decode(ids: ArrayLike<number>, options: DecodeOptions = {}): string {
    if (this.#joinsBytes) return utf8.decode(this.#joined(ids, options));
    const parts: string[] = [];
    const chain = this.#chain((text) => parts.push(text));
    for (let i = 0; i < ids.length; i++) this.#pushToken(ids[i]!, options, chain.push);
    chain.end();
    return parts.join("");
  }

  /** The bytes of the ids' tokens. */
  #joined(ids: ArrayLike<number>, options: DecodeOptions): Uint8Array {
    let bytes = new Uint8Array(ids.length * 4 + 16);
    let length = 0;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      let token = this.#bytesOf[id];
      if (token === undefined) {
        token = bytesOfToken(this.#added.text(id) ?? this.token(id));
        this.#bytesOf[id] = token;
      }
      if (options.skipSpecials === true && this.#isSpecial(id)) continue;
      if (length + token.length > bytes.length) {
        const grown = new Uint8Array(bytes.length * 2 + token.length);
        grown.set(bytes);
        bytes = grown;
      }
      for (let j = 0; j < token.length; j++) bytes[length++] = token[j]!;
    }
    return bytes.subarray(0, length);
  }

  #isSpecial(id: number): boolean {
    return this.#added.specials.has(this.#added.text(id) ?? this.token(id));
  }

  decoder(options: DecodeOptions = {}): TokenDecoder {
    let text = "";
    const chain = this.#chain((part) => {
      text += part;
    });
    const taken = () => {
      const all = text;
      text = "";
      return all;
    };
    return {
      push: (id) => {
        this.#pushToken(id, options, chain.push);
        return taken();
      },
      end: () => {
        chain.end();
        return taken();
      },
    };
  }

  token(id: number): string {
    const token = this.#added.byId.get(id)?.content ?? this.#model.tokens[id];
    if (token === undefined) throw new RangeError(`no token has the id ${id}: ids are below ${this.size}`);
    return token;
  }

  id(token: string): number | undefined {
    for (const added of this.#added.byId.values()) if (added.content === token) return added.id;
    return this.#model.id(token);
  }

  toJson(): string {
    return this.#json;
  }

  #pushToken(id: number, { skipSpecials = false }: DecodeOptions, push: Sink): void {
    if (skipSpecials && this.#isSpecial(id)) return;
    push(this.#added.text(id) ?? this.token(id), true);
  }

  #chain(sink: Sink): { readonly push: Sink; end(): void } {
    const ends: (() => void)[] = [];
    let push = sink;
    for (const decoder of this.#decoders.toReversed()) {
      const stage = decoder(push);
      push = stage.push;
      ends.unshift(() => stage.end());
    }
    return {
      push,
      end() {
        for (const end of ends) end();
      },
    };
  }
}

function parsed(json: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw invalid("the file", `it is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isFields(value) || !("model" in value)) throw invalid("the file", "it has no `model`");
  return value;
}

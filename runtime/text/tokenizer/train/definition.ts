/** Writing a `tokenizer.json`. */

export interface Definition {
  readonly normalizer: object | null;
  readonly preTokenizer: object | null;
  readonly decoder: object | null;
  /** The model's fields but its tables. */
  readonly model: Readonly<Record<string, unknown>>;
  /** Tokens and their ids, in the order in which they are written. */
  readonly vocabulary: Iterable<readonly [token: string, id: number]>;
  /** Of BPE. */
  readonly merges?: readonly (readonly [string, string])[];
  readonly specials: readonly (readonly [token: string, id: number])[];
}

/** The text of the file, version "1.0". */
export function tokenizerJson(definition: Definition): string {
  const { normalizer, preTokenizer, decoder, model, vocabulary, merges, specials } = definition;
  const added = specials.map(([content, id]) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const head = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer,
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder,
  };
  // Written out, as an object would put tokens that are whole numbers first.
  const table = Array.from(vocabulary, ([token, id]) => `${JSON.stringify(token)}:${id}`).join(",");
  const fields = Object.entries(model).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  fields.push(`"vocab":{${table}}`);
  if (merges !== undefined) fields.push(`"merges":${JSON.stringify(merges)}`);
  return `${JSON.stringify(head).slice(0, -1)},"model":{${fields.join(",")}}}\n`;
}

const BYTES = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false };

/** What stands for GPT-2's rule, and for bytes cut by a pattern of another. */
export const byteLevel = (pattern: string | null): object =>
  pattern === null
    ? BYTES
    : {
        type: "Sequence",
        pretokenizers: [
          { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false },
          BYTES,
        ],
      };

export const BYTE_DECODER = {
  type: "ByteLevel",
  add_prefix_space: true,
  trim_offsets: true,
  use_regex: true,
};

/** The fields of a BPE model without tables, as Hugging Face writes them. */
export const BPE_FIELDS = {
  type: "BPE",
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
} as const;

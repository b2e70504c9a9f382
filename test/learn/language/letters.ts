/** A tokenizer of single characters with special tokens, small enough to read: a stands for 0, b for 1… */
export interface Letters {
  readonly specials: ReadonlyMap<string, number>;
  readonly begin: readonly number[];
  readonly size: number;
  encode(text: string, options?: { readonly literal?: boolean }): Int32Array;
  decode(ids: Int32Array): string;
}

/** @param begin the special token that begins every text */
export function letters(alphabet: string, specials: readonly string[] = [], begin?: string): Letters {
  const characters = [...alphabet];
  const ids = new Map(specials.map((name, i) => [name, characters.length + i]));
  return {
    specials: ids,
    begin: begin === undefined ? [] : [ids.get(begin)!],
    size: characters.length + specials.length,
    encode: (text) =>
      Int32Array.from([...text], (character) => {
        const id = characters.indexOf(character);
        if (id < 0) throw new Error(`no id of ${JSON.stringify(character)}`);
        return id;
      }),
    decode: (encoded) =>
      [...encoded].map((id) => characters[id] ?? specials[id - characters.length]).join(""),
  };
}

/** Which special token ends a text, and so stands between two. */

/** What published vocabularies call it, in the order of looking. */
const END_NAMES = ["<|endoftext|>", "<|end|>", "</s>", "<eos>", "<|eot_id|>", "[SEP]"] as const;

/** The id of a vocabulary's end-of-text token, by its usual names; null when it has none of them. */
export function endOfText(specials: ReadonlyMap<string, number>): number | null {
  for (const name of END_NAMES) {
    const id = specials.get(name);
    if (id !== undefined) return id;
  }
  return null;
}

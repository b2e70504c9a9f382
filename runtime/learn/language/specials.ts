/** Which special token ends a text, and so stands between two. */

/** What published vocabularies call it, in the order of looking. */
const END_NAMES = ["<|endoftext|>", "<|end|>", "</s>", "<eos>", "<|eot_id|>", "[SEP]"] as const;

/**
 * The id of a vocabulary's end-of-text token: one of the usual names, else its first special token; null when it has
 * none.
 */
export function endOfText(specials: ReadonlyMap<string, number>): number | null {
  for (const name of END_NAMES) {
    const id = specials.get(name);
    if (id !== undefined) return id;
  }
  const [first] = specials.values();
  return first ?? null;
}

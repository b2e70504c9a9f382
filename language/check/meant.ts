/** What an unknown word was meant to be. */
import type { Span } from "../syntax/tree.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import { type Extras, replaceWith, type Source } from "./source.ts";
import { listed, nearest } from "./suggest.ts";

export interface Meant {
  readonly near: string | null;
  /** `near` and `known`, as the catalogue's messages have them. */
  readonly values: { readonly near: string; readonly known: string };
  /** The fix that writes the word meant. */
  readonly extras: Extras;
}

/** The nearest known word to what stands at `span`; `written` says how it is put there. */
export function meantBy(
  word: string,
  known: readonly string[],
  span: Span,
  source: Source,
  vocabulary: Vocabulary,
  written: (word: string) => string = (same) => same,
): Meant {
  const near = nearest(word, known, vocabulary.synonyms);
  return {
    near,
    values: {
      near: near === null ? "" : `; did you mean \`${near}\`?`,
      known: listed(known, "and", 30),
    },
    extras: near === null ? {} : { fixes: replaceWith(source, span, written(near)) },
  };
}

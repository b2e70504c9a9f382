/** The architectures of Hugging Face's `transformers` that are read and written here. */

import { bert } from "./families/bert.ts";
import { gpt2 } from "./families/gpt2.ts";
import { gemma, gemma2, llama, mistral } from "./families/llama.ts";
import type { Family } from "./family.ts";

/** The plainest first: an architecture that several could hold is written as the first of them. */
export const FAMILIES: readonly Family[] = [gpt2, llama, mistral, gemma, gemma2, bert];

export const KNOWN_TYPES = FAMILIES.flatMap(({ types }) => types).join(", ");

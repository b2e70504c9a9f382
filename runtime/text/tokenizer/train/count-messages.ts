/** What is said between a step and its counting workers. */
import type { RuleName } from "./rules.ts";
import type { WordCounts } from "./word-counter.ts";

export type CountRequest =
  | { readonly texts: readonly string[]; readonly rule: RuleName }
  /** Asks for what was counted; the worker then ends. */
  | { readonly finish: true };

export type CountReply = { readonly done: true } | { readonly counts: WordCounts };

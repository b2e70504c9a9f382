/** Names that things had once, or have in most metric libraries, and that are still read: each with a warning and its fix. */
import type { Deprecation } from "../language/vocabulary/synonyms.ts";

/** The edition of the language that will read new names only. */
const NEXT = "edition 2";

export const deprecated: readonly Deprecation[] = [
  { of: "metric", word: "roc_auc", use: "auc", until: NEXT },
  { of: "metric", word: "average_precision", use: "pr_auc", until: NEXT },
  { of: "metric", word: "logloss", use: "log_loss", until: NEXT },
  { of: "attribute", word: "random_state", use: "seed", until: NEXT },
  { of: "function", word: "is_null", use: "is_missing", until: NEXT },
];

/** Every feature of the server, one file each. */
import type { Feature } from "./feature.ts";
import { completion } from "./features/completion.ts";
import { definition } from "./features/definition.ts";
import { diagnostics } from "./features/diagnostics.ts";
import { documentHighlight } from "./features/document-highlight.ts";
import { documentSymbols } from "./features/document-symbols.ts";
import { references } from "./features/references.ts";
import { rename } from "./features/rename.ts";

export const features: readonly Feature[] = [
  completion,
  definition,
  diagnostics,
  documentHighlight,
  documentSymbols,
  references,
  rename,
];

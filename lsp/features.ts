/** Every feature of the server, one file each. */
import type { Feature } from "./feature.ts";
import { completion } from "./features/completion.ts";
import { diagnostics } from "./features/diagnostics.ts";
import { documentSymbols } from "./features/document-symbols.ts";

export const features: readonly Feature[] = [completion, diagnostics, documentSymbols];

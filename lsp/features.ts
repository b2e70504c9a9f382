/** Every feature of the server, one file each. */
import type { Feature } from "./feature.ts";
import { callHierarchy } from "./features/call-hierarchy.ts";
import { codeAction } from "./features/code-action.ts";
import { codeLens } from "./features/code-lens.ts";
import { completion } from "./features/completion.ts";
import { definition } from "./features/definition.ts";
import { diagnostics } from "./features/diagnostics.ts";
import { documentHighlight } from "./features/document-highlight.ts";
import { documentLink } from "./features/document-link.ts";
import { documentSymbols } from "./features/document-symbols.ts";
import { foldingRange } from "./features/folding-range.ts";
import { formatting } from "./features/formatting.ts";
import { graph } from "./features/graph.ts";
import { hover } from "./features/hover.ts";
import { inlayHint } from "./features/inlay-hint.ts";
import { library } from "./features/library.ts";
import { linkedEditingRange } from "./features/linked-editing-range.ts";
import { references } from "./features/references.ts";
import { rename } from "./features/rename.ts";
import { selectionRange } from "./features/selection-range.ts";
import { semanticTokens } from "./features/semantic-tokens.ts";
import { signatureHelp } from "./features/signature-help.ts";
import { workspaceSymbol } from "./features/workspace-symbol.ts";

export const features: readonly Feature[] = [
  callHierarchy,
  codeAction,
  codeLens,
  completion,
  definition,
  diagnostics,
  documentHighlight,
  documentLink,
  documentSymbols,
  foldingRange,
  formatting,
  graph,
  hover,
  inlayHint,
  library,
  linkedEditingRange,
  references,
  rename,
  selectionRange,
  semanticTokens,
  signatureHelp,
  workspaceSymbol,
];

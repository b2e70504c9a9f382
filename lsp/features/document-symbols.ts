/** `textDocument/documentSymbol`: the outline; read off the tree, so that a half-typed file keeps its names. */
import { type DocumentSymbol, SymbolKind } from "vscode-languageserver-types";
import { bareName } from "../../language/check/symbols.ts";
import type { Lines } from "../../language/diagnostics/lines.ts";
import type { Item, Name, Phrase } from "../../language/syntax/tree.ts";
import type { Feature } from "../feature.ts";
import { pathOf, spanRange } from "../locations.ts";

const KINDS: Readonly<Record<string, SymbolKind>> = {
  dataset: SymbolKind.Array,
  features: SymbolKind.Struct,
  tokenizer: SymbolKind.Key,
  embedding: SymbolKind.Number,
  architecture: SymbolKind.Module,
  prompt: SymbolKind.String,
  model: SymbolKind.Class,
  evaluation: SymbolKind.Event,
  gate: SymbolKind.Boolean,
  release: SymbolKind.Package,
  deployment: SymbolKind.Interface,
  batch: SymbolKind.Method,
  step: SymbolKind.Function,
  test: SymbolKind.Method,
  environment: SymbolKind.Namespace,
  param: SymbolKind.Variable,
  const: SymbolKind.Constant,
  secret: SymbolKind.Key,
  template: SymbolKind.TypeParameter,
};

/** The name that a phrase declares: `loans` of `dataset loans: csv`, `gpt` of `architecture gpt(…)`. */
export function declaredName(phrase: Phrase): Name | null {
  const { operand } = phrase;
  return bareName(operand?.kind === "call" ? operand.callee : operand);
}

export function outline(items: readonly Item[], lines: Lines): DocumentSymbol[] {
  return items.flatMap((item) => symbolOf(item, lines));
}

function symbolOf(item: Item, lines: Lines): DocumentSymbol[] {
  if (item.kind === "import") return [];
  if (item.kind === "column")
    return [made(item.name, SymbolKind.Field, textOf(lines, item.type.span), item.span, lines)];
  if (item.kind === "attribute") return [made(item.name, SymbolKind.Property, "", item.span, lines)];
  const name = declaredName(item);
  const children = item.block === null ? [] : outline(item.block.items, lines);
  const kind = KINDS[item.head.text] ?? SymbolKind.Object;
  if (name === null) return [{ ...made(item.head, kind, "", item.span, lines), children }];
  const variant = item.variant === null ? "" : `: ${textOf(lines, item.variant.span)}`;
  return [{ ...made(name, kind, `${item.head.text}${variant}`, item.span, lines), children }];
}

const textOf = ({ text }: Lines, { start, end }: { start: number; end: number }) => text.slice(start, end);

const made = (
  name: Name,
  kind: SymbolKind,
  detail: string,
  span: { start: number; end: number },
  lines: Lines,
): DocumentSymbol => ({
  // The protocol refuses an empty name.
  name: name.text || "?",
  kind,
  ...(detail === "" ? {} : { detail }),
  range: spanRange(lines, span),
  selectionRange: spanRange(lines, name.span),
});

export const documentSymbols: Feature = {
  capabilities: { documentSymbolProvider: true },
  listen({ connection, workspace }) {
    connection.onDocumentSymbol(({ textDocument }) => {
      const parsed = workspace.files.parsed(pathOf(textDocument.uri));
      return parsed === null ? [] : outline(parsed.tree.items, parsed.lines);
    });
  },
};

/** `callHierarchy`: data lineage. What a declaration reads is what it "calls"; who reads it are its callers. */
import { type CallHierarchyItem, SymbolKind } from "vscode-languageserver-types";
import type { Draft } from "../../language/check/draft.ts";
import type { Feature } from "../feature.ts";
import { pathOf, rangeOf, spanRange, uriOf } from "../locations.ts";
import type { Workspace } from "../workspace.ts";
import { targetAt } from "./definition.ts";

/** The entry whose analysis an item is of, and the declaration. */
interface Data {
  readonly entry: string;
  readonly id: string;
}

function itemOf(entry: string, { symbol }: Draft): CallHierarchyItem {
  const { lines, path } = symbol.source;
  const data: Data = { entry, id: symbol.id };
  return {
    name: symbol.name,
    kind: SymbolKind.Class,
    detail: symbol.variantName === null ? symbol.kindName : `${symbol.kindName}: ${symbol.variantName}`,
    uri: uriOf(path),
    range: spanRange(lines, symbol.phrase.span),
    selectionRange: spanRange(lines, symbol.nameSpan),
    data,
  };
}

/** Where in `from` the declaration `to` is named. */
function rangesOf(from: Draft, to: Draft) {
  const { lines } = from.symbol.source;
  const found = [...from.locations]
    .filter(([pointer]) => pointer.lastIndexOf("/") === 0)
    .map(([, span]) => span)
    .filter(({ start, end }) => new RegExp(`\\b${to.symbol.name}\\b`).test(lines.text.slice(start, end)));
  const spans = found.length > 0 ? found : [from.symbol.nameSpan];
  return spans.map((span) => rangeOf(lines.range(span)));
}

const draftsOf = (workspace: Workspace, { entry, id }: Data) => {
  const { drafts } = workspace.analysis(entry);
  return { drafts, own: drafts.find(({ symbol }) => symbol.id === id) };
};

export const callHierarchy: Feature = {
  capabilities: { callHierarchyProvider: true },
  listen({ connection, workspace }) {
    connection.languages.callHierarchy.onPrepare(({ textDocument, position }) => {
      const entry = pathOf(textDocument.uri);
      const target = targetAt(workspace, textDocument.uri, position);
      const symbol = target?.symbol;
      if (symbol?.is !== "declaration") return null;
      const draft = workspace.analysis(entry).drafts.find((one) => one.symbol.id === symbol.id);
      return draft === undefined ? null : [itemOf(entry, draft)];
    });
    connection.languages.callHierarchy.onOutgoingCalls(({ item }) => {
      const data = item.data as Data; // as `itemOf` made it
      const { drafts, own } = draftsOf(workspace, data);
      return drafts
        .filter(({ symbol }) => own?.refs.includes(symbol.id) === true)
        .map((read) => ({ to: itemOf(data.entry, read), fromRanges: rangesOf(own!, read) }));
    });
    connection.languages.callHierarchy.onIncomingCalls(({ item }) => {
      const data = item.data as Data; // as `itemOf` made it
      const { drafts, own } = draftsOf(workspace, data);
      return drafts
        .filter(({ refs }) => refs.includes(data.id))
        .map((reader) => ({
          from: itemOf(data.entry, reader),
          fromRanges: own === undefined ? [] : rangesOf(reader, own),
        }));
    });
  },
};

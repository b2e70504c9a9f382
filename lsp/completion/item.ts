/** Completion items, in the order in which a reader wants them. */
import {
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
} from "vscode-languageserver-types";

export { CompletionItemKind as ItemKind };

/** What comes first: a missing attribute before others, names of the file before words of the language. */
export const RANK = { wanted: "0", own: "1", word: "2", other: "3", rare: "4" } as const;
export type Rank = keyof typeof RANK;

export interface Offer {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** Beside the label: a type, a kind, a unit. */
  readonly detail?: string;
  /** Markdown. */
  readonly doc?: string;
  /** In LSP snippet syntax; the label when not given. */
  readonly snippet?: string;
  /** Written in place of the label, as plain text. */
  readonly text?: string;
  readonly rank?: Rank;
  readonly deprecated?: boolean;
  /** Ask for suggestions again when it has been written. */
  readonly more?: boolean;
}

const AGAIN = { title: "Suggest", command: "editor.action.triggerSuggest" } as const;

/** @param snippets whether the client understands tab stops */
export function itemOf(offer: Offer, index: number, snippets: boolean): CompletionItem {
  const { label, kind, detail, doc, snippet, text, rank = "word", more } = offer;
  const plain = text ?? (snippet === undefined ? label : withoutStops(snippet));
  return {
    label,
    kind,
    sortText: `${RANK[rank]}${String(index).padStart(4, "0")}`,
    ...(detail === undefined ? {} : { detail }),
    ...(doc === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: doc } }),
    ...(snippet !== undefined && snippets
      ? { insertText: snippet, insertTextFormat: InsertTextFormat.Snippet }
      : plain === label
        ? {}
        : { insertText: plain }),
    ...(offer.deprecated === true ? { deprecated: true } : {}),
    ...(more === true ? { command: AGAIN } : {}),
  };
}

/** `${1:name}` is `name`, `${2|a,b|}` is `a`, `$0` is nothing. */
export const withoutStops = (snippet: string): string =>
  snippet
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, "$1")
    .replace(/\$\{\d+:([^}]*)\}/g, "$1")
    .replace(/\$\{?\d+\}?/g, "");

/** As it is written in a spec: in backticks where it is no plain word. */
export const written = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``);

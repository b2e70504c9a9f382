/** `textDocument/semanticTokens`: what each name is, for colours that a grammar of words cannot know. */
import { SemanticTokensBuilder } from "vscode-languageserver/node";
import type { Feature } from "../feature.ts";
import { offsetOf, pathOf, positionOf } from "../locations.ts";
import { occurrencesOf } from "../names/index.ts";
import type { Occurrence, Role } from "../names/occurrence.ts";
import type { Workspace } from "../workspace.ts";

const TYPES = [
  "keyword",
  "type",
  "class",
  "property",
  "variable",
  "parameter",
  "enumMember",
  "function",
  "decorator",
  "namespace",
] as const;
const MODIFIERS = ["declaration", "readonly", "defaultLibrary", "deprecated"] as const;

type TokenType = (typeof TYPES)[number];

const BY_ROLE: Readonly<Record<Role, TokenType>> = {
  kind: "keyword",
  variant: "type",
  declaration: "class",
  attribute: "property",
  reference: "variable",
  member: "enumMember",
  column: "variable",
  "column-declaration": "variable",
  entry: "enumMember",
  metric: "function",
  word: "enumMember",
  form: "function",
  argument: "parameter",
  layer: "function",
  type: "type",
  constraint: "decorator",
  function: "function",
  label: "variable",
  imported: "class",
};

/** Words of the language, as against names of the user's own. */
const OF_THE_LANGUAGE = new Set<Role>([
  "kind",
  "variant",
  "attribute",
  "metric",
  "word",
  "form",
  "argument",
  "layer",
  "type",
  "constraint",
  "function",
]);

/** What a name refers to says more than where it stands. */
function typeOf({ role, name }: Occurrence, workspace: Workspace, path: string): TokenType {
  if (role !== "reference") return BY_ROLE[role];
  const symbol = workspace.analysis(path).symbols.get(name.text);
  switch (symbol?.is) {
    case "parameter":
    case "argument":
      return "parameter";
    case "instance":
    case "template":
      return "namespace";
    case "declaration":
    case "generic":
      return "class";
    default:
      return "variable";
  }
}

function modifiersOf({ role }: Occurrence): number {
  const flag = (name: (typeof MODIFIERS)[number]) => 1 << MODIFIERS.indexOf(name);
  const declares = ["declaration", "column-declaration", "entry"].includes(role) ? flag("declaration") : 0;
  return declares | (OF_THE_LANGUAGE.has(role) ? flag("defaultLibrary") : 0);
}

/** @param from, to offsets; names outside are left out */
function tokensOf(workspace: Workspace, path: string, from: number, to: number) {
  const builder = new SemanticTokensBuilder();
  const parsed = workspace.files.parsed(path);
  for (const occurrence of parsed === null ? [] : occurrencesOf(workspace, path)) {
    const { start, end } = occurrence.name.span;
    if (end < from || start > to) continue;
    const { line, character } = positionOf(parsed!.lines, start);
    builder.push(
      line,
      character,
      end - start,
      TYPES.indexOf(typeOf(occurrence, workspace, path)),
      modifiersOf(occurrence),
    );
  }
  // No id of the result: changes since another one are not offered.
  return { data: builder.build().data };
}

export const semanticTokens: Feature = {
  capabilities: {
    semanticTokensProvider: {
      legend: { tokenTypes: [...TYPES], tokenModifiers: [...MODIFIERS] },
      full: true,
      range: true,
    },
  },
  listen({ connection, workspace }) {
    connection.languages.semanticTokens.on(({ textDocument }) =>
      tokensOf(workspace, pathOf(textDocument.uri), 0, Number.POSITIVE_INFINITY),
    );
    connection.languages.semanticTokens.onRange(({ textDocument, range }) => {
      const path = pathOf(textDocument.uri);
      const parsed = workspace.files.parsed(path);
      if (parsed === null) return { data: [] };
      return tokensOf(
        workspace,
        path,
        offsetOf(parsed.lines, range.start),
        offsetOf(parsed.lines, range.end),
      );
    });
  },
};

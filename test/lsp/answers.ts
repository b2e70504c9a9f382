/** How each feature is asked, and how its answer is written down. */
import type {
  CodeAction,
  CompletionItem,
  DocumentHighlight,
  Hover,
  Location,
  Position,
  Range,
  SignatureHelp,
  WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { connect, FOLDER } from "./client.ts";

export interface Asked {
  readonly text: string;
  readonly marks: readonly Position[];
  readonly files: Readonly<Record<string, string>>;
}

type Answer = (asked: Asked) => Promise<string>;

const SNIPPETS = {
  capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
};

/** One request on a fresh server. */
async function ask<T>(asked: Asked, method: string, more: object = {}): Promise<T> {
  const client = await connect({ files: asked.files, initialize: SNIPPETS });
  try {
    const uri = client.open("spec.mlops", asked.text);
    const [position] = asked.marks;
    return await client.connection.sendRequest<T>(method, { textDocument: { uri }, position, ...more });
  } finally {
    await client.close();
  }
}

const nameOf = (uri: string): string => uri.replace(`file://${FOLDER}/`, "");
const textOf = (asked: Asked, uri: string): string =>
  nameOf(uri) === "spec.mlops" ? asked.text : (asked.files[`${FOLDER}/${nameOf(uri)}`] ?? "");

/** `spec.mlops:3:10  path = "loans.csv"`: a place with its line. */
function placeText(asked: Asked, { uri, range }: Location): string {
  const line = textOf(asked, uri).split("\n")[range.start.line] ?? "";
  const { start, end } = range;
  const text =
    start.line === end.line
      ? `${line.slice(0, start.character)}«${line.slice(start.character, end.character)}»${line.slice(end.character)}`
      : line;
  return `${nameOf(uri)}:${start.line + 1}  ${text.trim()}`;
}

/** The text with its edits made. */
export function edited(
  text: string,
  edits: readonly { readonly range: Range; readonly newText: string }[],
): string {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const offset = ({ line, character }: Position) => (starts[line] ?? text.length) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (made, { range, newText }) =>
        made.slice(0, offset(range.start)) + newText + made.slice(offset(range.end)),
      text,
    );
}

/** By feature, as the folders of `fixtures/` are named. */
export const answers: Readonly<Record<string, Answer>> = {
  async completion(asked) {
    const items = await ask<CompletionItem[]>(asked, "textDocument/completion");
    const sorted = items.sort((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1));
    if (sorted.length === 0) return "nothing";
    return sorted
      .map(({ label, detail, insertText }) => {
        const inserted = insertText === undefined ? "" : `  ⇥ ${insertText.replaceAll("\n", "⏎")}`;
        return `${label}${detail === undefined || detail === "" ? "" : `  (${detail})`}${inserted}`;
      })
      .join("\n");
  },
  async definition(asked) {
    const found = await ask<Location | null>(asked, "textDocument/definition");
    return found === null ? "nothing" : placeText(asked, found);
  },
  async references(asked) {
    const found = await ask<Location[] | null>(asked, "textDocument/references", {
      context: { includeDeclaration: true },
    });
    return (found ?? []).map((place) => placeText(asked, place)).join("\n") || "nothing";
  },
  async highlight(asked) {
    const found = await ask<DocumentHighlight[] | null>(asked, "textDocument/documentHighlight");
    const uri = `file://${FOLDER}/spec.mlops`;
    return (
      (found ?? [])
        .map(({ range, kind }) => `${kind === 3 ? "declared" : "read"} ${placeText(asked, { uri, range })}`)
        .join("\n") || "nothing"
    );
  },
  async rename(asked) {
    const found = await ask<WorkspaceEdit>(asked, "textDocument/rename", { newName: "other" }).catch(
      (error: Error) => error.message,
    );
    if (typeof found === "string") return found;
    return Object.entries(found.changes ?? {})
      .map(([uri, edits]) => `${nameOf(uri)}\n${edited(textOf(asked, uri), edits)}`)
      .join("\n")
      .trimEnd();
  },
  async hover(asked) {
    const found = await ask<Hover | null>(asked, "textDocument/hover");
    const contents = found?.contents as { value?: string } | undefined; // the server writes Markdown
    return contents?.value ?? "nothing";
  },
  async signature(asked) {
    const found = await ask<SignatureHelp | null>(asked, "textDocument/signatureHelp");
    const [signature] = found?.signatures ?? [];
    if (signature === undefined) return "nothing";
    const active = signature.parameters?.[found?.activeParameter ?? 0];
    return `${signature.label}\nnow: ${String(active?.label)}`;
  },
  async actions(asked) {
    const [position] = asked.marks;
    const more = { range: { start: position, end: position }, context: { diagnostics: [] } };
    const found = await ask<CodeAction[]>(asked, "textDocument/codeAction", more);
    const uri = `file://${FOLDER}/spec.mlops`;
    return (
      found
        .filter(({ kind }) => kind !== "source.fixAll")
        .map(({ title, edit }) => `# ${title}\n${edited(asked.text, edit?.changes?.[uri] ?? []).trimEnd()}`)
        .join("\n\n") || "nothing"
    );
  },
};

/** How each feature is asked, and how its answer is written down. */
import type { CompletionItem, Position } from "vscode-languageserver-protocol/node";
import { connect } from "./client.ts";

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
};

/** The tutorial's spec can be typed with completion alone: each word that is not the writer's own is offered where it goes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { CompletionItem } from "vscode-languageserver-protocol/node";
import { ROOT } from "../samples/mlops.ts";
import { connect, FOLDER } from "./client.ts";
import { behind, offeredWords } from "./typing.ts";

const page = readFileSync(join(ROOT, "docs/tutorial.md"), "utf8");
const TEXT = [...page.matchAll(/^```mlops add\n(.*?)^```$/gms)].map(([, block]) => block).join("\n");

const SNIPPETS = {
  capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
};

it("offers every word of the tutorial where it is typed, before its first letter and behind it", async () => {
  const client = await connect({
    files: { [`${FOLDER}/data/loans.csv`]: "Loan_ID\n", [`${FOLDER}/notes.txt`]: "" },
    initialize: SNIPPETS,
  });
  const uri = client.open("loan.mlops", "");
  const missing: string[] = [];
  const words = offeredWords(TEXT);
  for (const { word, start } of words) {
    for (const typed of [0, 1]) {
      const before = TEXT.slice(0, start + typed);
      client.change(uri, before + behind(before));
      // As an editor does while its writer thinks: names come from what was checked last.
      await client.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } });
      const lines = before.split("\n");
      const position = { line: lines.length - 1, character: lines.at(-1)!.length };
      const items = await client.connection.sendRequest<CompletionItem[]>("textDocument/completion", {
        textDocument: { uri },
        position,
      });
      const offered = items.some(({ label }) => label === word || label.startsWith(`${word} `));
      if (!offered) missing.push(`${lines.length}: ${lines.at(-1)}‸${word.slice(typed)}`);
    }
  }
  await client.close();
  expect(words.length).toBeGreaterThan(140);
  expect(missing).toEqual([]);
}, 60_000);

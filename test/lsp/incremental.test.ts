/** Whatever ranges are replaced one after the other, the server has the text that the client has. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { outline } from "../../lsp/features/document-symbols.ts";
import { Files } from "../../lsp/files.ts";
import { connect, memoryDisk } from "./client.ts";
import { type Change, isPlace, replacing } from "./fuzz/text.ts";

const PIECES = [
  "dataset loans: csv {\n  schema { income: float }\n}\n",
  "model scorer: logistic_regression { data = loans }\n",
  "param seed: int = 42\n",
  "\r\n",
  "\n",
  "}",
  "{",
  '"',
  '"""',
  "é😀",
  "// ",
  "seed",
] as const;

const edits = fc.array(
  fc.record({
    from: fc.nat({ max: 10_000 }),
    length: fc.nat({ max: 30 }),
    text: fc.oneof(fc.constantFrom(...PIECES), fc.constant("")),
    /** Sent with the change before it. */
    joined: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

it("has the text and the outline of a full open after any sequence of range edits", async () => {
  const client = await connect();
  let number = 0;
  const symbolsOf = (uri: string) =>
    client.connection.sendRequest("textDocument/documentSymbol", { textDocument: { uri } });
  try {
    await fc.assert(
      fc.asyncProperty(edits, async (all) => {
        let text = PIECES.slice(0, 3).join("\n");
        const uri = client.open(`${number++}.mlops`, text);
        let waiting: Change[] = [];
        let version = 1_000;
        const send = () => {
          if (waiting.length === 0) return;
          const textDocument = { uri, version: version++ };
          void client.connection.sendNotification("textDocument/didChange", {
            textDocument,
            contentChanges: waiting,
          });
          waiting = [];
        };
        for (const { from, length, text: piece, joined } of all) {
          const start = from % (text.length + 1);
          const end = Math.min(text.length, start + length);
          if (!isPlace(text, start) || !isPlace(text, end)) continue;
          if (!joined) send();
          waiting.push(replacing(text, start, end, piece));
          text = text.slice(0, start) + piece + text.slice(end);
        }
        send();
        const files = new Files(memoryDisk({ "/whole.mlops": text }));
        const { tree, lines } = files.parsed("/whole.mlops")!;
        expect(await symbolsOf(uri)).toEqual(outline(tree.items, lines));
        const copy = client.open(`${number++}.mlops`, text);
        const [own, other] = await Promise.all(
          [uri, copy].map((each) =>
            client.connection.sendRequest("textDocument/foldingRange", { textDocument: { uri: each } }),
          ),
        );
        expect(own).toEqual(other);
        for (const each of [uri, copy])
          void client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: each } });
      }),
      { numRuns: 150, seed: 5 },
    );
  } finally {
    await client.close();
  }
});

/** A search through a workspace ends when nobody wants it any more, or when its texts have changed. */
import { expect, it } from "vitest";
import { CancellationTokenSource, LSPErrorCodes } from "vscode-languageserver-protocol/node";
import { eachFile } from "../../lsp/each-file.ts";
import { Workspace } from "../../lsp/workspace.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { FOLDER, memoryDisk } from "./client.ts";

const files = Object.fromEntries([..."abcdef"].map((name) => [`${FOLDER}/${name}.mlops`, "param a: int\n"]));

function workspace(): Workspace {
  const made = new Workspace(vocabulary, memoryDisk(files));
  made.folders = [FOLDER];
  return made;
}

/** Longer than a turn. */
function dawdle(): void {
  const end = performance.now() + 15;
  while (performance.now() < end);
}

it("looks at every file", async () => {
  const seen: string[] = [];
  const { token } = new CancellationTokenSource();
  expect(await eachFile(workspace(), token, (path) => void seen.push(path))).toBeNull();
  expect(seen).toEqual(Object.keys(files));
});

it("stops when it is cancelled", async () => {
  const source = new CancellationTokenSource();
  let seen = 0;
  const ended = await eachFile(workspace(), source.token, () => {
    seen += 1;
    dawdle();
    setImmediate(() => source.cancel());
  });
  expect(ended?.code).toBe(LSPErrorCodes.RequestCancelled);
  expect(seen).toBeLessThan(6);
});

it("gives up when a text has changed", async () => {
  const all = workspace();
  const ended = await eachFile(all, new CancellationTokenSource().token, () => {
    dawdle();
    setImmediate(() => all.changedOnDisk(`${FOLDER}/a.mlops`));
  });
  expect(ended?.code).toBe(LSPErrorCodes.ContentModified);
});

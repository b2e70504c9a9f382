/** What scenes in the extension host are made of. */
import { deepStrictEqual } from "node:assert/strict";
import * as vscode from "vscode";

export interface Scene {
  readonly title: string;
  play(): Promise<void>;
}

export const same: (found: unknown, wanted: unknown, message?: string) => void = deepStrictEqual;

export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}

/** Asks again until the answer holds; servers take their time. */
export async function until<T>(
  what: string,
  ask: () => T | Thenable<T>,
  holds: (answer: T) => boolean,
  seconds = 20,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`${what}: not within ${seconds} s; last ${JSON.stringify(answer)?.slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export const file = (name: string): vscode.Uri =>
  vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);

/** Opens it and waits until the server has looked at it. */
export async function open(name: string): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file(name)));
  await until(
    `symbols of ${name}`,
    () => vscode.commands.executeCommand<unknown[]>("vscode.executeDocumentSymbolProvider", file(name)),
    (symbols) => editor.document.getText() === "" || symbols?.length > 0,
  );
  return editor;
}

/** Just behind the last letter of `words`, which stand once; or at a place in them. */
export function place(document: vscode.TextDocument, words: string, within = words.length): vscode.Position {
  const at = document.getText().indexOf(words);
  check(at >= 0, `the text has no ${words}`);
  return document.positionAt(at + within);
}

/** Changes a text for the time of a scene. */
export async function changed(
  { document }: vscode.TextEditor,
  [from, to]: readonly [string, string],
  play: () => Promise<void>,
): Promise<void> {
  const before = document.getText();
  const write = async (text: string) => {
    const edit = new vscode.WorkspaceEdit();
    const whole = new vscode.Range(new vscode.Position(0, 0), document.positionAt(document.getText().length));
    edit.replace(document.uri, whole, text);
    await vscode.workspace.applyEdit(edit);
  };
  check(before.includes(from), `the text has no ${from}`);
  await write(before.replace(from, to));
  try {
    await play();
  } finally {
    await write(before);
    await document.save();
  }
}

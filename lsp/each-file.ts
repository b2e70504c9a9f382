/** Looks at every spec of a workspace in turns, so that who asked may say that it is no longer wanted. */
import { setImmediate } from "node:timers/promises";
import { type CancellationToken, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { Workspace } from "./workspace.ts";

/** Milliseconds of one turn: a key is not answered later than that. */
const TURN = 10;

/** Null when every file was looked at; else what to answer: the request was cancelled, or a text changed meanwhile. */
export async function eachFile(
  workspace: Workspace,
  token: CancellationToken,
  look: (path: string) => void,
): Promise<ResponseError<void> | null> {
  const { revision } = workspace;
  let began = performance.now();
  for (const path of workspace.specs()) {
    if (performance.now() - began > TURN) {
      await setImmediate();
      if (token.isCancellationRequested)
        return new ResponseError(LSPErrorCodes.RequestCancelled, "The client does not want it any more.");
      // Places of two different texts would be a mixture.
      if (workspace.revision !== revision)
        return new ResponseError(LSPErrorCodes.ContentModified, "A text has changed meanwhile.");
      began = performance.now();
    }
    look(path);
  }
  return null;
}

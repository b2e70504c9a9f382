/** The client of the language server. */
import * as vscode from "vscode";
import { LanguageClient, RevealOutputChannelOn, type ServerOptions } from "vscode-languageclient/node";
import { programFor } from "./program.ts";

export async function startClient(
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
): Promise<LanguageClient | null> {
  const { command, args } = programFor(vscode.window.activeTextEditor?.document.uri);
  const server: ServerOptions = {
    command,
    args: [...args, "lsp", "--stdio"],
    options: { shell: process.platform === "win32" },
  };
  const watcher = vscode.workspace.createFileSystemWatcher("**/*.mlops");
  context.subscriptions.push(watcher);
  const client = new LanguageClient("mlops", "mlops", server, {
    documentSelector: [
      { scheme: "file", language: "mlops" },
      { scheme: "untitled", language: "mlops" },
    ],
    synchronize: { fileEvents: watcher },
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
  });
  try {
    await client.start();
    return client;
  } catch (error) {
    output.error(error instanceof Error ? error : String(error));
    // Not waited for: whoever does not answer has the rest of the extension still.
    void vscode.window
      .showErrorMessage(
        `The language server did not start: ${command} could not be run. Install mlops in this workspace (npm install mlops), or say where it is.`,
        "Open the Setting",
      )
      .then((choice) =>
        choice === undefined
          ? undefined
          : vscode.commands.executeCommand("workbench.action.openSettings", "mlops.path"),
      );
    return null;
  }
}

/** Files that come with the language, read-only: `std/gates` opens like any other. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

const SCHEME = "mlops-std";

export function registerLibrary(context: vscode.ExtensionContext, client: () => LanguageClient | null): void {
  const provider: vscode.TextDocumentContentProvider = {
    async provideTextDocumentContent({ path }) {
      const text = await client()?.sendRequest<string | null>("mlops/library", {
        name: path.replace(/^\//, ""),
      });
      return text ?? "// The library has no such file.\n";
    },
  };
  context.subscriptions.push(vscode.workspace.registerTextDocumentContentProvider(SCHEME, provider));
}

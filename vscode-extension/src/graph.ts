/** A live picture of the pipeline beside its text: it follows the cursor, and shows how each step fared. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

/** As `lsp/features/graph.ts` answers. */
interface Answer {
  readonly svg: string | null;
  readonly at: string | null;
  readonly status: Readonly<Record<string, string>>;
  readonly lines: Readonly<Record<string, number>>;
}

/** Milliseconds between a key and a new picture. */
const PAUSE = 150;

export class GraphPreview implements vscode.Disposable {
  readonly #client: () => LanguageClient | null;
  readonly #subscriptions: vscode.Disposable[] = [];
  #panel: vscode.WebviewPanel | null = null;
  #spec: vscode.Uri | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** The last answer that was shown; for tests too. */
  shown: Answer | null = null;

  constructor(client: () => LanguageClient | null) {
    this.#client = client;
    this.#subscriptions.push(
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#later(document.uri)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#later(textEditor.document.uri)),
      vscode.tasks.onDidEndTask(() => this.#later(this.#spec)),
    );
  }

  async open(spec: vscode.Uri): Promise<void> {
    this.#spec = spec;
    if (this.#panel === null) {
      this.#panel = vscode.window.createWebviewPanel(
        "mlops.graph",
        "Pipeline",
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        { enableScripts: true, retainContextWhenHidden: true },
      );
      this.#panel.webview.html = page();
      this.#panel.webview.onDidReceiveMessage(
        (message: { readonly ready?: true; readonly line?: number }) => {
          if (message.ready === true) void this.refresh();
          if (message.line !== undefined) void this.#reveal(message.line);
        },
      );
      this.#panel.onDidDispose(() => {
        this.#panel = null;
      });
    }
    this.#panel.title = `Pipeline: ${spec.path.split("/").at(-1) ?? ""}`;
    await this.refresh();
  }

  /** Asks the server and shows its answer. */
  async refresh(): Promise<void> {
    const client = this.#client();
    if (client === null || this.#panel === null || this.#spec === null) return;
    // The one that is being written in, where the same text is open twice.
    const { activeTextEditor: active, visibleTextEditors } = vscode.window;
    const editor = [...(active === undefined ? [] : [active]), ...visibleTextEditors].find(
      ({ document }) => document.uri.toString() === this.#spec?.toString(),
    );
    const position = editor?.selection.active;
    const answer = await client.sendRequest<Answer | null>("mlops/graph", {
      textDocument: { uri: client.code2ProtocolConverter.asUri(this.#spec) },
      ...(position === undefined ? {} : { position: { line: position.line, character: position.character } }),
    });
    if (answer === null) return;
    // While a text has errors, its last good picture stays.
    this.shown = answer.svg === null && this.shown !== null ? { ...this.shown, at: answer.at } : answer;
    await this.#panel?.webview.postMessage(this.shown);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#panel?.dispose();
  }

  #later(uri: vscode.Uri | null): void {
    if (this.#panel === null || uri === null || uri.toString() !== this.#spec?.toString()) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), PAUSE);
  }

  async #reveal(line: number): Promise<void> {
    if (this.#spec === null) return;
    const editor = await vscode.window.showTextDocument(this.#spec, { viewColumn: vscode.ViewColumn.One });
    const at = new vscode.Position(line, 0);
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
  }
}

/** No network, no other scripts: the picture comes as a message. */
function page(): string {
  const nonce = crypto.randomUUID();
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'">
<style>
body { margin: 0; padding: 8px; }
svg { max-width: 100%; height: auto; }
svg .page { fill: transparent; }
g.at > .box { stroke-width: 3.5; }
g[data-status="stale"] > .box { stroke-dasharray: 3 3; }
g[data-status="failed"] > .box { fill: #cf222e33; }
g[data-status="ran"] > .box, g[data-status="reused"] > .box { fill: #1a7f3722; }
g[id] { cursor: pointer; }
#empty { opacity: 0.7; font-family: sans-serif; }
</style></head><body><div id="graph"><p id="empty">The picture comes as soon as the spec has no errors.</p></div>
<script nonce="${nonce}">
const api = acquireVsCodeApi();
const place = document.getElementById("graph");
addEventListener("message", ({ data }) => {
  if (!data.svg) return;
  place.innerHTML = data.svg;
  for (const node of place.querySelectorAll("g[id]")) {
    node.classList.toggle("at", node.id === data.at);
    if (data.status[node.id]) node.dataset.status = data.status[node.id];
    if (data.lines[node.id] !== undefined) node.addEventListener("click", () => api.postMessage({ line: data.lines[node.id] }));
  }
});
api.postMessage({ ready: true });
</script></body></html>`;
}

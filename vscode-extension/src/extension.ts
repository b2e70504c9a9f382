/** The extension's beginning and end: a language client, commands, tasks, tests and a live graph. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { startClient } from "./client.ts";
import { registerCommands } from "./commands.ts";
import { GraphPreview } from "./graph.ts";
import { registerLibrary } from "./library.ts";
import { registerTasks } from "./tasks.ts";
import { registerTests } from "./tests.ts";

let client: LanguageClient | null = null;

/** What the extension's own tests look at. */
export interface Api {
  readonly client: () => LanguageClient | null;
  readonly graph: GraphPreview;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const output = vscode.window.createOutputChannel("mlops", { log: true });
  const current = () => client;
  const restart = async () => {
    await client?.stop();
    client = await startClient(context, output);
  };
  const graph = new GraphPreview(current);
  context.subscriptions.push(output, graph);
  registerLibrary(context, current);
  registerCommands(context, { output, graph, restart });
  registerTasks(context);
  registerTests(context);
  await restart();
  return { client: current, graph };
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = null;
}

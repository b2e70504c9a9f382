/** `mlops` tasks for `tasks.json` and the list of tasks: check, plan, run and test for each spec. */
import { join } from "node:path";
import * as vscode from "vscode";
import { mlopsTask } from "./terminal.ts";

const COMMANDS = ["check", "plan", "run", "test"] as const;
/** More specs than this are not listed; `tasks.json` may name any. */
const MOST = 50;

export function registerTasks(context: vscode.ExtensionContext): void {
  const provider: vscode.TaskProvider = {
    async provideTasks() {
      const specs = await vscode.workspace.findFiles("**/*.mlops", "**/{node_modules,.mlops}/**", MOST);
      return specs.flatMap(({ fsPath }) => COMMANDS.map((command) => mlopsTask(command, fsPath)));
    },
    resolveTask({ definition, scope }) {
      const { command, spec } = definition as unknown as { command?: unknown; spec?: unknown };
      if (typeof command !== "string" || typeof spec !== "string") return undefined;
      const folder = typeof scope === "object" ? scope : vscode.workspace.workspaceFolders?.[0];
      return folder === undefined ? undefined : mlopsTask(command, join(folder.uri.fsPath, spec));
    },
  };
  context.subscriptions.push(vscode.tasks.registerTaskProvider("mlops", provider));
}

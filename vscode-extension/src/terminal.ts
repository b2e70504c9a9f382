/** Runs `mlops` where its reader can see it: as a task in the terminal. */
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { programFor } from "./program.ts";

/** One task for each command and spec; its problems are shown beside those of the server. */
export function mlopsTask(command: string, spec: string, more: readonly string[] = []): vscode.Task {
  const uri = vscode.Uri.file(spec);
  const program = programFor(uri);
  const execution = new vscode.ProcessExecution(
    program.command,
    [...program.args, command, basename(spec), ...more],
    {
      cwd: dirname(spec),
    },
  );
  const folder = vscode.workspace.getWorkspaceFolder(uri) ?? vscode.TaskScope.Workspace;
  const definition = { type: "mlops", command, spec: vscode.workspace.asRelativePath(uri, false) };
  const task = new vscode.Task(
    definition,
    folder,
    `${command} ${basename(spec)}`,
    "mlops",
    execution,
    "$mlops",
  );
  task.presentationOptions = { clear: true, showReuseMessage: false, panel: vscode.TaskPanelKind.Dedicated };
  if (command === "test") task.group = vscode.TaskGroup.Test;
  return task;
}

/** Runs it and gives its exit code; undefined when it was stopped. */
export async function runTask(task: vscode.Task): Promise<number | undefined> {
  const execution = await vscode.tasks.executeTask(task);
  return new Promise((resolve) => {
    const ended = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution !== execution) return;
      ended.dispose();
      resolve(event.exitCode);
    });
  });
}

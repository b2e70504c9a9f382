/** Which `mlops` is run: the one that is set, the workspace's own, or the one on the path. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

const SUFFIX = process.platform === "win32" ? ".cmd" : "";

/** @param near a file of the workspace folder that is meant */
export function programFor(near: vscode.Uri | undefined): Program {
  const set = vscode.workspace.getConfiguration("mlops", near).get<string>("path", "").trim();
  if (set !== "") return asProgram(set);
  const folder = near === undefined ? undefined : vscode.workspace.getWorkspaceFolder(near);
  const folders = folder === undefined ? (vscode.workspace.workspaceFolders ?? []) : [folder];
  for (const { uri } of folders) {
    const own = join(uri.fsPath, "node_modules", ".bin", `mlops${SUFFIX}`);
    if (existsSync(own)) return { command: own, args: [] };
  }
  return { command: `mlops${SUFFIX}`, args: [] };
}

/** A script is run by the Node that the editor has no part in. */
const asProgram = (path: string): Program =>
  /\.[cm]?[jt]s$/.test(path) ? { command: "node", args: [path] } : { command: path, args: [] };

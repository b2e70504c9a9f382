/** What the extension host runs: each scene by itself, and what came of it as a file. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { commands } from "./commands.ts";
import { language } from "./language.ts";
import type { Scene } from "./scene.ts";
import { typing } from "./typing.ts";

export interface Outcome {
  readonly title: string;
  readonly problem: string | null;
  readonly milliseconds: number;
}

/** Called by VS Code, which is told this file as `extensionTestsPath`. */
export async function run(): Promise<void> {
  const { only } = JSON.parse(readFileSync(join(__dirname, "suite.json"), "utf8")) as { only: string };
  const outcomes: Outcome[] = [];
  const scenes: readonly Scene[] = [...language, ...commands, ...typing];
  for (const { title, play } of scenes.filter((scene) => scene.title.includes(only))) {
    const start = performance.now();
    let problem: string | null = null;
    try {
      await play();
    } catch (error) {
      problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    outcomes.push({ title, problem, milliseconds: Math.round(performance.now() - start) });
    writeFileSync(join(__dirname, "outcomes.json"), JSON.stringify({ outcomes, done: false }));
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  writeFileSync(join(__dirname, "outcomes.json"), JSON.stringify({ outcomes, done: true }));
}

/** The commands of the palette, the title bar and the lenses. */
import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import type { GraphPreview } from "./graph.ts";
import { programFor } from "./program.ts";
import { mlopsTask, runTask } from "./terminal.ts";

interface Means {
  readonly output: vscode.LogOutputChannel;
  readonly graph: GraphPreview;
  restart(): Promise<void>;
}

/** The spec that is meant: a lens's argument, or the file at hand, saved first. */
async function specOf(argument: unknown): Promise<string | null> {
  const given =
    typeof argument === "string" ? argument : argument instanceof vscode.Uri ? argument.fsPath : null;
  const document = vscode.window.activeTextEditor?.document;
  const spec = given ?? (document?.languageId === "mlops" ? document.uri.fsPath : null);
  if (spec === null) {
    void vscode.window.showInformationMessage("Open a .mlops file first.");
    return null;
  }
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === spec);
  if (open?.isDirty === true) await open.save();
  return spec;
}

export function registerCommands(context: vscode.ExtensionContext, { output, graph, restart }: Means): void {
  const register = (name: string, run: (...args: unknown[]) => unknown) =>
    void context.subscriptions.push(vscode.commands.registerCommand(name, run));
  const inTerminal =
    (command: string, more: (args: unknown[]) => readonly string[] = () => []) =>
    async (...args: unknown[]): Promise<number | undefined> => {
      const spec = await specOf(args[0]);
      return spec === null ? undefined : runTask(mlopsTask(command, spec, more(args)));
    };
  const named = (args: unknown[]) => (typeof args[1] === "string" ? [args[1]] : []);
  register("mlops.run", inTerminal("run"));
  register("mlops.plan", inTerminal("plan"));
  register(
    "mlops.test",
    inTerminal("test", (args) => named(args)),
  );
  register("mlops.why", async (...args) => {
    const spec = await specOf(args[0]);
    if (spec === null) return undefined;
    const [name] = named(args);
    const step = name ?? (await vscode.window.showInputBox({ prompt: "Which step?", placeHolder: "scorer" }));
    return step === undefined ? undefined : runTask(mlopsTask("why", spec, [step]));
  });
  register("mlops.diff", async (argument) => {
    const spec = await specOf(argument);
    if (spec !== null)
      await showMarkdown(spec, ["diff", "HEAD", basename(spec), "--markdown"], "What the change means");
  });
  register("mlops.explain", async (argument) => {
    const editor = vscode.window.activeTextEditor;
    const given = typeof argument === "string" ? argument : null;
    const here =
      editor === undefined
        ? []
        : vscode.languages
            .getDiagnostics(editor.document.uri)
            .filter(({ range }) => range.contains(editor.selection.active));
    const code =
      given ??
      here.map(({ code: one }) => (typeof one === "object" ? String(one.value) : String(one)))[0] ??
      (await vscode.window.showInputBox({ prompt: "Which code or word?", placeHolder: "ML2005" }));
    if (code !== undefined) await showMarkdown(editor?.document.uri.fsPath ?? null, ["explain", code], code);
  });
  register("mlops.graph", async (argument) => {
    const spec = await specOf(argument);
    if (spec !== null) await graph.open(vscode.Uri.file(spec));
  });
  register("mlops.restart", async () => {
    await restart();
    output.info("The language server was started again.");
  });
}

/** Shows what a command prints as a rendered page beside the editor. */
async function showMarkdown(spec: string | null, args: readonly string[], title: string): Promise<void> {
  const program = programFor(spec === null ? undefined : vscode.Uri.file(spec));
  const cwd = spec === null ? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath : dirname(spec);
  try {
    const { stdout } = await promisify(execFile)(program.command, [...program.args, ...args], {
      ...(cwd === undefined ? {} : { cwd }),
      maxBuffer: 1 << 24,
    });
    const content = stdout.startsWith("#") ? stdout : `# ${title}\n\n${stdout}`;
    const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preview: true,
      preserveFocus: true,
    });
    await vscode.commands
      .executeCommand("markdown.showPreviewToSide", document.uri)
      .then(undefined, () => {}); // shown as text where there is no preview
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    void vscode.window.showErrorMessage(stderr?.trim().split("\n")[0] || message);
  }
}

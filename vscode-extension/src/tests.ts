/** The `test` blocks of every spec in the test explorer; `mlops test --json` carries them out. */
import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { programFor } from "./program.ts";

const BLOCK = /^test\s+([A-Za-z_]\w*)/gm;

/** As `mlops test --json` answers. */
interface Told {
  readonly tests?: readonly {
    readonly name: string;
    readonly status: string;
    readonly claims: readonly {
      readonly text: string;
      readonly passed: boolean;
      readonly found: string | null;
      readonly range: { readonly line: number; readonly column: number };
    }[];
  }[];
}

export function registerTests(context: vscode.ExtensionContext): void {
  const controller = vscode.tests.createTestController("mlops", "mlops");
  context.subscriptions.push(controller);
  const read = (uri: vscode.Uri, text: string) => {
    const found = [...text.matchAll(BLOCK)];
    if (found.length === 0) {
      controller.items.delete(uri.toString());
      return;
    }
    const file =
      controller.items.get(uri.toString()) ??
      controller.createTestItem(uri.toString(), basename(uri.fsPath), uri);
    file.children.replace(
      found.map(({ 0: line, 1: name = "", index }) => {
        const item = controller.createTestItem(`${uri.toString()}#${name}`, name, uri);
        const at = text.slice(0, index).split("\n").length - 1;
        item.range = new vscode.Range(at, 0, at, line.length);
        return item;
      }),
    );
    controller.items.add(file);
  };
  const load = async (uri: vscode.Uri) =>
    read(uri, new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
  const find = async () => {
    for (const uri of await vscode.workspace.findFiles("**/*.mlops", "**/{node_modules,.mlops}/**"))
      await load(uri);
  };
  controller.resolveHandler = async (item) => {
    if (item === undefined) await find();
  };
  controller.refreshHandler = find;
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (document.languageId === "mlops") read(document.uri, document.getText());
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === "mlops") read(document.uri, document.getText());
    }),
  );
  for (const document of vscode.workspace.textDocuments)
    if (document.languageId === "mlops") read(document.uri, document.getText());
  controller.createRunProfile(
    "Run",
    vscode.TestRunProfileKind.Run,
    (request, token) => run(controller, request, token),
    true,
  );
}

/** Each spec is tested once, whichever of its tests are asked for; the others are not reported. */
async function run(
  controller: vscode.TestController,
  request: vscode.TestRunRequest,
  token: vscode.CancellationToken,
): Promise<void> {
  const asked: vscode.TestItem[] = [];
  for (const item of request.include ?? [...controller.items].map(([, one]) => one)) {
    if (item.children.size === 0) asked.push(item);
    else for (const [, child] of item.children) asked.push(child);
  }
  const run = controller.createTestRun(request);
  const bySpec = Map.groupBy(
    asked.filter(({ uri }) => uri !== undefined),
    ({ uri }) => uri!.fsPath,
  );
  for (const [spec, items] of bySpec) {
    for (const item of items) run.started(item);
    const { told, problem } = await carriedOut(spec, token);
    for (const item of items) {
      const result = told.tests?.find(({ name }) => name === item.label);
      if (result === undefined) run.errored(item, new vscode.TestMessage(problem));
      else if (result.status === "passed") run.passed(item);
      else if (result.status === "skipped") run.skipped(item);
      else run.failed(item, messagesOf(result, item));
    }
  }
  run.end();
}

function messagesOf(
  { claims }: NonNullable<Told["tests"]>[number],
  { uri }: vscode.TestItem,
): vscode.TestMessage[] {
  return claims
    .filter(({ passed }) => !passed)
    .map(({ text, found, range }) => {
      const message = new vscode.TestMessage(found === null ? text : `${text}: ${found}`);
      if (uri !== undefined)
        message.location = new vscode.Location(uri, new vscode.Position(range.line - 1, range.column - 1));
      return message;
    });
}

function carriedOut(
  spec: string,
  token: vscode.CancellationToken,
): Promise<{ readonly told: Told; readonly problem: string }> {
  const { command, args } = programFor(vscode.Uri.file(spec));
  return new Promise((resolve) => {
    const child = execFile(
      command,
      [...args, "test", basename(spec), "--json"],
      { cwd: dirname(spec), maxBuffer: 1 << 24 },
      (_error, stdout, stderr) => {
        try {
          resolve({
            told: JSON.parse(stdout) as Told,
            problem: stderr.trim() || "mlops said nothing of this test.",
          });
        } catch {
          resolve({ told: {}, problem: stderr.trim() || "mlops could not be run." });
        }
      },
    );
    token.onCancellationRequested(() => child.kill());
  });
}

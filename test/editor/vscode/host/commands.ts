/** What the extension adds to the server: commands, tasks, the graph, files of the library. */
import * as vscode from "vscode";
import type { Api } from "../../../../vscode-extension/src/extension.ts";
import { check, file, open, place, type Scene, same, until } from "./scene.ts";

const extension = () => vscode.extensions.getExtension<Api>("mlops.mlops-vscode")!;

export const commands: readonly Scene[] = [
  {
    title: "plan, in a task of the terminal",
    async play() {
      await open("loan.mlops");
      same(await vscode.commands.executeCommand("mlops.plan"), 0);
    },
  },
  {
    title: "tasks for every spec",
    async play() {
      const tasks = await vscode.tasks.fetchTasks({ type: "mlops" });
      const names = tasks.map(({ name }) => name);
      for (const name of ["check loan.mlops", "run takes.mlops"]) check(names.includes(name), names.join());
    },
  },
  {
    title: "problems that a task finds are shown",
    async play() {
      await vscode.workspace.fs.writeFile(
        file("broken.mlops"),
        new TextEncoder().encode("dataset a: cvs {}\n"),
      );
      try {
        const tasks = await vscode.tasks.fetchTasks({ type: "mlops" });
        const task = tasks.find(({ name }) => name === "check broken.mlops");
        check(task !== undefined, tasks.map(({ name }) => name).join());
        await vscode.tasks.executeTask(task);
        // One of the server and one that the matcher read in the terminal.
        await until(
          "the matcher's problem",
          () => vscode.languages.getDiagnostics(file("broken.mlops")),
          (all) => all.length >= 2,
        );
      } finally {
        await vscode.workspace.fs.delete(file("broken.mlops"));
      }
    },
  },
  {
    title: "explain opens a page",
    async play() {
      await open("loan.mlops");
      await vscode.commands.executeCommand("mlops.explain", "ML2005");
      await until(
        "the page",
        () => vscode.workspace.textDocuments.filter(({ languageId }) => languageId === "markdown"),
        (pages) => pages.some((page) => page.getText().includes("ML2005")),
      );
    },
  },
  {
    title: "the graph follows the cursor",
    async play() {
      const { document } = await open("loan.mlops");
      const at = async (words: string) => {
        const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
        const position = place(document, words);
        editor.selection = new vscode.Selection(position, position);
      };
      await at("model scorer");
      await vscode.commands.executeCommand("mlops.graph");
      const { graph } = extension().exports;
      await until(
        "the picture",
        () => graph.shown,
        (shown) => shown?.svg?.includes("<svg") === true,
      );
      await at("evaluation scored");
      await until(
        "the place",
        () => graph.shown?.at,
        (id) => id === "evaluation.scored",
      );
    },
  },
  {
    title: "the language's own library opens",
    async play() {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse("mlops-std:/gates.mlops"));
      check(document.getText().includes("gate beats_majority"), document.getText());
    },
  },
  {
    title: "the server can be started again",
    async play() {
      await vscode.commands.executeCommand("mlops.restart");
      check(extension().exports.client() !== null, "no client");
      await open("loan.mlops");
    },
  },
];

/** The tutorial's pipeline, typed: every word that is not the writer's own is taken from what completion offers. */
import * as vscode from "vscode";
import { behind, offeredWords } from "../../../lsp/typing.ts";
import { check, open, type Scene, same, until } from "./scene.ts";

const labelOf = ({ label }: vscode.CompletionItem) => (typeof label === "string" ? label : label.label);

export const typing: readonly Scene[] = [
  {
    title: "the tutorial's pipeline is typed with completions",
    async play() {
      const { document: loan } = await open("loan.mlops");
      const wanted = loan.getText();
      const { document } = await open("typed.mlops");
      let written = "";
      const put = async (text: string) => {
        const edit = new vscode.WorkspaceEdit();
        const end = document.positionAt(document.getText().length);
        edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), text + behind(text));
        await vscode.workspace.applyEdit(edit);
        written = text;
      };
      for (const { word, start } of offeredWords(wanted)) {
        await put(wanted.slice(0, start));
        const labels = await until(
          `${written.split("\n").at(-1)}‸${word}`,
          async () => {
            const list = await vscode.commands.executeCommand<vscode.CompletionList>(
              "vscode.executeCompletionItemProvider",
              document.uri,
              document.positionAt(written.length),
            );
            return list.items.map(labelOf);
          },
          (all) => all.some((label) => label === word || label.startsWith(`${word} `)),
          5,
        );
        check(labels.length > 0, word);
        await put(written + word);
      }
      const edit = new vscode.WorkspaceEdit();
      const end = document.positionAt(document.getText().length);
      edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), end), wanted);
      await vscode.workspace.applyEdit(edit);
      same(document.getText(), wanted);
      await until(
        "no diagnostic",
        () => vscode.languages.getDiagnostics(document.uri),
        (all) => all.length === 0,
      );
      await vscode.commands.executeCommand("workbench.action.files.revert");
    },
  },
];

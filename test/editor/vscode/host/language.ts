/** Every feature of the language server, asked as VS Code asks. */
import * as vscode from "vscode";
import { changed, check, file, open, place, type Scene, same, until } from "./scene.ts";

const ask = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(command, ...args);
const labelOf = ({ label }: vscode.CompletionItem) => (typeof label === "string" ? label : label.label);
const textOf = (contents: readonly (vscode.MarkdownString | vscode.MarkedString)[]) =>
  contents.map((one) => (typeof one === "string" ? one : one.value)).join("\n");

export const language: readonly Scene[] = [
  {
    title: "diagnostics, in the problems of the file",
    async play() {
      const editor = await open("loan.mlops");
      await changed(editor, ["metrics = [accuracy", "metrics = [acuracy"], async () => {
        const found = await until(
          "the diagnostic",
          () => vscode.languages.getDiagnostics(file("loan.mlops")),
          (all) => all.length > 0,
        );
        check(
          found.some(({ source, message }) => source === "mlops" && message.includes("acuracy")),
          JSON.stringify(found),
        );
      });
      await until(
        "no diagnostic",
        () => vscode.languages.getDiagnostics(file("loan.mlops")),
        (all) => all.length === 0,
      );
    },
  },
  {
    title: "diagnostics of files that nobody opened",
    async play() {
      await vscode.workspace.fs.writeFile(
        file("broken.mlops"),
        new TextEncoder().encode("dataset a: cvs {}\n"),
      );
      try {
        await until(
          "the closed file's diagnostic",
          () => vscode.languages.getDiagnostics(file("broken.mlops")),
          (all) => all.length > 0,
        );
      } finally {
        await vscode.workspace.fs.delete(file("broken.mlops"));
      }
    },
  },
  {
    title: "completion, with documentation and order",
    async play() {
      const { document } = await open("loan.mlops");
      const at = place(document, "data = applicant.test", "data = ".length);
      const list = await ask<vscode.CompletionList>("vscode.executeCompletionItemProvider", document.uri, at);
      const labels = list.items.map(labelOf);
      check(labels.includes("applicant.test"), labels.join(", "));
      check(!labels.includes("ready"), "a gate is not data");
    },
  },
  {
    title: "hover",
    async play() {
      const { document } = await open("loan.mlops");
      const found = await ask<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        place(document, "model = scorer"),
      );
      const text = found.map(({ contents }) => textOf(contents)).join("\n");
      check(text.includes("gradient_boosted_trees"), text);
    },
  },
  {
    title: "signature help",
    async play() {
      const { document } = await open("loan.mlops");
      const found = await ask<vscode.SignatureHelp>(
        "vscode.executeSignatureHelpProvider",
        document.uri,
        place(document, "split(seed = 42, "),
      );
      check(found.signatures[0]?.label.startsWith("split(") === true, JSON.stringify(found));
    },
  },
  {
    title: "definition, within a file and across files",
    async play() {
      const loan = await open("loan.mlops");
      const [own] = await ask<vscode.Location[]>(
        "vscode.executeDefinitionProvider",
        loan.document.uri,
        place(loan.document, "model = scorer"),
      );
      same(own?.range.start.line, place(loan.document, "model scorer:").line);
      const takes = await open("takes.mlops");
      const [other] = await ask<vscode.Location[]>(
        "vscode.executeDefinitionProvider",
        takes.document.uri,
        place(takes.document, "data = people"),
      );
      same(other?.uri.toString(), file("shared.mlops").toString());
    },
  },
  {
    title: "references across files, and highlights",
    async play() {
      const { document } = await open("shared.mlops");
      const at = place(document, "dataset people");
      const found = await ask<vscode.Location[]>("vscode.executeReferenceProvider", document.uri, at);
      same([...new Set(found.map(({ uri }) => uri.path.split("/").at(-1)))].sort(), [
        "shared.mlops",
        "takes.mlops",
      ]);
      const loan = await open("loan.mlops");
      const marks = await ask<vscode.DocumentHighlight[]>(
        "vscode.executeDocumentHighlights",
        loan.document.uri,
        place(loan.document, "model scorer"),
      );
      same(marks.length, 4);
    },
  },
  {
    title: "rename across files",
    async play() {
      const { document } = await open("shared.mlops");
      const at = place(document, "dataset people");
      const edit = await ask<vscode.WorkspaceEdit>(
        "vscode.executeDocumentRenameProvider",
        document.uri,
        at,
        "persons",
      );
      await vscode.workspace.applyEdit(edit);
      const takes = await vscode.workspace.openTextDocument(file("takes.mlops"));
      try {
        check(document.getText().includes("dataset persons: csv"), document.getText());
        check(takes.getText().includes('import "./shared.mlops" { persons }'), takes.getText());
        check(takes.getText().includes("data = persons.train"), takes.getText());
      } finally {
        const back = await ask<vscode.WorkspaceEdit>(
          "vscode.executeDocumentRenameProvider",
          document.uri,
          at,
          "people",
        );
        await vscode.workspace.applyEdit(back);
        await vscode.workspace.saveAll();
      }
      check(takes.getText().includes("data = people.train"), takes.getText());
    },
  },
  {
    title: "semantic tokens",
    async play() {
      const { document } = await open("loan.mlops");
      const legend = await ask<vscode.SemanticTokensLegend>(
        "vscode.provideDocumentSemanticTokensLegend",
        document.uri,
      );
      const tokens = await ask<vscode.SemanticTokens>("vscode.provideDocumentSemanticTokens", document.uri);
      check(tokens.data.length > 100, `${tokens.data.length}`);
      const types = new Set<string>();
      for (let at = 3; at < tokens.data.length; at += 5)
        types.add(legend.tokenTypes[tokens.data[at]!] ?? "?");
      check(types.size > 3 && !types.has("?"), [...types].join());
    },
  },
  {
    title: "symbols of the file and of the workspace",
    async play() {
      const { document } = await open("loan.mlops");
      const found = await ask<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", document.uri);
      const names = found.map(({ name }) => name);
      for (const name of ["loans", "applicant", "scorer", "scored", "ready", "loan_approval", "api"])
        check(names.includes(name), `no ${name} in ${names.join()}`);
      const all = await ask<vscode.SymbolInformation[]>("vscode.executeWorkspaceSymbolProvider", "guess");
      check(
        all.some(({ name }) => name === "guessed"),
        JSON.stringify(all),
      );
    },
  },
  {
    title: "folding and selection ranges",
    async play() {
      const { document } = await open("loan.mlops");
      const folds = await ask<vscode.FoldingRange[]>("vscode.executeFoldingRangeProvider", document.uri);
      const line = place(document, "model scorer").line;
      check(
        folds.some(({ start }) => start === line),
        JSON.stringify(folds),
      );
      const [selection] = await ask<vscode.SelectionRange[]>(
        "vscode.executeSelectionRangeProvider",
        document.uri,
        [place(document, "income = ApplicantIncome")],
      );
      let depth = 0;
      for (let one = selection; one !== undefined; one = one.parent) depth += 1;
      check(depth >= 4, `${depth} ranges around a column`);
    },
  },
  {
    title: "formatting: whole, a range, on type",
    async play() {
      const editor = await open("loan.mlops");
      const before = editor.document.getText();
      await changed(editor, ["  depth = 4\n", "      depth=4\n"], async () => {
        await ask("editor.action.formatDocument");
        same(editor.document.getText(), before);
      });
      await changed(editor, ["  depth = 4\n", "      depth=4\n"], async () => {
        const line = place(editor.document, "depth=4").line;
        const edits = await ask<vscode.TextEdit[]>(
          "vscode.executeFormatRangeProvider",
          editor.document.uri,
          new vscode.Range(line, 0, line + 1, 0),
          { tabSize: 2, insertSpaces: true },
        );
        check(edits.length > 0, "nothing to change in the range");
      });
      await changed(editor, ["  depth = 4\n", "      depth=4\n"], async () => {
        const edits = await ask<vscode.TextEdit[]>(
          "vscode.executeFormatOnTypeProvider",
          editor.document.uri,
          place(editor.document, "depth=4\n  seed = 42\n}"),
          "}",
          { tabSize: 2, insertSpaces: true },
        );
        check((edits ?? []).length > 0, "nothing to change behind the key");
      });
    },
  },
  {
    title: "code actions mend what is wrong",
    async play() {
      const editor = await open("loan.mlops");
      await changed(editor, ["[accuracy, f1", "[acuracy, f1"], async () => {
        await until(
          "the diagnostic",
          () => vscode.languages.getDiagnostics(editor.document.uri),
          (all) => all.length > 0,
        );
        const at = place(editor.document, "[acuracy", 2);
        const actions = await ask<vscode.CodeAction[]>(
          "vscode.executeCodeActionProvider",
          editor.document.uri,
          new vscode.Range(at, at),
        );
        const fix = actions.find(({ title }) => title.includes("accuracy"));
        check(fix?.edit !== undefined, actions.map(({ title }) => title).join());
        await vscode.workspace.applyEdit(fix.edit);
        check(editor.document.getText().includes("[accuracy, f1"), "it was not mended");
      });
    },
  },
  {
    title: "lenses",
    async play() {
      const { document } = await open("loan.mlops");
      const found = await ask<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
      const titles = found.map(({ command }) => command?.title);
      for (const title of ["▶ Run", "Plan", "▶ Test"]) check(titles.includes(title), titles.join());
    },
  },
  {
    title: "inlay hints: shapes and parameters of layers",
    async play() {
      const { document } = await open("network.mlops");
      const whole = new vscode.Range(0, 0, document.lineCount, 0);
      const hints = await ask<vscode.InlayHint[]>("vscode.executeInlayHintProvider", document.uri, whole);
      const texts = hints.map(({ label }) =>
        typeof label === "string" ? label : label.map(({ value }) => value).join(""),
      );
      check(
        texts.some((text) => /16/.test(text)),
        texts.join(" | "),
      );
    },
  },
  {
    title: "links to files",
    async play() {
      const { document } = await open("takes.mlops");
      const found = await ask<vscode.DocumentLink[]>("vscode.executeLinkProvider", document.uri);
      check(
        found.some(({ target }) => target?.path.endsWith("/shared.mlops") === true),
        JSON.stringify(found),
      );
    },
  },
  {
    title: "call hierarchy: where rows come from and go to",
    async play() {
      const { document } = await open("loan.mlops");
      const [item] = await ask<vscode.CallHierarchyItem[]>(
        "vscode.prepareCallHierarchy",
        document.uri,
        place(document, "model scorer"),
      );
      check(item !== undefined, "no item");
      const into = await ask<vscode.CallHierarchyIncomingCall[]>("vscode.provideIncomingCalls", item);
      const out = await ask<vscode.CallHierarchyOutgoingCall[]>("vscode.provideOutgoingCalls", item);
      const names = [...into.map(({ from }) => from.name), ...out.map(({ to }) => to.name)];
      for (const name of ["applicant", "scored"]) check(names.includes(name), names.join());
    },
  },
  {
    title: "linked editing of a prompt's input and its placeholder",
    async play() {
      const editor = await open("network.mlops");
      const { line, character } = place(editor.document, "input { question");
      // Asked as the editor itself asks; extensions have no command for it, and places count from one.
      const found = await ask<{ readonly ranges: readonly unknown[] }>(
        "_executeLinkedEditingProvider",
        editor.document.uri,
        { lineNumber: line + 1, column: character + 1 },
      );
      same(found?.ranges.length, 2);
    },
  },
];

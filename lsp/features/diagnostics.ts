/** `textDocument/diagnostic`: the client asks for what is wrong when it wants to show it. */
import { DocumentDiagnosticReportKind } from "vscode-languageserver/node";
import { documentDiagnostics } from "../diagnostics.ts";
import type { Feature } from "../feature.ts";
import { pathOf } from "../locations.ts";

export const diagnostics: Feature = {
  capabilities: { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false } },
  listen({ connection, workspace }) {
    connection.languages.diagnostics.on(({ textDocument }) => {
      const path = pathOf(textDocument.uri);
      const items = workspace.files.read(path) === null ? [] : documentDiagnostics(workspace, path);
      return { kind: DocumentDiagnosticReportKind.Full, items };
    });
  },
};

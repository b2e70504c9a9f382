/** Findings of the checker as the protocol carries them. */
import { DiagnosticSeverity, DiagnosticTag, type Diagnostic as Shown } from "vscode-languageserver-types";
import type { Diagnostic } from "../language/diagnostics/diagnostic.ts";
import { rangeOf, uriOf } from "./locations.ts";
import type { Workspace } from "./workspace.ts";

const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

/** Nothing uses it, and it is faded. */
const UNUSED = new Set(["ML3002"]);
/** The old name of something. */
const OLD = new Set(["ML3059"]);

export function shownDiagnostic(found: Diagnostic): Shown {
  const tags = UNUSED.has(found.code)
    ? [DiagnosticTag.Unnecessary]
    : OLD.has(found.code)
      ? [DiagnosticTag.Deprecated]
      : [];
  return {
    range: rangeOf(found.range),
    severity: SEVERITIES[found.severity],
    code: found.code,
    source: "mlops",
    message: found.help === null ? found.message : `${found.message}\n${found.help}`,
    ...(tags.length === 0 ? {} : { tags }),
    ...(found.related.length === 0
      ? {}
      : {
          relatedInformation: found.related.map(({ file, range, message }) => ({
            location: { uri: uriOf(file), range: rangeOf(range) },
            message,
          })),
        }),
  };
}

/** The findings about one file, read as a spec of its own. */
export const findingsOf = (workspace: Workspace, path: string): readonly Diagnostic[] =>
  workspace.analysis(path).diagnostics.filter(({ file }) => file === path);

export const documentDiagnostics = (workspace: Workspace, path: string): Shown[] =>
  findingsOf(workspace, path).map(shownDiagnostic);

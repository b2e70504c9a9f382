/** Shows a finding of the runtime at its place in the spec. */
import { entryOf, fill, pageOf } from "../language/diagnostics/catalogue.ts";
import type { Program } from "../language/ir/program.ts";
import type { RuntimeDiagnostic } from "../runtime/execute/step.ts";
import type { Invocation } from "./command.ts";

/** One finding on standard error, or as the one JSON document. */
export function printRuntime(
  { terminal, json }: Invocation,
  program: Program,
  diagnostic: RuntimeDiagnostic,
): void {
  const { code, values, declaration, pointer, details = [] } = diagnostic;
  const { severity, message, help } = entryOf(code);
  const declared = program.declarations.find((one) => one.id === declaration);
  const place = declared?.locations[pointer ?? ""] ?? declared?.source;
  const text = fill(message, values);
  if (json) {
    const { file = program.spec, line = 1, column = 1, endLine = line, endColumn = column } = place ?? {};
    const range = { line, column, endLine, endColumn };
    const found = {
      code,
      severity,
      message: text,
      file,
      range,
      related: [],
      fixes: [],
      help: help ?? null,
      page: pageOf(code),
    };
    terminal.out(JSON.stringify({ diagnostics: [found] }));
    return;
  }
  const at = place === undefined ? program.spec : `${place.file}:${place.line}:${place.column}`;
  terminal.err(`${at}: ${severity} ${code}: ${text}`);
  for (const line of [...details, ...(help === undefined ? [] : [help])]) terminal.err(`  ${line}`);
}

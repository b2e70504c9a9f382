/** A fixture's program and findings as texts, for the baselines. */
import { Lines } from "../../language/diagnostics/lines.ts";
import { renderDiagnostic } from "../../language/diagnostics/render.ts";
import { compileText } from "./spec.ts";

/** The IR as JSON; places are left out, which the findings' baseline shows. */
export function outlineProgram(text: string): string {
  const { program } = compileText(text);
  if (program === null) return "no program: the spec has errors\n";
  const declarations = program.declarations.map(({ locations: _, ...declaration }) => declaration);
  return `${JSON.stringify({ ...program, declarations }, null, 2)}\n`;
}

/** Every finding as a terminal shows it. */
export function outlineDiagnostics(text: string): string {
  const lines = new Lines(text);
  const shown = compileText(text).diagnostics.map((found) =>
    renderDiagnostic(found, { color: false, lines: () => lines }),
  );
  return shown.length === 0 ? "nothing\n" : shown.join("\n");
}

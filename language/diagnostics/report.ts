/** Findings of a run, placed in the spec that they are about. */
import type { Program, SourceRange } from "../ir/program.ts";
import { entryOf, fill, pageOf, sentence } from "./catalogue.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** What a step says; the same shape as the runtime's own, which this layer does not import. */
export interface Finding {
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
  /** The declaration's id, and a JSON pointer into its props. */
  readonly declaration: string;
  readonly pointer?: string;
  readonly details?: readonly string[];
}

/** A finding as a diagnostic with the spec's line; one without a declaration stands at the file's beginning. */
export function reportFinding(finding: Finding, program: Program): Diagnostic {
  const entry = entryOf(finding.code);
  const { file, ...range } = placeOf(finding, program);
  const help = [
    ...(entry.help === undefined ? [] : [fill(entry.help, finding.values)]),
    ...(finding.details ?? []),
  ];
  return {
    code: finding.code,
    severity: entry.severity,
    message: sentence(entry.message, finding.values),
    file,
    range,
    related: [],
    fixes: [],
    help: help.length === 0 ? null : help.join("\n"),
    page: pageOf(finding.code),
  };
}

function placeOf(finding: Finding, program: Program): SourceRange {
  const all = [...program.declarations, ...(program.tests ?? [])];
  const declaration = all.find((other) => other.id === finding.declaration);
  if (declaration === undefined) return { file: program.spec, line: 1, column: 1, endLine: 1, endColumn: 1 };
  for (let at = finding.pointer ?? ""; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const place = declaration.locations[at];
    if (place !== undefined) return place;
  }
  const { source } = declaration;
  // The head's line alone: a whole declaration is too much to underline.
  return { ...source, endLine: source.line, endColumn: source.column + declaration.kind.length };
}

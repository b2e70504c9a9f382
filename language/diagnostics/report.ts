/** Findings of a run, placed in the spec that they are about. */
import { spoken } from "../ir/order.ts";
import type { Program, SourceRange } from "../ir/program.ts";
import { entryOf, fill, pageOf, sentence } from "./catalogue.ts";
import type { Cause, Diagnostic } from "./diagnostic.ts";

/** What a step says; the same shape as the runtime's own, which this layer does not import. */
export interface Finding {
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
  /** The declaration's id, and a JSON pointer into its props. */
  readonly declaration: string;
  readonly pointer?: string;
  readonly details?: readonly string[];
  /** The finding that this one follows from. */
  readonly because?: Finding;
}

/**
 * Findings of one run: each knows what it follows from, and a root what it stops.
 */
export function reportFindings(findings: readonly Finding[], program: Program): Diagnostic[] {
  const stops = new Map<Finding, string[]>();
  for (const finding of findings) {
    const root = rootOf(finding);
    if (root !== finding) stops.set(root, [...(stops.get(root) ?? []), spoken(finding.declaration)]);
  }
  return findings.map((finding) => {
    const stopped = stops.get(finding);
    const found = reportFinding(finding, program);
    return stopped === undefined ? found : { ...found, stops: stopped };
  });
}

function rootOf(finding: Finding): Finding {
  let root = finding;
  while (root.because !== undefined) root = root.because;
  return root;
}

function causeOf({ because, ...finding }: Finding, program: Program): Cause {
  const { code, message, file, range } = reportFinding(finding, program);
  return {
    code,
    message,
    file,
    range,
    ...(because === undefined ? {} : { because: causeOf(because, program) }),
  };
}

/** A finding as a diagnostic with the spec's line; one without a declaration stands at the file's beginning. */
export function reportFinding(finding: Finding, program: Program): Diagnostic {
  const entry = entryOf(finding.code);
  const { file, ...range } = placeOf(finding, program);
  return {
    code: finding.code,
    severity: entry.severity,
    message: sentence(entry.message, finding.values),
    file,
    range,
    related: [],
    fixes: [],
    help: entry.help === undefined ? null : fill(entry.help, finding.values),
    page: pageOf(finding.code),
    ...(finding.details === undefined || finding.details.length === 0 ? {} : { details: finding.details }),
    ...(finding.because === undefined ? {} : { because: causeOf(finding.because, program) }),
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

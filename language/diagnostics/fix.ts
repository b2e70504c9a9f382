/** Carries out the fixes that diagnostics offer. */
import type { Diagnostic, Edit } from "./diagnostic.ts";
import { Lines } from "./lines.ts";

interface Placed {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Fixed {
  /** The new texts of the files that changed. */
  readonly files: ReadonlyMap<string, string>;
  /** The diagnostics whose fix was carried out. */
  readonly applied: readonly Diagnostic[];
}

/**
 * Carries out the first fix of each diagnostic, in order; one whose edits touch those of an earlier one waits for
 * the next round. `read` gives the texts that the diagnostics are about.
 */
export function applyFixes(diagnostics: readonly Diagnostic[], read: (file: string) => string | null): Fixed {
  const edits = new Map<string, Placed[]>();
  const lines = new Map<string, Lines | null>();
  const linesOf = (file: string): Lines | null => {
    if (!lines.has(file)) {
      const text = read(file);
      lines.set(file, text === null ? null : new Lines(text));
    }
    return lines.get(file) ?? null;
  };
  const applied: Diagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const fix = diagnostic.fixes[0];
    if (fix === undefined) continue;
    const placed = fix.edits.map((edit) => [edit.file, placeOf(edit, linesOf(edit.file))] as const);
    const free = placed.every(
      ([file, edit]) => edit !== null && !(edits.get(file) ?? []).some((other) => touches(edit, other)),
    );
    if (!free) continue;
    for (const [file, edit] of placed) {
      if (edit !== null) edits.set(file, [...(edits.get(file) ?? []), edit]);
    }
    applied.push(diagnostic);
  }
  const files = new Map<string, string>();
  for (const [file, placed] of edits) files.set(file, carryOut(linesOf(file)?.text ?? "", placed));
  return { files, applied };
}

const placeOf = (edit: Edit, lines: Lines | null): Placed | null =>
  lines === null
    ? null
    : {
        start: lines.offset(edit.range.line, edit.range.column),
        end: lines.offset(edit.range.endLine, edit.range.endColumn),
        text: edit.text,
      };

const touches = (a: Placed, b: Placed): boolean => a.start <= b.end && b.start <= a.end;

function carryOut(text: string, edits: readonly Placed[]): string {
  let result = "";
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

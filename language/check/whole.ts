/** The checks over a whole program, once every declaration has been read. */
import type { Span } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import type { Draft } from "./draft.ts";
import type { Gatherer } from "./gather.ts";
import { rules } from "./rules/index.ts";
import type { RuleContext } from "./rules/rule.ts";
import type { Scope } from "./scope.ts";

export function checkWhole(
  checker: Checker,
  gatherer: Gatherer,
  drafts: readonly Draft[],
  entry: Scope,
): void {
  const { reporter } = gatherer;
  const fixes = reporter.diagnostics.flatMap((found) => found.fixes);
  const context: RuleContext = {
    vocabulary: checker.vocabulary,
    world: checker,
    drafts: drafts.filter((draft) => !draft.broken),
    symbols: [...gatherer.ownSymbols(entry)],
    imports: gatherer.imports.taken.filter((taken) => taken.source === entry.source),
    sources: [entry.source],
    meant: new Set(fixes.flatMap((fix) => fix.edits.map((edit) => edit.text))),
    astray: reporter.diagnostics.some(({ code, fixes: none }) => code === "ML2008" && none.length === 0),
    report: (code, values, draft, pointer, extras) =>
      void reporter.say(code, values, draft.symbol.scope, place(draft, pointer), extras),
    reportAt: (code, values, source, span, extras) =>
      void reporter.say(code, values, { source, use: null, general: false }, span, extras),
  };
  for (const rule of rules) rule(context);
}

/** The place of a pointer, or of the nearest thing around it that has one. */
function place(draft: Draft, pointer: string): Span {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const span = draft.locations.get(at);
    if (span !== undefined) return span;
  }
  return draft.symbol.nameSpan;
}

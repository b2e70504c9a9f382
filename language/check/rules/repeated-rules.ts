/** No rule stands twice. */
import type { Json } from "../../ir/canonical.ts";
import { edit, related } from "../source.ts";
import { rulesIn } from "../visit.ts";
import type { Rule } from "./rule.ts";

export const rulesStandOnce: Rule = (context) => {
  for (const draft of context.drafts) {
    const { source } = draft.symbol;
    for (const { value, pointer } of rulesIn(draft)) {
      if (!Array.isArray(value) || value.length < 2) continue;
      const first = new Map<string, number>();
      for (const [index, rule] of (value as readonly Json[]).entries()) {
        const key = keyOf(rule);
        const earlier = first.get(key);
        const span = draft.locations.get(`${pointer}/${index}`);
        if (earlier === undefined) first.set(key, index);
        if (earlier === undefined || span === undefined) continue;
        const place = draft.locations.get(`${pointer}/${earlier}`);
        const { text } = source.lines;
        // With the line break and the indent before it, where it has the line to itself.
        const start = text.slice(0, span.start).trimEnd().length;
        const whole = text.slice(start, span.start).includes("\n") ? { start, end: span.end } : span;
        context.reportAt("ML3054", { rule: text.slice(span.start, span.end) }, source, span, {
          related: place === undefined ? [] : [related(source, place, "it stands here already")],
          fixes: [{ title: "take this one out", edits: [edit(source, whole, "")] }],
        });
      }
    }
  }
};

/** What a rule says but its message; the checker writes the keys of a rule in one order. */
function keyOf(rule: Json): string {
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) return JSON.stringify(rule);
  return JSON.stringify({ ...rule, message: undefined });
}

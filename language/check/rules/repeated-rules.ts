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
      const rules = value as readonly Json[];
      // Most lists have no two rules alike: the number tells so without a text for each.
      if (new Set(rules.map(numberOf)).size === rules.length) continue;
      const first = new Map<string, number>();
      for (const [index, rule] of rules.entries()) {
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

/** Equal for equal rules, and nearly never for others (FNV-1a over what `keyOf` writes). */
function numberOf(rule: Json): number {
  let hash = 0x811c9dc5;
  const mix = (code: number) => {
    hash = Math.imul(hash ^ code, 0x01000193);
  };
  const walk = (value: Json, top: boolean): void => {
    if (typeof value === "string") {
      for (let at = 0; at < value.length; at += 1) mix(value.charCodeAt(at));
      mix(1);
    } else if (typeof value === "number") {
      mix(value | 0);
      mix(((value % 1) * 0x7fffffff) | 0);
    } else if (typeof value !== "object" || value === null) mix(value === true ? 2 : value === false ? 3 : 4);
    else if (Array.isArray(value)) {
      for (const inner of value as readonly Json[]) walk(inner, false);
      mix(5);
    } else {
      for (const key in value) {
        const inner = (value as { readonly [key: string]: Json })[key];
        if ((top && key === "message") || inner === undefined) continue;
        mix(key.length);
        walk(inner, false);
      }
      mix(6);
    }
  };
  walk(rule, true);
  return hash;
}

/** What a rule says but its message; the checker writes the keys of a rule in one order. */
function keyOf(rule: Json): string {
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) return JSON.stringify(rule);
  return JSON.stringify({ ...rule, message: undefined });
}

/** No declaration needs itself. */
import type { Draft } from "../draft.ts";
import { related } from "../source.ts";
import type { Rule } from "./rule.ts";

export const nothingNeedsItself: Rule = (context) => {
  const state = new Map<string, "open" | "done">();
  const path: Draft[] = [];
  const visit = (draft: Draft): void => {
    state.set(draft.symbol.id, "open");
    path.push(draft);
    for (const id of draft.refs) {
      const next = context.world.draft(id);
      if (next === undefined) continue;
      const seen = state.get(id);
      if (seen === undefined) visit(next);
      else if (seen === "open") {
        const circle = path.slice(path.findIndex((other) => other.symbol.id === id));
        const names = [...circle, next].map((other) => `\`${other.symbol.name}\``).join(" needs ");
        context.report("ML2024", { cycle: names }, draft, "", {
          related: circle
            .slice(0, -1)
            .map((other) => related(other.symbol.source, other.symbol.nameSpan, "also in the circle")),
        });
      }
    }
    path.pop();
    state.set(draft.symbol.id, "done");
  };
  for (const draft of context.drafts) if (!state.has(draft.symbol.id)) visit(draft);
};

/** What kinds say of their own declarations beyond their schemas. */
import { replaceWith } from "../source.ts";
import type { Rule } from "./rule.ts";

export const kindsReviewTheirOwn: Rule = (context) => {
  for (const draft of context.drafts) {
    const { kind, name } = draft.symbol;
    const found = kind.review?.(draft.props, name, (reference) => {
      const other = context.world.draft(reference.ref);
      if (other === undefined || other.broken) return null;
      const { tasks, target } = other.offered;
      return { name: other.symbol.name, props: other.props, tasks, target: target?.name ?? null };
    });
    for (const { code, values, pointer, write } of found ?? []) {
      const span = write === undefined ? undefined : draft.locations.get(pointer);
      const fixes =
        write === undefined || span === undefined ? [] : replaceWith(draft.symbol.source, span, write);
      context.report(code, values, draft, pointer, { fixes });
    }
  }
};

/** What kinds say of their own declarations beyond their schemas. */
import { edit, replaceWith } from "../source.ts";
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
    for (const { code, values, pointer, write, add } of found ?? []) {
      const span = draft.locations.get(pointer);
      const { source } = draft.symbol;
      const fixes =
        span === undefined
          ? []
          : write !== undefined
            ? replaceWith(source, span, write)
            : add !== undefined
              ? [
                  {
                    title: `add \`${add}\``,
                    edits: [edit(source, { start: span.end, end: span.end }, `, ${add}`)],
                  },
                ]
              : [];
      context.report(code, values, draft, pointer, { fixes });
    }
  }
};

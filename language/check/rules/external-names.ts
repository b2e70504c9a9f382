/** What is kept under a name outside has that name alone among its kind. */
import type { Draft } from "../draft.ts";
import { related } from "../source.ts";
import { describeSymbol } from "../symbols.ts";
import type { Rule } from "./rule.ts";

/** The name outside of a stateful declaration: its `name`, else the declaration's own; null for other kinds. */
export function externalName(draft: Draft): string | null {
  if (!draft.symbol.kind.stateful) return null;
  const { name } = draft.props;
  return typeof name === "string" ? name : draft.symbol.name;
}

export const externalNamesDiffer: Rule = (context) => {
  const first = new Map<string, Draft>();
  for (const draft of context.drafts) {
    const name = externalName(draft);
    if (name === null) continue;
    const key = `${draft.symbol.kindName}\n${name}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, draft);
    else {
      const values = { what: describeSymbol(draft.symbol), other: describeSymbol(other.symbol), name };
      context.report("ML3021", values, draft, "/name", {
        related: [related(other.symbol.source, other.symbol.nameSpan, "the other one")],
      });
    }
  }
};

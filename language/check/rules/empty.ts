/** What is there to compute something computes at least one thing. */
import { elementOf, fieldsOf } from "../../vocabulary/schema.ts";
import { describeSymbol } from "../symbols.ts";
import type { Rule } from "./rule.ts";

export const somethingIsComputed: Rule = (context) => {
  for (const draft of context.drafts) {
    for (const field of fieldsOf(draft.symbol.variant.schema)) {
      const value = draft.props[field.name];
      if (field.meaning.is !== "list" || !Array.isArray(value) || value.length > 0) continue;
      if (elementOf(field).meaning.is !== "metric") continue;
      context.report("ML3058", { what: describeSymbol(draft.symbol) }, draft, `/${field.name}`);
    }
  }
};

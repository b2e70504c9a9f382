/** What names a row, or whom it is about, is no feature: a model would know the rows it has seen by name. */
import type { IrExpression } from "../../ir/expression.ts";
import type { OfferedColumn } from "../../vocabulary/kind.ts";
import type { Role } from "../../vocabulary/types.ts";
import type { Draft } from "../draft.ts";
import { valuesOf } from "../visit.ts";
import type { Rule, RuleContext } from "./rule.ts";

const NAMING: readonly (Role | null)[] = ["key", "entity"];
/** What these make of different values is nearly always different. */
const RENAMING: readonly string[] = ["text", "number", "lower", "upper", "trim", "concat"];

export const keysAreNoFeatures: Rule = (context) => {
  for (const draft of context.drafts) {
    const naming = new Map<string, OfferedColumn>();
    for (const column of draft.offered.columns ?? [])
      if (NAMING.includes(column.role)) naming.set(column.name, column);
    if (naming.size > 0) checkDraft(context, draft, naming);
  }
};

function checkDraft(context: RuleContext, draft: Draft, naming: ReadonlyMap<string, OfferedColumn>): void {
  const refuse = (name: string, attribute: string, pointer: string) => {
    const column = naming.get(name);
    if (column === undefined) return;
    context.report("ML3047", { column: name, attribute, role: column.role ?? "" }, draft, pointer);
  };
  let block = "";
  for (const { meaning, value, pointer, label } of valuesOf(draft)) {
    if (meaning.is === "map") block = label;
    // Forms that each fit some types of column make features of them; a filled gap is none yet.
    if (meaning.is === "call" && Object.values(meaning.forms).every((form) => form.columns !== undefined))
      refuse(label, block, pointer);
    if (meaning.is === "column" && meaning.refuse.includes("label")) refuse(String(value), label, pointer);
    if (meaning.is !== "expression" || meaning.scope !== "row") continue;
    const column = copied(value as unknown as IrExpression, naming); // what `readExpression` lowered
    if (column === null || block === "") continue;
    context.report("ML3049", { column: label, from: column.name, role: column.role ?? "" }, draft, pointer);
  }
}

/** The naming column that an expression only spells anew; null for any other expression. */
function copied(expression: IrExpression, naming: ReadonlyMap<string, OfferedColumn>): OfferedColumn | null {
  if (expression.is === "column") return naming.get(expression.name) ?? null;
  if (expression.is !== "call" || !RENAMING.includes(expression.name)) return null;
  const parts = expression.args.filter((part) => part.is !== "literal");
  return parts.length === 1 ? copied(parts[0]!, naming) : null;
}

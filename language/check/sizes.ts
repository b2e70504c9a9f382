/** Sizes that are known when something has run: `pieces.size` of a tokenizer. */
import type { Json } from "../ir/canonical.ts";
import type { Expression } from "../syntax/tree.ts";
import { evaluateConstant } from "./constants.ts";
import type { Site } from "./draft.ts";
import { wrongType } from "./messages.ts";
import { resolvePath } from "./paths.ts";
import type { Scope } from "./scope.ts";
import type { DeclarationSymbol } from "./symbols.ts";

/** The declaration whose size an expression names; null when it names none. */
export function sizedBy(expression: Expression, scope: Scope): DeclarationSymbol | null {
  if (expression.kind !== "member") return null;
  const path = resolvePath(expression, scope);
  if (path?.is !== "symbol" || path.symbol.is !== "declaration") return null;
  const [member, ...more] = path.rest;
  const isSize = member?.name.text === "size" && more.length === 0;
  return isSize && path.symbol.kind?.offers?.sized === true ? path.symbol : null;
}

export const DIMENSION = "a whole number, or a tokenizer's size, `NAME.size`";

/** Reads a whole number of at least 1, or a size; lowers to `Dimension`. */
export function readDimension(expression: Expression, site: Site): Json | undefined {
  const sized = sizedBy(expression, site.scope);
  if (sized !== null) {
    site.refer(sized.id);
    return { ref: sized.id, part: "size" };
  }
  const constant = evaluateConstant(expression, site);
  if (constant === "failed" || constant === "unknown") {
    site.fail();
    return undefined;
  }
  if (constant === "none" || constant.is !== "number" || constant.unit !== "none")
    return wrongType(site, expression, DIMENSION);
  if (!Number.isSafeInteger(constant.value) || constant.value < 1) {
    const problem = `must be a whole number of at least 1, and is ${constant.value}`;
    site.report("ML2016", { attribute: site.label, problem }, expression.span);
    return undefined;
  }
  return constant.value;
}

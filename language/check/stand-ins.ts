/** Names in expressions that stand for what is written elsewhere: constants, and the parameters of templates. */
import type { Expression, Name } from "../syntax/tree.ts";
import type { ExpressionScope, Inferred } from "./expression-types.ts";

/**
 * How often names may stand for something in one expression: the IR has no names, and constants that each name
 * another twice would be an expression that doubles with each of them.
 */
export const MOST_STAND_INS = 1_000;

/** What a constant or an argument stands for; undefined when the name is neither, null when something is wrong with it. */
export function inferStandIn(
  name: Name,
  scope: ExpressionScope,
  infer: (expression: Expression, outer: Omit<ExpressionScope, "infer">) => Inferred | null,
): Inferred | null | undefined {
  const { site } = scope;
  const symbol = name.quoted ? undefined : site.lookup(name.text);
  if (symbol?.is !== "constant" && symbol?.is !== "argument") return undefined;
  const { bound } = symbol;
  if (bound.is === "failed") {
    site.fail(); // said where it is written
    return null;
  }
  if (bound.is === "expression") {
    const { standIns } = scope;
    standIns.left -= 1;
    if (standIns.left < 0) {
      // Said once: the expression that it stands in is refused as a whole.
      if (standIns.left === -1) site.report("ML2059", { most: String(MOST_STAND_INS) }, name.span);
      return null;
    }
    const { site: _, infer: __, ...rest } = scope;
    return infer(bound.expression, { ...rest, site: site.in(bound.scope, site.written ?? name.text) });
  }
  const { type } = bound;
  if (type !== null && type.is !== "scalar" && type.is !== "column") {
    const found = `; \`${name.text}\` is a ${type.name}`;
    site.report("ML2036", { of: "an expression", wanted: "takes a value or a column", found }, name.span);
    return null;
  }
  const number =
    type?.is === "scalar" && type.name !== "string" && type.name !== "text" && type.name !== "boolean";
  const result =
    type?.name === "boolean" ? "boolean" : number ? "number" : type?.is === "scalar" ? "text" : "any";
  return { ir: { is: "literal", value: null }, type: result, percent: type?.name === "ratio" };
}

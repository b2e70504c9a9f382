/** Names that one declaration gives to parts of itself, and the literals that stand in its rows. */
import type { Json } from "../ir/canonical.ts";
import type { Expression, Name } from "../syntax/tree.ts";
import { evaluateConstant } from "./constants.ts";
import type { Site } from "./draft.ts";
import { reportUnknown, wrongType } from "./messages.ts";
import { related } from "./source.ts";
import { bareName } from "./symbols.ts";

/**
 * The names behind `head` in the declaration around, in the text's order: `row good { … }` gives `good`. Read off
 * the tree, so that one whose block is broken is known all the same.
 */
export function labelsOf(head: string, site: Site): Name[] {
  return (site.symbol.body.phrase.block?.items ?? []).flatMap((item) => {
    const name = item.kind === "phrase" && item.head.text === head ? bareName(item.operand) : null;
    return name === null ? [] : [name];
  });
}

/** Reads a new name; its head is the label of the site. */
export function readLabel(expression: Expression, site: Site): Json | undefined {
  const name = bareName(expression);
  if (name === null) return wrongType(site, expression, "a new name");
  const first = labelsOf(site.label, site).find((other) => other.text === name.text);
  if (first === undefined || first.span.start === name.span.start) return name.text;
  site.report(
    "ML2028",
    { what: `the ${site.label} \`${name.text}\``, where: `the ${site.symbol.kindName}` },
    name.span,
    { related: [related(site.source, first.span, "first named here")] },
  );
  return undefined;
}

/** Reads the name of one of the rules `among`. */
export function readLabelled(expression: Expression, among: string, site: Site): Json | undefined {
  const name = bareName(expression);
  if (name === null) return wrongType(site, expression, `the name of a \`${among}\``);
  const known = labelsOf(among, site).map((other) => other.text);
  if (known.includes(name.text)) return name.text;
  reportUnlabelled(name, among, known, site);
  return undefined;
}

export function reportUnlabelled(name: Name, among: string, known: readonly string[], site: Site): void {
  reportUnknown(site, "ML6054", name, known, { name: name.text, among });
}

/** Reads a literal of a row; a parameter's value and arithmetic on literals are literals too. */
export function readCell(expression: Expression, site: Site): Json | undefined {
  const constant = evaluateConstant(expression, site);
  if (constant === "failed" || constant === "unknown") return undefined;
  const measured =
    constant !== "none" && constant.is === "number" && !["none", "ratio"].includes(constant.unit);
  if (constant !== "none" && !measured) return constant.value;
  return wrongType(site, expression, "a number, text in quotes, `true`, `false` or `null`");
}

/** Messages that every reader of the checker says. */
import type { Expression, Name } from "../syntax/tree.ts";
import type { Meaning } from "../vocabulary/types.ts";
import { describeExpression, UNIT_EXAMPLES } from "./constants.ts";
import type { Site } from "./draft.ts";
import { replaceWith } from "./source.ts";
import { adviceFor, listed, nearest } from "./suggest.ts";
import { bareName, describeSymbol } from "./symbols.ts";

/** What may stand in a place, in words. */
export function expected(meaning: Meaning): string {
  switch (meaning.is) {
    case "text":
    case "template":
      return 'text in quotes, `"…"`';
    case "path":
      return 'a path in quotes, `"…"`';
    case "boolean":
      return "`true` or `false`";
    case "secret":
      return "a secret, declared with `secret NAME`";
    case "number":
      return meaning.unit !== "none"
        ? UNIT_EXAMPLES[meaning.unit]
        : meaning.integer
          ? "a whole number"
          : "a number";
    case "choice":
      return listed(Object.keys(meaning.values));
    case "reference":
      return `${meaning.path === true ? 'a path in quotes, `"…"`, or the name of ' : ""}a ${meaning.to.join(" or ")}`;
    case "column":
      return "a column's name";
    case "metric":
      return "a metric";
    case "expression":
      return "an expression";
    case "cell":
      return "a value: a number, text in quotes, `true`, `false` or `null`";
    case "label":
      return "a new name";
    case "labelled":
      return `the name of a \`${meaning.among}\``;
    case "call":
      return `${listed(Object.keys(meaning.forms))}${meaning.literal ? " or a constant" : ""}`;
    case "list":
      return meaning.single === true ? meaning.doc : "a list, `[…]`";
    case "dimension":
      return "a whole number, or a tokenizer's size, `NAME.size`";
    case "layers":
    case "columns":
    case "map":
    case "block":
      return "a block, `{ … }`";
    case "rules":
      return "a rule";
  }
}

/** Reports that something else than `expected` stands here. */
export function wrongType(site: Site, expression: Expression, wanted: string): undefined {
  const name = bareName(expression);
  const symbol = name === null ? undefined : site.lookup(name.text);
  if (name !== null && symbol === undefined && parameterMeant(site, name)) return undefined;
  if (symbol?.is === "declaration" && symbol.kind === null) {
    // What an unknown kind may be is not known; that it is unknown has been said.
    site.fail();
    return undefined;
  }
  const found = symbol === undefined ? describeExpression(expression, site.source) : describeSymbol(symbol);
  site.report("ML2014", { attribute: site.label, expected: wanted, found }, expression.span);
  return undefined;
}

/** An unknown name that is nearly a parameter's is taken for a slip. */
function parameterMeant(site: Site, name: Name): boolean {
  const parameters = site.scope.names(
    ({ is }) => is === "parameter" || is === "constant" || is === "argument",
  );
  if (nearest(name.text, parameters) === null) return false;
  reportUnknown(site, "ML2008", name, parameters, { name: name.text, wanted: "parameter" });
  return true;
}

/** The end of a message that says what was meant. */
const didYouMean = (near: string | null): string => (near === null ? "" : `; did you mean \`${near}\`?`);

/** As many known words as a first line can name when none of them is near. */
const FEW = 4;

/** What may be written instead of a word that is like none of the known ones; an attribute may as well be taken out. */
const oneOf = (code: string, known: readonly string[]): string =>
  code === "ML2005" || known.length === 0 || known.length > FEW ? "" : `; write ${listed(known)}`;

/** Reports an unknown word, with the nearest known one and its fix; returns that one. */
export function reportUnknown(
  site: Site,
  code: string,
  name: Name,
  known: readonly string[],
  values: Readonly<Record<string, string>>,
): string | null {
  const { synonyms } = site.vocabulary;
  const advice = adviceFor(name.text, known, synonyms);
  const near = advice === null ? nearest(name.text, known, synonyms) : null;
  const written = (word: string) => (/^[A-Za-z_]\w*$/.test(word) ? word : `\`${word}\``);
  const end = advice !== null ? `; ${advice}` : near === null ? oneOf(code, known) : didYouMean(near);
  site.report(
    code,
    { ...values, near: end, known: listed(known, "and") },
    name.span,
    near === null ? {} : { fixes: replaceWith(site.source, name.span, written(near)) },
  );
  return near;
}

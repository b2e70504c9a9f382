/** What a parameter may hold: a value, a declaration, a column or a list of these. */
import type { Expression, Span } from "../syntax/tree.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import type { Meaning } from "../vocabulary/types.ts";
import { type Constant, UNIT_EXAMPLES } from "./constants.ts";
import { meantBy } from "./meant.ts";
import type { Place, Reporter } from "./reporter.ts";
import { bareName } from "./symbols.ts";

export interface ScalarType {
  readonly is: "scalar";
  readonly name: string;
  readonly expected: string;
  accepts(value: Constant): boolean;
}

export type ParameterType =
  | ScalarType
  /** A declaration of this kind, or one of its parts. */
  | { readonly is: "kind"; readonly name: string; readonly expected: string }
  | { readonly is: "column" | "secret"; readonly name: string; readonly expected: string }
  | { readonly is: "list"; readonly of: ParameterType; readonly name: string; readonly expected: string };

const scalar = (name: string, expected: string, accepts: (value: Constant) => boolean): ScalarType => ({
  is: "scalar",
  name,
  expected,
  accepts,
});

const numeric = (name: string, unit: "none" | "ratio" | "duration" | "size"): ScalarType =>
  scalar(
    name,
    UNIT_EXAMPLES[unit],
    (value) =>
      value.is === "number" &&
      (value.unit === unit || (value.unit === "none" && (unit === "ratio" || value.value === 0))),
  );

const textual = (name: string) => scalar(name, "text in quotes", (value) => value.is === "text");

/** The types of which a value can be given on the command line. */
export const SCALAR_TYPES: Readonly<Record<string, ScalarType>> = {
  int: scalar(
    "int",
    "a whole number",
    (value) => value.is === "number" && value.unit === "none" && Number.isSafeInteger(value.value),
  ),
  float: numeric("float", "none"),
  ratio: numeric("ratio", "ratio"),
  duration: numeric("duration", "duration"),
  size: numeric("size", "size"),
  string: textual("string"),
  text: textual("text"),
  boolean: scalar("boolean", "`true` or `false`", (value) => value.is === "boolean"),
};

const OTHERS: Readonly<Record<string, ParameterType>> = {
  column: { is: "column", name: "column", expected: "a column's name" },
  secret: { is: "secret", name: "secret", expected: "a secret, declared with `secret NAME`" },
};

function namedType(name: string, vocabulary: Vocabulary): ParameterType | null {
  if (Object.hasOwn(SCALAR_TYPES, name)) return SCALAR_TYPES[name]!;
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name]!;
  if (!Object.hasOwn(vocabulary.kinds, name)) return null;
  return { is: "kind", name, expected: `a ${name}` };
}

/** The type that an expression names; null, and said, when it names none. `scalarOnly`: a parameter of a file. */
export function readParameterType(
  expression: Expression | null,
  parameter: { readonly name: string; readonly span: Span },
  scalarOnly: boolean,
  vocabulary: Vocabulary,
  place: Place,
  reporter: Reporter,
): ParameterType | null {
  if (expression?.kind === "call" && !scalarOnly && bareName(expression.callee)?.text === "list") {
    const [item, ...rest] = expression.arguments;
    if (item?.value != null && item.name === null && rest.length === 0) {
      const of = readParameterType(item.value, parameter, false, vocabulary, place, reporter);
      return of && { is: "list", of, name: `list(${of.name})`, expected: "a list, `[…]`" };
    }
  }
  const word = bareName(expression);
  const found = word === null ? null : namedType(word.text, vocabulary);
  if (found !== null && scalarOnly && found.is !== "scalar") {
    reporter.say(
      "ML2049",
      { name: parameter.name, type: found.name },
      place,
      expression?.span ?? parameter.span,
    );
    return null;
  }
  if (found !== null) return found;
  const known = scalarOnly
    ? Object.keys(SCALAR_TYPES)
    : [...Object.keys(SCALAR_TYPES), ...Object.keys(OTHERS), ...Object.keys(vocabulary.kinds)];
  const span = expression?.span ?? parameter.span;
  const { values, extras } = meantBy(word?.text ?? "", known, span, place.source, vocabulary);
  reporter.say("ML2041", { ...values, name: parameter.name }, place, span, extras);
  return null;
}

/** Whether a parameter of this type may stand where stdlib says `meaning`. */
export function fitsMeaning(type: ParameterType, meaning: Meaning): boolean {
  switch (meaning.is) {
    case "text":
    case "path":
    case "template":
    case "choice":
      return type.is === "scalar" && (type.name === "string" || type.name === "text");
    case "boolean":
      return type.name === "boolean";
    case "secret":
      return type.is === "secret";
    case "number":
      if (type.name === "int" || type.name === "float")
        return meaning.unit === "none" || meaning.unit === "ratio";
      return type.name === meaning.unit;
    case "column":
      return type.is === "column" || type.name === "string" || type.name === "text";
    case "reference":
      return type.is === "kind" && meaning.to.includes(type.name);
    case "list":
      return type.is === "list" || (meaning.single === true && type.is === "kind");
    case "dimension":
      return type.name === "int";
    case "expression":
    case "call":
      return type.is === "column" || type.is === "scalar";
    default:
      return false;
  }
}

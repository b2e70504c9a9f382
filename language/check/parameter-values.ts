/** The values of a file's parameters: `--set`, else the environment's, else the default. */
import type { Expression, Phrase, Span } from "../syntax/tree.ts";
import type { Constant } from "./constants.ts";
import { type ParameterContext, type ParameterSpec, readGiven, readTyped } from "./parameters.ts";
import type { Scope } from "./scope.ts";
import type { Source } from "./source.ts";
import type { ParameterSymbol } from "./symbols.ts";

/** What a parameter is given instead of its default. */
export type Given =
  | { readonly is: "typed"; readonly text: string }
  | { readonly is: "written"; readonly expression: Expression; readonly scope: Scope };

interface Declared {
  readonly name: string;
  readonly nameSpan: Span;
  readonly phrase: Phrase;
  readonly source: Source;
  readonly spec: ParameterSpec;
}

/** A parameter whose value is found when it is first asked for, so that defaults may name one another. */
export function parameterValue(declared: Declared, scope: Scope, context: ParameterContext): ParameterSymbol {
  let value: Constant | null | "reading" | undefined;
  const { spec } = declared;
  const read = (given: Given | null): Constant | null => {
    if (given?.is === "typed") return readTyped(given.text, spec, scope, context);
    if (given?.is === "written") return known(readGiven(given.expression, spec, given.scope, context));
    if (spec.fallback !== null) return known(readGiven(spec.fallback, spec, scope, context));
    if (spec.type !== null) context.reporter.say("ML2042", { name: spec.name }, scope, spec.span);
    return null;
  };
  return {
    is: "parameter",
    ...declared,
    given: null,
    get value() {
      if (value === "reading") {
        context.reporter.say(
          "ML2024",
          { cycle: `\`${spec.name}\` needs \`${spec.name}\`` },
          scope,
          spec.nameSpan,
        );
        return null;
      }
      if (value !== undefined) return value;
      value = "reading";
      value = read(this.given);
      return value;
    },
  };
}

/** In a file nothing is unknown. */
const known = (value: Constant | "unknown" | null): Constant | null => (value === "unknown" ? null : value);

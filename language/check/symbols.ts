/** The names of a file: its declarations, parameters and secrets. */
import type { Expression, Name, Phrase, Span } from "../syntax/tree.ts";
import type { Kind, Variant } from "../vocabulary/kind.ts";
import type { Constant } from "./constants.ts";
import type { Source } from "./source.ts";

interface Declared {
  readonly name: string;
  /** Where the name stands. */
  readonly nameSpan: Span;
  readonly phrase: Phrase;
  readonly source: Source;
}

export interface DeclarationSymbol extends Declared {
  readonly is: "declaration";
  /** `kind.name` */
  readonly id: string;
  readonly kindName: string;
  /** Null when stdlib knows no such kind; that has been reported. */
  readonly kind: Kind | null;
  /** Null when it cannot be told; that has been reported. */
  readonly variant: Variant | null;
  /** As written or as the kind's only one: null for kinds without variants. */
  readonly variantName: string | null;
}

export interface ParameterSymbol extends Declared {
  readonly is: "parameter";
  /** Null when its type or value is broken; that has been reported. */
  readonly value: Constant | null;
}

export interface SecretSymbol extends Declared {
  readonly is: "secret";
}

export type AnySymbol = DeclarationSymbol | ParameterSymbol | SecretSymbol;

/** "the dataset `loans`" */
export function describeSymbol(symbol: AnySymbol): string {
  return symbol.is === "declaration"
    ? `the ${symbol.kindName} \`${symbol.name}\``
    : `the ${symbol.is} \`${symbol.name}\``;
}

/** The name of an expression that is nothing but a name. */
export const bareName = (expression: Expression | null): Name | null =>
  expression?.kind === "reference" ? expression.name : null;

/** The names of a scope: declarations, parameters, constants, secrets, templates and their uses. */
import type { Attribute, Expression, Name, Phrase, Span } from "../syntax/tree.ts";
import type { Kind, Variant } from "../vocabulary/kind.ts";
import type { Constant } from "./constants.ts";
import type { Given } from "./parameter-values.ts";
import type { ParameterSpec, ParameterType } from "./parameters.ts";
import type { Scope } from "./scope.ts";
import type { Source } from "./source.ts";

interface Declared {
  readonly name: string;
  /** Where the name stands. */
  readonly nameSpan: Span;
  readonly phrase: Phrase;
  readonly source: Source;
}

/** The phrase whose block says what a declaration is, and where its names are looked up. */
export interface Body {
  readonly phrase: Phrase;
  readonly scope: Scope;
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
  /** Where its phrase stands. */
  readonly scope: Scope;
  readonly body: Body;
}

export interface ParameterSymbol extends Declared {
  readonly is: "parameter";
  readonly spec: ParameterSpec;
  /** Set before any value is asked for. */
  given: Given | null;
  /** Null when its type or value is broken; that has been reported. */
  readonly value: Constant | null;
}

export interface SecretSymbol extends Declared {
  readonly is: "secret";
}

/** What a constant or a template's parameter stands for. */
export type Bound =
  | { readonly is: "expression"; readonly expression: Expression; readonly scope: Scope }
  /** A parameter while its template is read on its own. */
  | { readonly is: "unknown"; readonly type: ParameterType | null }
  /** It has no value that could be used; that has been reported. */
  | { readonly is: "failed" };

export interface ConstantSymbol extends Declared {
  readonly is: "constant";
  readonly bound: Bound;
}

/** A parameter of a template, or of a declaration with parameters, in one use of it. */
export interface ArgumentSymbol extends Declared {
  readonly is: "argument";
  readonly bound: Bound;
}

/** Makes a kind whose attributes are its parameters. */
export interface TemplateSymbol extends Declared {
  readonly is: "template";
  readonly scope: Scope;
  readonly parameters: readonly ParameterSpec[];
}

/** A declaration with parameters: `gate at_least(judged: evaluation) { … }`. */
export interface GenericSymbol extends Declared {
  readonly is: "generic";
  readonly scope: Scope;
  readonly kindName: string;
  readonly kind: Kind | null;
  readonly variant: Variant | null;
  readonly variantName: string | null;
  readonly parameters: readonly ParameterSpec[];
}

/** One use of a template: a scope of its own, whose names stand behind its dot. */
export interface InstanceSymbol extends Declared {
  readonly is: "instance";
  /** Null when the template is not known or may not be used here; that has been reported. */
  members: Scope | null;
}

export type AnySymbol =
  | DeclarationSymbol
  | ParameterSymbol
  | SecretSymbol
  | ConstantSymbol
  | ArgumentSymbol
  | TemplateSymbol
  | GenericSymbol
  | InstanceSymbol;

/** "the dataset `loans`" */
export function describeSymbol(symbol: AnySymbol): string {
  switch (symbol.is) {
    case "declaration":
      return `the ${symbol.kindName} \`${symbol.name}\``;
    case "generic":
      return `the ${symbol.kindName} \`${symbol.name}(…)\``;
    case "instance":
      return `the ${symbol.phrase.head.text} \`${symbol.name}\``;
    case "argument":
      return `the parameter \`${symbol.name}\``;
    default:
      return `the ${symbol.is} \`${symbol.name}\``;
  }
}

/** The name of an expression that is nothing but a name. */
export const bareName = (expression: Expression | null): Name | null =>
  expression?.kind === "reference" ? expression.name : null;

/** `api.port = 1` as one name, for messages. */
export const pathOf = (attribute: Attribute): readonly Name[] => attribute.path ?? [attribute.name];

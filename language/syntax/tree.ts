/**
 * The tree of a `.mlops` file: six kinds of node (attribute, column, call, block, import, phrase) and
 * expressions. No kind, layer or rule name is known here; `stdlib/` classifies the head of a phrase.
 *
 * Offsets are UTF-16 code units into the file's text. Together with the tokens (comments and white space
 * included) the tree is lossless.
 */

export interface Span {
  /** First code unit. */
  readonly start: number;
  /** One past the last code unit. */
  readonly end: number;
}

export interface Name {
  readonly kind: "name";
  readonly text: string;
  /** Written in backticks (a column with spaces). */
  readonly quoted: boolean;
  readonly span: Span;
}

export interface NumberLiteral {
  readonly kind: "number";
  /** The digits' value, the unit not applied: `80%` is 80, `5m` is 5. */
  readonly value: number;
  /** `%`, `m`, `MB`, `USD`…; whether it exists is stdlib's to say. */
  readonly unit: string | null;
  readonly text: string;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: "string";
  /** Escapes resolved; a text block's common indent stripped. */
  readonly value: string;
  /** Written with `"""`. */
  readonly block: boolean;
  readonly text: string;
  readonly span: Span;
}

export interface BooleanLiteral {
  readonly kind: "boolean";
  readonly value: boolean;
  readonly span: Span;
}

export interface NullLiteral {
  readonly kind: "null";
  readonly span: Span;
}

export interface NameExpression {
  readonly kind: "reference";
  readonly name: Name;
  readonly span: Span;
}

/** `object.member` */
export interface Member {
  readonly kind: "member";
  readonly object: Expression;
  readonly member: Name;
  readonly span: Span;
}

/** An argument: `expr`, `name = expr`, or a parameter `name: type` / `name: type = default`. */
export interface Argument {
  readonly kind: "argument";
  readonly name: Name | null;
  readonly type: Expression | null;
  readonly value: Expression | null;
  readonly span: Span;
}

/** `callee(arguments)` */
export interface Call {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

export interface Unary {
  readonly kind: "unary";
  readonly operator: "-" | "not";
  readonly operand: Expression;
  readonly span: Span;
}

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "and"
  | "or"
  | "in";

export interface Binary {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** `if c then a else b` */
export interface Conditional {
  readonly kind: "if";
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
  readonly span: Span;
}

export interface ListExpression {
  readonly kind: "list";
  readonly items: readonly Expression[];
  readonly span: Span;
}

/** `1..10` */
export interface Range {
  readonly kind: "range";
  readonly from: Expression;
  readonly to: Expression;
  readonly span: Span;
}

/** Stands where an expression was expected and none was written; the parser has already reported it. */
export interface MissingExpression {
  readonly kind: "missing";
  readonly span: Span;
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | BooleanLiteral
  | NullLiteral
  | NameExpression
  | Member
  | Call
  | Unary
  | Binary
  | Conditional
  | ListExpression
  | Range
  | MissingExpression;

/** `name = expression`, or `api.replicas = 4`: then `name.text` is `api.replicas`. */
export interface Attribute {
  readonly kind: "attribute";
  readonly doc: string | null;
  readonly name: Name;
  /** The names of a dotted name, two or more. */
  readonly path?: readonly Name[];
  readonly value: Expression;
  readonly span: Span;
}

/** `key`, `min 0`, `positive "Y"` after a column's type. */
export interface Constraint {
  readonly word: Name;
  readonly value: Expression | null;
  readonly span: Span;
}

/** `name: type constraint…` */
export interface Column {
  readonly kind: "column";
  readonly doc: string | null;
  readonly name: Name;
  readonly type: Expression;
  readonly constraints: readonly Constraint[];
  readonly span: Span;
}

export const PREPOSITIONS = [
  "when",
  "where",
  "for",
  "by",
  "on",
  "at",
  "as",
  "until",
  "within",
  "with",
] as const;
export type Preposition = (typeof PREPOSITIONS)[number];

/** `by Education`, `-> webhook(URL)` */
export interface Clause {
  readonly word: Preposition | "->";
  readonly wordSpan: Span;
  readonly value: Expression;
  readonly span: Span;
}

/**
 * `head operand? (: variant)? (= value)? (preposition expression | -> expression | "message")* block?`
 *
 * A head directly followed by `(` has `arguments` and no operand: `split(seed = 42) { … }`.
 * An operand may be a call whose arguments are parameters: `architecture gpt(width: int) { … }`.
 */
export interface Phrase {
  readonly kind: "phrase";
  readonly doc: string | null;
  readonly head: Name;
  readonly arguments: readonly Argument[] | null;
  readonly operand: Expression | null;
  readonly variant: Expression | null;
  readonly value: Expression | null;
  readonly clauses: readonly Clause[];
  readonly message: StringLiteral | null;
  readonly block: Block | null;
  readonly span: Span;
}

export interface Block {
  readonly kind: "block";
  readonly items: readonly Item[];
  readonly span: Span;
}

/** `loans`, or `loans as applications`: then `alias` is the name that it has here. */
export interface ImportedName extends Name {
  readonly alias: Name | null;
}

/** `import "path" { a, b as c }` */
export interface Import {
  readonly kind: "import";
  readonly doc: string | null;
  readonly path: StringLiteral | null;
  readonly names: readonly ImportedName[];
  readonly span: Span;
}

export type Item = Attribute | Column | Phrase | Import;

/** Every token of the file in order, comments and white space included: their texts joined are the file. */
export interface Token {
  readonly type: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface ParseError {
  /** A code of the diagnostics catalogue, `ML1xxx` for syntax. */
  readonly code: string;
  readonly span: Span;
  /** Values for the catalogue's message template. */
  readonly values: Readonly<Record<string, string>>;
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
}

export interface SourceTree {
  readonly text: string;
  readonly items: readonly Item[];
  readonly tokens: readonly Token[];
  readonly errors: readonly ParseError[];
  /** How many errors there are beyond `errors`. */
  readonly more?: number;
}

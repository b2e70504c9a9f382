/** Random trees of every shape that the language has, for property tests. Their spans are all empty. */
import fc from "fast-check";
import {
  type Argument,
  type Attribute,
  type BinaryOperator,
  type Clause,
  type Column,
  type Expression,
  type Import,
  type Item,
  type Name,
  type NumberLiteral,
  type Phrase,
  PREPOSITIONS,
  type Span,
  type StringLiteral,
} from "../../language/syntax/tree.ts";

const span: Span = { start: 0, end: 0 };
const OPERATORS: readonly BinaryOperator[] = [
  "+",
  "-",
  "*",
  "/",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "and",
  "or",
  "in",
];

const plainName: fc.Arbitrary<Name> = fc
  .constantFrom(
    "a",
    "b2",
    "_c",
    "loans",
    "scored",
    "Loan_Status",
    "größe",
    "数据",
    "importance",
    "nota",
    "x_1",
  )
  .map((text) => ({ kind: "name", text, quoted: false, span }));
const quotedName: fc.Arbitrary<Name> = fc
  .constantFrom("Loan Amount", "in", "by", "a`b", "1st", "true", "=", "über uns")
  .map((text) => ({ kind: "name", text, quoted: true, span }));
export const anyName: fc.Arbitrary<Name> = fc.oneof(
  { weight: 5, arbitrary: plainName },
  { weight: 1, arbitrary: quotedName },
);

const digits = fc.constantFrom("0", "7", "42", "1_000", "3.25", "0.1_5", "1e-4", "2.5E+3", "1_0e3");
const unit = fc.constantFrom(null, null, null, "%", "s", "m", "KB", "USD", "kg", "px2");
export const anyNumber: fc.Arbitrary<NumberLiteral> = fc.tuple(digits, unit).map(([written, suffix]) => ({
  kind: "number",
  value: Number(written.replaceAll("_", "")),
  unit: suffix,
  text: written + (suffix ?? ""),
  span,
}));

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};
export const anyString: fc.Arbitrary<StringLiteral> = fc
  .string({ maxLength: 12, unit: "grapheme" })
  .map((value) => ({
    kind: "string",
    value,
    block: false,
    text: `"${value.replace(/[\\"\n\r\t]/g, (letter) => ESCAPES[letter] ?? letter)}"`,
    span,
  }));

const blockLine = fc.constantFrom(
  "",
  "SELECT *",
  "  FROM loans",
  '{"title": "…"}',
  "a \\n b",
  "{body}",
  "// none",
  'say "hi"',
  "} ]",
);
export const anyTextBlock: fc.Arbitrary<StringLiteral> = fc
  .array(blockLine, { minLength: 1, maxLength: 4 })
  .map((lines) => ({
    kind: "string",
    value: lines.join("\n"),
    block: true,
    text: `"""\n${lines.map((line) => (line === "" ? "" : `    ${line}`)).join("\n")}\n    """`,
    span,
  }));

const literal: fc.Arbitrary<Expression> = fc.oneof(
  anyNumber,
  anyString,
  fc.boolean().map((value): Expression => ({ kind: "boolean", value, span })),
  fc.constant<Expression>({ kind: "null", span }),
);
const reference: fc.Arbitrary<Expression> = anyName.map((name) => ({ kind: "reference", name, span }));

const trees = fc.letrec<{
  expression: Expression;
  argument: Argument;
  call: Expression;
  item: Item;
  phrase: Phrase;
}>((tie) => ({
  argument: fc.oneof(
    tie("expression").map((value): Argument => ({ kind: "argument", name: null, type: null, value, span })),
    fc
      .tuple(anyName, tie("expression"))
      .map(([name, value]): Argument => ({ kind: "argument", name, type: null, value, span })),
    fc
      .tuple(anyName, fc.oneof(reference, tie("call")), fc.option(tie("expression")))
      .map(([name, type, value]): Argument => ({ kind: "argument", name, type, value, span })),
  ),
  call: fc
    .tuple(reference, fc.array(tie("argument"), { maxLength: 3 }))
    .map(([callee, args]) => ({ kind: "call", callee, arguments: args, span })),
  expression: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    literal,
    reference,
    anyTextBlock,
    tie("call"),
    fc
      .tuple(tie("expression"), plainName)
      .map(([object, member]): Expression => ({ kind: "member", object, member, span })),
    fc
      .tuple(fc.constantFrom<"-" | "not">("-", "not"), tie("expression"))
      .map(([operator, operand]): Expression => ({ kind: "unary", operator, operand, span })),
    fc
      .tuple(fc.constantFrom(...OPERATORS), tie("expression"), tie("expression"))
      .map(([operator, left, right]): Expression => ({ kind: "binary", operator, left, right, span })),
    fc
      .tuple(tie("expression"), tie("expression"), tie("expression"))
      .map(([condition, then, otherwise]): Expression => ({ kind: "if", condition, then, otherwise, span })),
    fc.array(tie("expression"), { maxLength: 4 }).map((items): Expression => ({ kind: "list", items, span })),
    fc
      .tuple(tie("expression"), tie("expression"))
      .map(([from, to]): Expression => ({ kind: "range", from, to, span })),
  ),
  phrase: fc
    .record({
      doc: fc.option(anyDoc()),
      head: plainName,
      args: fc.option(fc.array(tie("argument"), { maxLength: 3 }), { freq: 2 }),
      operand: fc.option(tie("expression")),
      variant: fc.option(fc.oneof(reference, tie("call"))),
      value: fc.option(tie("expression")),
      clauses: fc.array(
        fc
          .tuple(fc.constantFrom(...PREPOSITIONS, "->" as const), tie("expression"))
          .map(([word, value]): Clause => ({ word, wordSpan: span, value, span })),
        { maxLength: 2 },
      ),
      message: fc.option(anyString),
      items: fc.option(fc.array(tie("item"), { maxLength: 4 })),
    })
    .map(({ doc, head, args, clauses, items, ...rest }): Phrase => {
      const operand = args === null ? rest.operand : null;
      // Right behind the head, `:` and `=` make a column and an attribute, and a text is the operand.
      const bare = operand === null && args === null;
      const [variant, value] = bare ? [null, null] : [rest.variant, rest.value];
      const message = bare && clauses.length === 0 ? null : rest.message;
      const block = items === null ? null : ({ kind: "block", items, span } as const);
      return {
        kind: "phrase",
        doc,
        head,
        arguments: args,
        operand,
        variant,
        value,
        clauses,
        message,
        block,
        span,
      };
    }),
  item: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    anyAttribute(),
    anyColumn(),
    anyImport(),
    tie("phrase"),
  ),
}));

function anyDoc(): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom("One row each.", "", "  indented `code`", "/ slashes //"), {
      minLength: 1,
      maxLength: 2,
    })
    .map((lines) => lines.join("\n"));
}

function anyAttribute(): fc.Arbitrary<Attribute> {
  const named = fc.oneof(
    anyName.map((name) => ({ name })),
    fc.array(plainName, { minLength: 2, maxLength: 3 }).map((path) => {
      const text = path.map((name) => name.text).join(".");
      return { name: { kind: "name", text, quoted: false, span } as const, path };
    }),
  );
  return fc
    .tuple(fc.option(anyDoc()), named, fc.oneof(literal, reference, anyTextBlock))
    .map(([doc, name, value]) => ({ kind: "attribute", doc, ...name, value, span }));
}

function anyColumn(): fc.Arbitrary<Column> {
  const constraint = fc.tuple(plainName, fc.option(literal)).map(([word, value]) => ({ word, value, span }));
  return fc
    .tuple(fc.option(anyDoc()), anyName, reference, fc.array(constraint, { maxLength: 3 }))
    .map(([doc, name, type, constraints]) => ({ kind: "column", doc, name, type, constraints, span }));
}

function anyImport(): fc.Arbitrary<Import> {
  const imported = fc.tuple(anyName, fc.option(anyName)).map(([name, alias]) => ({ ...name, alias }));
  return fc
    .tuple(fc.option(anyDoc()), anyString, fc.array(imported, { maxLength: 6 }))
    .map(([doc, path, names]) => ({ kind: "import", doc, path, names, span }));
}

export const anyExpression: fc.Arbitrary<Expression> = trees.expression;
export const anyItem: fc.Arbitrary<Item> = trees.item;
/** A whole file's items. */
export const anyItems: fc.Arbitrary<readonly Item[]> = fc.array(trees.item, { maxLength: 5 });

/** A tree as text without what only its place decides, to compare two. */
export function shape(items: readonly Item[]): string {
  return JSON.stringify(
    items,
    (key, value: unknown) => (key === "span" || key === "wordSpan" ? undefined : value),
    1,
  );
}

/** Numbers with units meet numbers of the same unit. */
import type { Binary, Expression, NumberLiteral } from "../../syntax/tree.ts";
import type { FunctionSpec, UnitSpec, Vocabulary } from "../../vocabulary/kind.ts";
import { replaceWith } from "../source.ts";
import { bareName } from "../symbols.ts";
import type { Rule } from "./rule.ts";
import { binariesOf } from "./written.ts";

const COMPARED: readonly string[] = ["+", "-", "==", "!=", "<", "<=", ">", ">="];
const PLAIN: readonly (UnitSpec["unit"] | undefined)[] = [undefined, "ratio"];

export const unitsMeetTheirLike: Rule = (context) => {
  for (const { symbol } of context.drafts) {
    for (const expression of binariesOf(symbol.phrase)) {
      if (!COMPARED.includes(expression.operator)) continue;
      const found = clash(expression, context.vocabulary);
      if (found === null) continue;
      const { at, right, wanted, why } = found;
      const values = { right: wanted, text: at.text, why };
      context.reportAt("ML3056", values, symbol.source, at.span, {
        fixes: right === null ? [] : replaceWith(symbol.source, at.span, right),
      });
    }
  }
};

interface Clash {
  readonly at: NumberLiteral;
  /** What a fix writes instead. */
  readonly right: string | null;
  /** What belongs there, in words. */
  readonly wanted: string;
  readonly why: string;
}

function clash(binary: Binary, vocabulary: Vocabulary): Clash | null {
  return beside(binary.left, binary.right, vocabulary) ?? beside(binary.right, binary.left, vocabulary);
}

function beside(side: Expression, other: Expression, vocabulary: Vocabulary): Clash | null {
  const literal = literalOf(side);
  const spec = unitOf(literal, vocabulary);
  if (literal === null || PLAIN.includes(spec?.unit)) return null;
  const counter = countedBy(other, vocabulary);
  if (counter?.counts !== undefined) return counted(literal, spec!, counter);
  const second = literalOf(other);
  // Zero is zero in every unit.
  if (second === null || second.value === 0 || unitOf(second, vocabulary)?.unit === spec?.unit) return null;
  const [at, like] = second.unit === null ? [second, literal] : [literal, second];
  const wanted = ARTICLES[unitOf(like, vocabulary)?.unit ?? "ratio"];
  return { at, right: null, wanted, why: `\`${like.text}\` beside it is one` };
}

const ARTICLES = { ratio: "a share", duration: "a duration", size: "a size", money: "an amount" } as const;

function counted(literal: NumberLiteral, unit: UnitSpec, by: FunctionSpec): Clash {
  const { what, seconds } = by.counts!;
  const units =
    unit.unit === "duration" && seconds !== undefined ? (literal.value * unit.factor) / seconds : null;
  const right = units === null ? null : String(Number(units.toPrecision(12)));
  const wanted = right === null ? "a plain number" : `\`${right}\``;
  return { at: literal, right, wanted, why: `\`${by.name}\` counts ${what}` };
}

const literalOf = (expression: Expression): NumberLiteral | null =>
  expression.kind === "number"
    ? expression
    : expression.kind === "unary" && expression.operator === "-"
      ? literalOf(expression.operand)
      : null;

const unitOf = (literal: NumberLiteral | null, vocabulary: Vocabulary): UnitSpec | undefined =>
  literal?.unit == null ? undefined : vocabulary.units[literal.unit];

/** The function whose count stands here. */
function countedBy(expression: Expression, vocabulary: Vocabulary): FunctionSpec | undefined {
  const name = expression.kind === "call" ? bareName(expression.callee) : bareName(expression);
  if (name === null) return undefined;
  const isCall = expression.kind === "call";
  return Object.values(vocabulary.functions).find(
    (spec) => spec.name === name.text && isCall === spec.parameters.length > 0 && spec.counts !== undefined,
  );
}

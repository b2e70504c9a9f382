/** Expressions: names resolved, units applied, types checked; lowered to the IR. */
import type { BinaryOp, IrExpression } from "../ir/expression.ts";
import type { Binary, Expression } from "../syntax/tree.ts";
import type { ValueType } from "../vocabulary/kind.ts";
import type { Meaning } from "../vocabulary/types.ts";
import { ownColumns } from "./columns-in-scope.ts";
import { evaluateConstant } from "./constants.ts";
import type { Site } from "./draft.ts";
import { inferCall } from "./expression-calls.ts";
import { inferMetric } from "./expression-metrics.ts";
import { inferName } from "./expression-names.ts";
import {
  alike,
  type Columns,
  type ExpressionScope,
  type Inferred,
  inferAs,
  mismatch,
  typeOfColumn,
  typeWord,
} from "./expression-types.ts";
import { replaceWith } from "./source.ts";
import { inferStandIn, MOST_STAND_INS } from "./stand-ins.ts";

/** Reads an expression attribute or operand; its columns are those of the declaration's own schema. */
export function readExpression(
  expression: Expression,
  meaning: Extract<Meaning, { is: "expression" }>,
  site: Site,
): IrExpression | undefined {
  const own = meaning.scope === "metrics" ? { columns: [], where: "a gate" } : ownColumns(site);
  const byName = new Map(own.columns?.map((column) => [column.name, column]));
  const columns: Columns = {
    lookup: (name) => {
      const source = byName.get(name);
      return source === undefined ? null : { name, type: typeOfColumn(source), source };
    },
    names: [...byName.keys()],
    known: own.columns !== null,
    where: own.where,
  };
  const result = infer(expression, { site, scope: meaning.scope, columns });
  if (result === null) return undefined;
  if (meaning.result === "boolean" && result.type !== "boolean" && result.type !== "any") {
    site.report("ML2035", { attribute: site.label, type: typeWord(result.type) }, expression.span);
    return undefined;
  }
  return result.ir;
}

/** The scope of a whole expression, or of what a name in it stands for: that shares `standIns`. */
export type OuterScope = Omit<ExpressionScope, "infer" | "standIns"> &
  Partial<Pick<ExpressionScope, "standIns">>;

/** Reads an expression in a scope; null when something is wrong, and that has been said. */
export function infer(expression: Expression, outer: OuterScope): Inferred | null {
  const standIns = outer.standIns ?? { left: MOST_STAND_INS };
  const scope: ExpressionScope = { ...outer, standIns, infer: (inner) => read(inner, scope) };
  return scope.infer(expression);
}

function read(expression: Expression, scope: ExpressionScope): Inferred | null {
  const { site } = scope;
  const own = scope.own?.(expression, scope);
  if (own !== undefined) return own;
  switch (expression.kind) {
    case "missing":
      return null;
    case "number":
    case "string":
    case "boolean":
    case "null": {
      const constant = evaluateConstant(expression, site);
      if (typeof constant === "string") {
        site.fail();
        return null;
      }
      const type = constant.is === "null" ? "any" : constant.is;
      const percent = constant.is === "number" && constant.unit === "ratio";
      return { ir: { is: "literal", value: constant.value }, type, percent };
    }
    case "reference": {
      const standsFor = inferStandIn(expression.name, scope, infer);
      return standsFor === undefined ? inferName(expression.name, scope) : standsFor;
    }
    case "member":
      return inferMetric(expression, [], scope);
    case "call":
      return expression.callee.kind === "member"
        ? inferMetric(expression.callee, expression.arguments, scope)
        : inferCall(expression, scope);
    case "unary": {
      const wanted = expression.operator === "-" ? "number" : "boolean";
      const operand = inferAs(expression.operand, wanted, `\`${expression.operator}\``, scope);
      if (operand === null) return null;
      if (
        expression.operator === "-" &&
        operand.ir.is === "literal" &&
        typeof operand.ir.value === "number"
      ) {
        return { ...operand, ir: { is: "literal", value: 0 - operand.ir.value } };
      }
      return { ir: { is: "unary", op: expression.operator, operand: operand.ir }, type: wanted };
    }
    case "binary":
      return inferBinary(expression, scope);
    case "if": {
      const condition = inferAs(expression.condition, "boolean", "`if`", scope);
      const then = scope.infer(expression.then);
      const otherwise = scope.infer(expression.otherwise);
      if (condition === null || then === null || otherwise === null) return null;
      if (!alike(then.type, otherwise.type)) {
        mismatch(
          "`if … then … else …`",
          `${typeWord(then.type)} on both sides`,
          otherwise,
          expression.otherwise,
          scope,
        );
        return null;
      }
      const type = then.type === "any" ? otherwise.type : then.type;
      // biome-ignore lint/suspicious/noThenProperty: the IR calls the branch `then`, and nothing awaits it
      return { ir: { is: "if", condition: condition.ir, then: then.ir, else: otherwise.ir }, type };
    }
    case "list":
    case "range":
      site.report("ML2036", { of: "a list", wanted: "stands after `in` only", found: "" }, expression.span);
      return null;
  }
}

function inferBinary(expression: Binary, scope: ExpressionScope): Inferred | null {
  const { operator } = expression;
  if (operator === "in") return inferIn(expression, scope);
  if (operator === "and" || operator === "or") {
    const left = inferAs(expression.left, "boolean", `\`${operator}\``, scope);
    const right = inferAs(expression.right, "boolean", `\`${operator}\``, scope);
    return left === null || right === null ? null : binary(operator, left, right, "boolean");
  }
  const left = scope.infer(expression.left);
  const right = scope.infer(expression.right);
  if (left === null || right === null) return null;
  if (["+", "-", "*", "/"].includes(operator)) return arithmetic(expression, left, right, scope);
  return comparison(expression, left, right, scope);
}

const binary = (op: BinaryOp, left: Inferred, right: Inferred, type: ValueType): Inferred => ({
  ir: { is: "binary", op, left: left.ir, right: right.ir },
  type,
  // `champion.auc - 1%` is still a value of a ratio metric.
  ...(left.ratio === undefined ? {} : { ratio: left.ratio }),
});

function arithmetic(
  expression: Binary,
  left: Inferred,
  right: Inferred,
  scope: ExpressionScope,
): Inferred | null {
  const { operator } = expression;
  if (operator === "+" && left.type === "text" && right.type === "text")
    return binary("+", left, right, "text");
  for (const [side, written] of [
    [left, expression.left],
    [right, expression.right],
  ] as const) {
    if (alike(side.type, "number")) continue;
    if (operator === "-" && left.type === "time" && right.type === "time") {
      const [a, b] = [expression.left, expression.right].map((part) =>
        scope.site.source.lines.text.slice(part.span.start, part.span.end),
      );
      scope.site.report(
        "ML2036",
        { of: "`-`", wanted: "takes a number", found: "; both sides are dates or times" },
        expression.span,
        {
          fixes: replaceWith(scope.site.source, expression.span, `days_between(${b}, ${a})`),
        },
      );
    } else mismatch(`\`${operator}\``, "a number", side, written, scope);
    return null;
  }
  if ((operator === "+" || operator === "-") && right.percent === true && left.ratio === false) {
    scope.site.report(
      "ML3008",
      { metric: text(expression.left, scope), percent: text(expression.right, scope) },
      expression.span,
    );
    return null;
  }
  return binary(operator, left, right, "number");
}

const text = (expression: Expression, scope: ExpressionScope): string =>
  scope.site.source.lines.text.slice(expression.span.start, expression.span.end);

function comparison(
  expression: Binary,
  left: Inferred,
  right: Inferred,
  scope: ExpressionScope,
): Inferred | null {
  const isDate = (side: Inferred): boolean =>
    side.ir.is === "literal" && typeof side.ir.value === "string" && !Number.isNaN(Date.parse(side.ir.value));
  const dated = (left.type === "time" && isDate(right)) || (right.type === "time" && isDate(left));
  if (!dated && !alike(left.type, right.type)) {
    const number =
      right.ir.is === "literal" &&
      typeof right.ir.value === "number" &&
      left.column != null &&
      left.type === "text";
    if (number) {
      const quoted = `"${text(expression.right, scope)}"`;
      scope.site.report(
        "ML2036",
        {
          of: `\`${expression.operator}\``,
          wanted: `compares like with like`,
          found: `; \`${left.column?.name}\` is a ${left.column?.type}: compare it with text, \`${quoted}\``,
        },
        expression.right.span,
        { fixes: replaceWith(scope.site.source, expression.right.span, quoted) },
      );
    } else
      mismatch(
        `\`${expression.operator}\``,
        `${typeWord(left.type)} here too`,
        right,
        expression.right,
        scope,
      );
    return null;
  }
  return { ir: { is: "binary", op: expression.operator, left: left.ir, right: right.ir }, type: "boolean" };
}

/** `x in [a, b]`; `x in 1..10` lowers to two comparisons, both ends included. */
function inferIn(expression: Binary, scope: ExpressionScope): Inferred | null {
  const left = scope.infer(expression.left);
  if (left === null) return null;
  const { right } = expression;
  if (right.kind === "range") {
    const from = inferAs(right.from, "number", "`..`", scope);
    const to = inferAs(right.to, "number", "`..`", scope);
    if (from === null || to === null) return null;
    if (!alike(left.type, "number")) {
      mismatch("`in` with a range", "a number", left, expression.left, scope);
      return null;
    }
    const low: IrExpression = { is: "binary", op: ">=", left: left.ir, right: from.ir };
    const high: IrExpression = { is: "binary", op: "<=", left: left.ir, right: to.ir };
    return { ir: { is: "binary", op: "and", left: low, right: high }, type: "boolean" };
  }
  if (right.kind !== "list") {
    if (right.kind !== "missing") {
      scope.site.report(
        "ML2036",
        { of: "`in`", wanted: "takes a list, `[…]`, or a range, `1..10`", found: "" },
        right.span,
      );
    }
    return null;
  }
  const items: IrExpression[] = [];
  for (const item of right.items) {
    const value = inferAs(item, left.type, "`in`", scope);
    if (value === null) return null;
    items.push(value.ir);
  }
  return { ir: { is: "binary", op: "in", left: left.ir, right: { is: "list", items } }, type: "boolean" };
}

/** Types of expressions, and the scope in which one is read. */
import type { IrExpression } from "../ir/expression.ts";
import type { Expression } from "../syntax/tree.ts";
import type { OfferedColumn, ValueType } from "../vocabulary/kind.ts";
import type { Scope } from "../vocabulary/types.ts";
import type { Site } from "./draft.ts";

export interface ColumnInScope {
  readonly name: string;
  readonly type: ValueType;
  /** Null for a derived column. */
  readonly source: OfferedColumn | null;
}

export interface Columns {
  /** Null: no such column; `failed`: its own definition is broken, and that has been said. */
  readonly lookup: (name: string) => ColumnInScope | "failed" | null;
  readonly names: readonly string[];
  /** False: every name may be a column, because the data has not been read. */
  readonly known: boolean;
  readonly where: string;
}

export interface ExpressionScope {
  readonly site: Site;
  readonly scope: Scope;
  readonly columns: Columns;
  /** How many more names may stand for what is written elsewhere; shared by all that is read within one expression. */
  readonly standIns: { left: number };
  /** Reads what means something else in this scope than elsewhere; undefined: nothing of the kind. */
  readonly own?: (expression: Expression, scope: ExpressionScope) => Inferred | null | undefined;
  /** Reads an expression in this scope; null when something is wrong, and that has been said. */
  readonly infer: (expression: Expression) => Inferred | null;
}

export interface Inferred {
  readonly ir: IrExpression;
  readonly type: ValueType;
  /** Written with `%`. */
  readonly percent?: boolean;
  /** A metric: whether it lies between 0 and 1. */
  readonly ratio?: boolean;
  /** The column itself, for messages about it. */
  readonly column?: OfferedColumn | null;
}

export function typeOfColumn(column: OfferedColumn): ValueType {
  switch (column.type) {
    case "int":
    case "float":
      return "number";
    case "boolean":
      return "boolean";
    case "date":
    case "timestamp":
      return "time";
    case "category":
    case "string":
    case "text":
      return "text";
  }
}

const TYPE_WORDS: Readonly<Record<ValueType, string>> = {
  number: "a number",
  text: "text",
  boolean: "true or false",
  time: "a date or time",
  any: "any value",
};
export const typeWord = (type: ValueType): string => TYPE_WORDS[type];

export const alike = (a: ValueType, b: ValueType): boolean => a === b || a === "any" || b === "any";

/** Reads an expression that must have a type. */
export function inferAs(
  expression: Expression,
  type: ValueType,
  of: string,
  scope: ExpressionScope,
): Inferred | null {
  const result = scope.infer(expression);
  if (result === null || alike(result.type, type)) return result;
  mismatch(of, typeWord(type), result, expression, scope);
  return null;
}

/** Reports a value of another type than `of` takes. */
export function mismatch(
  of: string,
  wanted: string,
  found: Inferred,
  expression: Expression,
  scope: ExpressionScope,
): void {
  const { site } = scope;
  const text = site.source.lines.text.slice(expression.span.start, expression.span.end);
  const kind = found.column != null ? `a ${found.column.type}` : typeWord(found.type);
  site.report(
    "ML2036",
    { of, wanted: `takes ${wanted}`, found: `; \`${text}\` is ${kind}` },
    expression.span,
  );
}

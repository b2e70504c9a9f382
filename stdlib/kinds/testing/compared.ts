/** Claims compare a column, or the class that is predicted, with values that it can have. */
import { listed, nearest } from "../../../language/check/suggest.ts";
import type { IrExpression } from "../../../language/ir/expression.ts";
import type { Objection } from "../../../language/vocabulary/kind.ts";
import type { ColumnSchema } from "../../../language/vocabulary/types.ts";
import type { Test } from "../test.ts";
import type { Subject } from "./subject.ts";

type Literal = Extract<IrExpression, { is: "literal" }>;

export function reviewCompared({ expect = [] }: Test, subject: Subject): Objection[] {
  const columnOf = (path: readonly string[]): ColumnSchema | undefined => {
    const name = subject.kind !== "model" ? path[0] : path[0] === "label" ? subject.neighbour.target : null;
    return subject.columns.find((column) => column.name === name);
  };
  return expect.flatMap(({ condition }, index) =>
    comparisons(condition).flatMap(({ path, value }): Objection[] => {
      const column = columnOf(path);
      if (column?.values == null || typeof value.value === "boolean" || value.value === null) return [];
      if (column.values.includes(value.value)) return [];
      const known = column.values.map((one) => JSON.stringify(one));
      const near = nearest(JSON.stringify(value.value), known);
      const values = {
        column: column.name,
        value: `\`${JSON.stringify(value.value)}\``,
        near: near === null ? "" : `; did you mean \`${near}\`?`,
        known: listed(known, "and"),
      };
      return [{ code: "ML3055", values, pointer: `/expect/${index}` }];
    }),
  );
}

/** What stands behind a row's dot, beside a literal. */
function comparisons(
  node: IrExpression,
): readonly { readonly path: readonly string[]; readonly value: Literal }[] {
  switch (node.is) {
    case "unary":
      return comparisons(node.operand);
    case "if":
      return [node.condition, node.then, node.else].flatMap(comparisons);
    case "binary": {
      const { op, left, right } = node;
      const pair = left.is === "name" ? [left, right] : [right, left];
      const [term, other] = pair as [IrExpression, IrExpression];
      if (term.is !== "name" || !["==", "!=", "in"].includes(op))
        return [...comparisons(left), ...comparisons(right)];
      const values = other.is === "list" ? other.items : [other];
      return values.flatMap((value) => (value.is === "literal" ? [{ path: term.path, value }] : []));
    }
    default:
      return [];
  }
}

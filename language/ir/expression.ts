/** Expressions as the IR carries them: names resolved, units applied (seconds, bytes, ratios). */
import * as z from "zod";

export type IrExpression =
  | { readonly is: "literal"; readonly value: number | string | boolean | null }
  /** A column of the rows in scope. */
  | { readonly is: "column"; readonly name: string }
  /** A declaration, and what of it: `scored.f1` is `{ ref: "evaluation.scored", path: ["f1"] }`. */
  | { readonly is: "ref"; readonly ref: string; readonly path: readonly string[] }
  /** A word of the scope that stands for itself: `rows`, `champion`, `majority`. */
  | { readonly is: "name"; readonly name: string; readonly path: readonly string[] }
  | {
      readonly is: "call";
      readonly name: string;
      readonly args: readonly IrExpression[];
      readonly named: Readonly<Record<string, IrExpression>>;
      /** Members read from the result: `baseline(majority).accuracy` has `["accuracy"]`. */
      readonly path: readonly string[];
    }
  | { readonly is: "unary"; readonly op: "-" | "not"; readonly operand: IrExpression }
  | {
      readonly is: "binary";
      readonly op: BinaryOp;
      readonly left: IrExpression;
      readonly right: IrExpression;
    }
  | {
      readonly is: "if";
      readonly condition: IrExpression;
      readonly then: IrExpression;
      readonly else: IrExpression;
    }
  | { readonly is: "list"; readonly items: readonly IrExpression[] };

export type BinaryOp = "+" | "-" | "*" | "/" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "and" | "or" | "in";

const named = z.record(
  z.string(),
  z.lazy(() => irExpression),
);

export const irExpression: z.ZodType<IrExpression> = z.lazy(() =>
  z.discriminatedUnion("is", [
    z.object({ is: z.literal("literal"), value: z.union([z.number(), z.string(), z.boolean(), z.null()]) }),
    z.object({ is: z.literal("column"), name: z.string() }),
    z.object({ is: z.literal("ref"), ref: z.string(), path: z.array(z.string()) }),
    z.object({ is: z.literal("name"), name: z.string(), path: z.array(z.string()) }),
    z.object({
      is: z.literal("call"),
      name: z.string(),
      args: z.array(irExpression),
      named,
      path: z.array(z.string()),
    }),
    z.object({ is: z.literal("unary"), op: z.enum(["-", "not"]), operand: irExpression }),
    z.object({
      is: z.literal("binary"),
      op: z.enum(["+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "and", "or", "in"]),
      left: irExpression,
      right: irExpression,
    }),
    // biome-ignore lint/suspicious/noThenProperty: the branch is called `then`, and nothing awaits it
    z.object({ is: z.literal("if"), condition: irExpression, then: irExpression, else: irExpression }),
    z.object({ is: z.literal("list"), items: z.array(irExpression) }),
  ]),
);

/** The expressions directly within one. */
export function partsOf(expression: IrExpression): readonly IrExpression[] {
  switch (expression.is) {
    case "call": {
      const named = Object.values(expression.named);
      return named.length === 0 ? expression.args : [...expression.args, ...named];
    }
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "if":
      return [expression.condition, expression.then, expression.else];
    case "list":
      return expression.items;
    default:
      return [];
  }
}

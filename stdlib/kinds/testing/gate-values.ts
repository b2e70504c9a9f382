/** The metrics that a test gives a gate: all that its rules read, and no others. */

import type { IrExpression } from "../../../language/ir/expression.ts";
import { expressionText } from "../../../language/ir/expression-text.ts";
import type { Neighbour, Objection } from "../../../language/vocabulary/kind.ts";
import type { Gate } from "../gate.ts";
import type { Test } from "../test.ts";

type Value = NonNullable<Test["value"]>[number];

/** A slice as `where` names it; null when it is written otherwise. */
export function sliceOf(where: IrExpression): { readonly column: string; readonly value: string } | null {
  if (where.is !== "binary" || where.op !== "==") return null;
  const { left, right } = where;
  if (left.is !== "column" || right.is !== "literal" || right.value === null) return null;
  return { column: left.name, value: String(right.value) };
}

/** The metrics that a condition reads, as they are written: `scored.f1`, `champion.auc`. */
export function metricsIn(node: IrExpression): IrExpression[] {
  switch (node.is) {
    case "ref":
      return [node];
    case "name":
      return node.path.length > 0 ? [node] : [];
    case "call":
      return node.path.length > 0 ? [node] : [...node.args, ...Object.values(node.named)].flatMap(metricsIn);
    case "unary":
      return metricsIn(node.operand);
    case "binary":
      return [...metricsIn(node.left), ...metricsIn(node.right)];
    case "if":
      return [node.condition, node.then, node.else].flatMap(metricsIn);
    case "list":
      return node.items.flatMap(metricsIn);
    default:
      return [];
  }
}

/** With no champion the rule is skipped, as on a first release. */
const mayBeAbsent = (node: IrExpression): boolean =>
  node.is !== "ref" && "name" in node && node.name === "champion";

export function reviewGateValues(props: Test, neighbour: Neighbour): Objection[] {
  const gate = neighbour.props as unknown as Gate; // the checker accepted it as one
  const values = props.value ?? [];
  const missing = new Map<string, Objection>();
  /** By metric, the columns by which a rule judges it. */
  const read = new Map<string, string[]>();
  for (const rule of gate.require) {
    const metrics = metricsIn(rule.condition);
    const isGiven = (metric: IrExpression): boolean =>
      values.some(
        (value) =>
          expressionText(value.metric) === expressionText(metric) &&
          (value.where === undefined || (sliceOf(value.where)?.column ?? rule.by) === rule.by),
      );
    const isSkipped = metrics.some((metric) => mayBeAbsent(metric) && !isGiven(metric));
    for (const metric of metrics) {
      const text = expressionText(metric);
      read.set(text, [...(read.get(text) ?? []), ...(rule.by === undefined ? [] : [rule.by])]);
      if (isSkipped || missing.has(text) || isGiven(metric)) continue;
      const condition = expressionText(rule.condition);
      const said = { metric: text, rule: condition, gate: `the gate \`${neighbour.name}\`` };
      missing.set(text, { code: "ML6061", values: said, pointer: "/subject" });
    }
  }
  return [
    ...missing.values(),
    ...values.flatMap((value, index) => reviewValue(value, index, values, read, neighbour)),
  ];
}

function reviewValue(
  value: Value,
  index: number,
  values: readonly Value[],
  read: ReadonlyMap<string, readonly string[]>,
  gate: Neighbour,
): Objection[] {
  const metric = expressionText(value.metric);
  const needless = (why: string, pointer = `/value/${index}`): Objection[] => [
    { code: "ML6062", values: { metric, why }, pointer },
  ];
  const slices = read.get(metric);
  if (slices === undefined) return needless(`no rule of the gate \`${gate.name}\` reads it`);
  const slice = value.where === undefined ? null : sliceOf(value.where);
  if (value.where !== undefined && slice === null) {
    const example = `${slices[0] ?? "area"} == "north"`;
    return [{ code: "ML6064", values: { example }, pointer: `/value/${index}/where` }];
  }
  if (slice !== null && !slices.includes(slice.column)) {
    const fits = slices.length === 0 ? "judges it by no column" : `judges it by \`${slices.join("`, `")}\``;
    return needless(`the gate \`${gate.name}\` ${fits}, not by \`${slice.column}\``, `/value/${index}/where`);
  }
  const key = JSON.stringify([metric, slice]);
  const first = values.findIndex(
    (other) =>
      JSON.stringify([
        expressionText(other.metric),
        other.where === undefined ? null : sliceOf(other.where),
      ]) === key,
  );
  if (first < index) return needless("it has been given above");
  return [];
}

/** Values of row expressions in the graph. */
import { DATA_TYPE } from "../../engine/model-proto.ts";
import type { GraphBuilder } from "./builder.ts";

/** A value [rows] in the graph, or one without dimensions when it is the same for every row. */
export interface GraphValue {
  readonly type: "number" | "string" | "null";
  readonly name: string;
  /** The value when it is the same for every row. */
  readonly literal?: number | string;
}

export const number = (name: string): GraphValue => ({ type: "number", name });

/** The literal null in the other's type. */
export function alike(graph: GraphBuilder, left: GraphValue, right: GraphValue): [GraphValue, GraphValue] {
  const missing: GraphValue = { type: "string", name: graph.text(""), literal: "" };
  if (left.type === "null" && right.type === "string") return [missing, right];
  if (right.type === "null" && left.type === "string") return [left, missing];
  return [left, right];
}

export function toDouble(graph: GraphBuilder, boolean: string): string {
  return graph.add("Cast", [boolean], { to: { int: DATA_TYPE.double } });
}

/** A boolean that is true for null; null itself when the value cannot be null. */
export function isNull(graph: GraphBuilder, value: GraphValue): string | null {
  if (value.literal !== undefined && value.literal !== "" && !Number.isNaN(value.literal)) return null;
  return value.type === "string"
    ? graph.add("Equal", [value.name, graph.text("")])
    : graph.add("IsNaN", [value.name]);
}

/** The boolean as 0 or 1, null where a side is. */
export function nullable(graph: GraphBuilder, boolean: string, sides: readonly GraphValue[]): string {
  const nulls = sides.map((side) => isNull(graph, side)).filter((name) => name !== null);
  const value = toDouble(graph, boolean);
  if (nulls.length === 0) return value;
  const any = nulls.reduce((a, b) => graph.add("Or", [a, b]));
  return graph.add("Where", [any, graph.number(Number.NaN), value]);
}

/** Two texts joined, null when one is. */
export function concatenated(graph: GraphBuilder, left: GraphValue, right: GraphValue): GraphValue {
  const [a, b] = alike(graph, left, right);
  const both = graph.add("StringConcat", [a.name, b.name]);
  const nulls = [a, b].map((side) => isNull(graph, side)).filter((name) => name !== null);
  if (nulls.length === 0) return { type: "string", name: both };
  const any = nulls.reduce((x, y) => graph.add("Or", [x, y]));
  return { type: "string", name: graph.add("Where", [any, graph.text(""), both]) };
}

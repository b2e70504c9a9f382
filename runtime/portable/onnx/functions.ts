/** Row functions as ONNX operators: those that every runtime computes alike. The others run before the graph. */

import { powerOfTen } from "../functions.ts";
import type { GraphBuilder } from "./builder.ts";
import { dateParts } from "./dates.ts";
import type { GraphValue } from "./value.ts";
import { alike, concatenated, isNull, number, toDouble } from "./value.ts";

type Rule = (graph: GraphBuilder, args: readonly GraphValue[]) => GraphValue;

const operator =
  (name: string): Rule =>
  (graph, [x]) =>
    number(graph.add(name, [x!.name]));

/** The smaller (or larger) of two, null when one is. */
function better(graph: GraphBuilder, op: "Less" | "Greater", a: string, b: string): string {
  const other = graph.add("Or", [graph.add(op, [b, a]), graph.add("IsNaN", [b])]);
  return graph.add("Where", [other, b, a]);
}

const extreme =
  (op: "Less" | "Greater"): Rule =>
  (graph, args) =>
    number(args.map((argument) => argument.name).reduce((a, b) => better(graph, op, a, b)));

/** A logarithm, null at 0 and below. */
function logarithm(graph: GraphBuilder, x: string): string {
  const positive = graph.add("Greater", [x, graph.number(0)]);
  return graph.add("Where", [positive, graph.add("Log", [x]), graph.number(Number.NaN)]);
}

const part =
  (name: "year" | "month" | "day" | "weekday" | "hour"): Rule =>
  (graph, [at]) =>
    number(dateParts[name](graph, at!.name));

/** By name; arguments as in `stdlib/functions`. */
export const FUNCTIONS: Readonly<Record<string, Rule>> = {
  abs: operator("Abs"),
  floor: operator("Floor"),
  ceil: operator("Ceil"),
  sqrt: operator("Sqrt"),
  exp: operator("Exp"),
  ln: (graph, [x]) => number(logarithm(graph, x!.name)),
  log10: (graph, [x]) => number(graph.add("Div", [logarithm(graph, x!.name), graph.number(Math.LN10)])),
  round: (graph, [x, digits]) => {
    const scale = graph.number(powerOfTen(typeof digits?.literal === "number" ? digits.literal : 0));
    const scaled = graph.add("Mul", [graph.add("Abs", [x!.name]), scale]);
    const whole = graph.add("Floor", [graph.add("Add", [scaled, graph.number(0.5)])]);
    return number(graph.add("Div", [graph.add("Mul", [graph.add("Sign", [x!.name]), whole]), scale]));
  },
  pow: (graph, [x, y]) => {
    const power = graph.add("Pow", [x!.name, y!.name]);
    // Pow(1, NaN) and Pow(NaN, 0) are 1; an infinite power is no real number.
    const bad = [graph.add("IsNaN", [x!.name]), graph.add("IsNaN", [y!.name]), graph.add("IsInf", [power])];
    const any = bad.reduce((a, b) => graph.add("Or", [a, b]));
    return number(graph.add("Where", [any, graph.number(Number.NaN), power]));
  },
  min: extreme("Less"),
  max: extreme("Greater"),
  clip: (graph, [x, low, high]) =>
    number(better(graph, "Less", better(graph, "Greater", x!.name, low!.name), high!.name)),
  coalesce: (graph, [first, ...rest]) =>
    rest.reduce((left, right) => {
      const [a, b] = alike(graph, left, right);
      const missing = isNull(graph, a);
      return missing === null ? a : { type: a.type, name: graph.add("Where", [missing, b.name, a.name]) };
    }, first!),
  is_missing: (graph, [x]) => {
    const missing = isNull(graph, x!);
    return number(missing === null ? graph.number(0) : toDouble(graph, missing));
  },
  concat: (graph, args) => args.reduce((a, b) => concatenated(graph, a, b)),
  number: (_, [x]) => x!,
  days_between: (graph, [from, to]) =>
    number(graph.add("Div", [graph.add("Sub", [to!.name, from!.name]), graph.number(86_400)])),
  year: part("year"),
  month: part("month"),
  day: part("day"),
  weekday: part("weekday"),
  hour: part("hour"),
};

/**
 * Whether the graph has the function for such arguments.
 * @param strings which arguments are texts
 * @param literals which arguments are written as constants
 */
export function hasFunction(
  name: string,
  strings: readonly boolean[],
  literals: readonly boolean[],
): boolean {
  if (!Object.hasOwn(FUNCTIONS, name)) return false;
  if (name === "concat") return strings.every(Boolean);
  if (name === "number") return strings[0] === false;
  if (name === "round") return literals[1] ?? true;
  return true;
}

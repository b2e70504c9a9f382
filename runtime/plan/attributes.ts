/** A declaration's props as short texts by path, to compare two versions of it and say what changed. */
import type * as z from "zod";
import { columnText } from "../../language/diff/text.ts";
import type { Json } from "../../language/ir/canonical.ts";
import { irExpression } from "../../language/ir/expression.ts";
import { expressionText } from "../../language/ir/expression-text.ts";
import type { Declaration } from "../../language/ir/program.ts";
import type { AttributeText } from "../store/records.ts";

import { isObject, isReference } from "./json.ts";
import { sortedProps } from "./meaning.ts";

/**
 * `{depth: "4", "split.seed": "42", "schema.income": "float min 0", require: ["scored.f1 >= 0.8"]}`. References are
 * written by name. Rules and lists of names have no order, so they are sorted lists.
 */
export function attributesOf(
  declaration: Declaration,
  schema: z.ZodObject | null,
): Record<string, AttributeText> {
  const attributes: Record<string, AttributeText> = {};
  const refs = new Set(declaration.refs);
  if (declaration.variant !== null) attributes["variant"] = declaration.variant;
  if (declaration.external !== null) attributes["name"] = JSON.stringify(declaration.external);
  for (const [name, value] of Object.entries(sortedProps(declaration, schema))) {
    if (name !== "name" || declaration.external === null) flatten(attributes, name, value, refs);
  }
  return attributes;
}

function flatten(
  into: Record<string, AttributeText>,
  path: string,
  value: Json,
  refs: ReadonlySet<string>,
): void {
  const short = shortText(value, refs);
  if (short !== null) {
    into[path] = short;
  } else if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isColumn)) {
      for (const column of value) into[`${path}.${String(column["name"])}`] = columnText(column);
    } else {
      into[path] = value.map((item) => shortText(item, refs) ?? ruleText(item, refs)).sort();
    }
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) flatten(into, `${path}.${name}`, member, refs);
  }
}

/** Text of a value that is one thing to a reader: a literal, a reference, a call, a metric, an expression. */
function shortText(value: Json, refs: ReadonlySet<string>): string | null {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) {
    const simple = value.every((item) => item === null || typeof item !== "object");
    return simple ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]` : null;
  }
  if (!isObject(value)) return null;
  if (typeof value["is"] === "string") {
    const expression = irExpression.safeParse(value);
    return expression.success ? expressionText(expression.data) : JSON.stringify(value);
  }
  if (isReference(value, refs)) {
    const name = value.ref.slice(value.ref.indexOf(".") + 1);
    return value.part === undefined ? name : `${name}.${value.part}`;
  }
  const called = value["call"] ?? value["name"];
  const args = value["args"];
  if (typeof called === "string" && args !== undefined && isObject(args) && Object.keys(value).length === 2) {
    if (called === "value" && Object.keys(args).length === 1) return JSON.stringify(args["value"]);
    const inside = Object.entries(args)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, arg]) => `${name} = ${JSON.stringify(arg)}`);
    return inside.length === 0 ? called : `${called}(${inside.join(", ")})`;
  }
  return typeof value["secret"] === "string" ? `secret ${value["secret"]}` : null;
}

function ruleText(rule: Json, refs: ReadonlySet<string>): string {
  if (!isObject(rule)) return JSON.stringify(rule);
  return Object.entries(rule)
    .filter(([, member]) => member !== null)
    .map(([name, member]) => {
      const text = shortText(member, refs) ?? JSON.stringify(member);
      return name === "condition" || name === "message" ? text : `${name} ${text}`;
    })
    .join(" ");
}

type Column = { readonly [key: string]: Json };

function isColumn(value: Json): value is Column {
  return (
    isObject(value) &&
    typeof value["name"] === "string" &&
    typeof value["type"] === "string" &&
    "role" in value
  );
}

/** Values of props as a reader writes them in a spec. */
import type { Json } from "../ir/canonical.ts";
import { irExpression } from "../ir/expression.ts";
import { columnName, expressionText } from "../ir/expression-text.ts";
import { nameOf } from "../ir/order.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import { blockOf, elementOf, type Field, fieldsOf, ruleOf, type Typed } from "../vocabulary/schema.ts";
import type { Unit } from "../vocabulary/types.ts";
import { isObject, type JsonObject } from "./json.ts";
import { unitText } from "./units.ts";

/** Writes any value of a schema in one line. */
export class Writer {
  readonly #vocabulary: Vocabulary;
  readonly #name: (id: string) => string;

  /** `name` gives what a declaration is called; its own name when not given. */
  constructor(vocabulary: Vocabulary, name: (id: string) => string = nameOf) {
    this.#vocabulary = vocabulary;
    this.#name = name;
  }

  text(typed: Typed, value: Json): string {
    const { meaning } = typed;
    switch (meaning.is) {
      case "number":
        return typeof value === "number" ? this.number(value, meaning.unit) : JSON.stringify(value);
      case "choice":
        return String(value);
      case "column":
      case "label":
      case "labelled":
        return columnName(String(value));
      case "secret":
        return isObject(value) ? String(value["secret"]) : JSON.stringify(value);
      case "reference":
        return this.#reference(value);
      case "metric":
        return isObject(value) ? this.#call(String(value["name"]), value["args"], this.#metric(value)) : "";
      case "call": {
        if (!isObject(value)) return JSON.stringify(value);
        const { call, args } = value;
        if (call === "value" && isObject(args)) return JSON.stringify(args["value"]);
        const form = meaning.forms[String(call)];
        return this.#call(String(call), args, form === undefined ? [] : fieldsOf(form.args));
      }
      case "expression":
        return this.expression(value);
      case "list":
        return Array.isArray(value)
          ? `[${value.map((item: Json) => this.text(elementOf(typed), item)).join(", ")}]`
          : JSON.stringify(value);
      case "map":
        return isObject(value)
          ? `{ ${Object.entries(value)
              .map(([name, member]) => `${columnName(name)} = ${this.text(elementOf(typed), member)}`)
              .join(", ")} }`
          : JSON.stringify(value);
      case "dimension":
        return isObject(value) ? this.#reference(value) : JSON.stringify(value);
      case "layers":
        return this.layers(value).join("; ");
      case "block":
        return isObject(value) ? this.#block(fieldsOf(blockOf(typed)), value) : JSON.stringify(value);
      case "rules":
        return Array.isArray(value)
          ? value.map((rule: Json) => this.rule(fieldsOf(ruleOf(typed)), rule)).join("; ")
          : JSON.stringify(value);
      case "columns":
        return Array.isArray(value) ? value.map(columnLine).join(", ") : JSON.stringify(value);
      default:
        // A path may stand where a declaration may (`step`), and a cell may be anything.
        return isObject(value) && "ref" in value ? this.#reference(value) : JSON.stringify(value);
    }
  }

  number(value: number, unit: Unit): string {
    return unitText(value, unit, this.#vocabulary.units);
  }

  expression(value: Json): string {
    const read = irExpression.safeParse(value);
    return read.success ? expressionText(read.data, this.#name) : JSON.stringify(value);
  }

  /** A rule without its head: `scored.f1 >= 0.75 by area as optional "no area left behind"`. */
  rule(fields: readonly Field[], rule: Json): string {
    if (!isObject(rule)) return JSON.stringify(rule);
    return fields
      .flatMap((field) => {
        const value = rule[field.name];
        if (value === undefined || value === null) return [];
        const text = this.text(field, value);
        if (field.position?.at === "clause") return [`${field.position.word} ${text}`];
        return [field.position?.at === "assigned" ? `= ${text}` : text];
      })
      .join(" ");
  }

  /** The layers as they are written, a line each. */
  layers(value: Json, indent = ""): string[] {
    if (!Array.isArray(value)) return [];
    return value.flatMap((layer: Json) => {
      if (!isObject(layer)) return [];
      const name = String(layer["layer"]);
      const spec = this.#vocabulary.layers[name];
      const line = `${indent}${this.#call(name, layer["args"], spec === undefined ? [] : fieldsOf(spec.args))}`;
      const inner = layer["layers"];
      if (inner === undefined) return [line];
      return [`${line} {`, ...this.layers(inner, `${indent}  `), `${indent}}`];
    });
  }

  #reference(value: Json): string {
    if (!isObject(value) || typeof value["ref"] !== "string") return JSON.stringify(value);
    const parts = [value["part"], value["column"]].filter((part) => typeof part === "string");
    return [this.#name(value["ref"]), ...parts].join(".");
  }

  #metric(value: JsonObject): readonly Field[] {
    const spec = this.#vocabulary.metrics[String(value["name"])];
    return spec === undefined ? [] : fieldsOf(spec.args);
  }

  #call(name: string, args: Json | undefined, fields: readonly Field[]): string {
    if (!isObject(args)) return name;
    // What cannot be left out and stands alone needs no name: `confidence(95%)`.
    const [only, ...others] = fields;
    const alone = only?.required === true && others.length === 0;
    const inside = Object.entries(args).flatMap(([key, value]) => {
      const field = fields.find((one) => one.name === key);
      if (field !== undefined && JSON.stringify(value) === JSON.stringify(field.fallback)) return [];
      const text = field === undefined ? JSON.stringify(value) : this.text(field, value);
      return [alone ? text : `${key} = ${text}`];
    });
    return inside.length === 0 ? name : `${name}(${inside.join(", ")})`;
  }

  #block(fields: readonly Field[], value: JsonObject): string {
    const members = fields.flatMap((field) => {
      const member = value[field.name];
      if (member === undefined || JSON.stringify(member) === JSON.stringify(field.fallback)) return [];
      const text = this.text(field, member);
      // The block's own names stand in it without a name of their own.
      return [field.position?.at === "entries" ? text.slice(2, -2) : `${field.name} = ${text}`];
    });
    return members.length === 0 ? "{ }" : `{ ${members.join(", ")} }`;
  }
}

/** `income: float nullable min 0` */
export const columnLine = (column: Json): string =>
  isObject(column) ? `${columnName(String(column["name"]))}: ${columnText(column)}` : JSON.stringify(column);

/** `float nullable min 0`, as a column is written behind its name; the words of `check/schema-block.ts`. */
export function columnText(column: JsonObject): string {
  const words = [String(column["type"])];
  if (column["nullable"] === true) words.push("nullable");
  if (typeof column["role"] === "string") words.push(column["role"]);
  for (const [name, word] of COLUMN_WORDS) {
    const value = column[name];
    if (value === undefined || value === null || value === false) continue;
    const text = Array.isArray(value)
      ? `[${value.map((item: Json) => JSON.stringify(item)).join(", ")}]`
      : JSON.stringify(value);
    words.push(value === true ? word : `${word} ${text}`);
  }
  return words.join(" ");
}

const COLUMN_WORDS: readonly (readonly [string, string])[] = [
  ["positive", "positive"],
  ["min", "min"],
  ["max", "max"],
  ["values", "one_of"],
  ["unique", "unique"],
  ["pattern", "matches"],
  ["format", "format"],
  ["redacted", "redacted"],
];

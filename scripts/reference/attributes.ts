/** Attributes as tables: what may stand there, in words, its default and where it is written. */
import type { Vocabulary } from "../../language/vocabulary/kind.ts";
import {
  blockOf,
  elementOf,
  type Field,
  fieldsOf,
  ruleOf,
  type Typed,
} from "../../language/vocabulary/schema.ts";
import type { CallForm, Position } from "../../language/vocabulary/types.ts";
import { code, table } from "./markdown.ts";

const SCOPES: Readonly<Record<string, string>> = {
  row: "of a row's columns",
  table: "of the whole table",
  metrics: "of metrics",
  claims: "of the test's rows",
};

/** What may stand there. */
export function typeOf(typed: Typed): string {
  const { meaning } = typed;
  switch (meaning.is) {
    case "text":
      return "text";
    case "path":
      return "path";
    case "template":
      return "text with `{placeholders}`";
    case "boolean":
      return "`true` or `false`";
    case "secret":
      return "a secret";
    case "number": {
      const { unit, integer, min, max } = meaning;
      const noun = unit === "none" ? (integer ? "whole number" : "number") : unit;
      if (min !== null && max !== null) return `${noun}, ${min} to ${max}`;
      if (min !== null) return `${noun}, at least ${min}`;
      return max === null ? noun : `${noun}, at most ${max}`;
    }
    case "choice":
      return Object.keys(meaning.values).map(code).join(", ");
    case "reference": {
      const part =
        meaning.part === "split" ? " or a part of it" : meaning.part === "alias" ? " and its alias" : "";
      const column = meaning.column === true ? ", or a column of these" : "";
      return `${meaning.path === true ? "a path, or " : ""}${meaning.to.join(" or ")}${part}${column}`;
    }
    case "column":
      return `a column of \`${meaning.of}\``;
    case "metric":
      return "a [metric](../metrics.md)";
    case "expression":
      return `${meaning.result === "boolean" ? "a condition" : "an expression"} ${SCOPES[meaning.scope] ?? ""}`.trim();
    case "cell":
      return "a value";
    case "label":
      return "a new name";
    case "labelled":
      return `the name of a \`${meaning.among}\``;
    case "call":
      return [...Object.keys(meaning.forms).map(code), ...(meaning.literal ? ["a constant"] : [])].join(", ");
    case "list":
      return meaning.single === true
        ? `${typeOf(elementOf(typed))}, or a list of these`
        : `list of ${typeOf(elementOf(typed))}`;
    case "dimension":
      return "whole number, or a tokenizer's size";
    case "layers":
      return "[layers](../layers.md), in order";
    case "columns":
      return "[columns](../column-types-and-constraints.md)";
    case "map":
      return `block: ${meaning.keys === "name" ? "name" : meaning.keys === "column" ? "column" : "new column"} = ${typeOf(elementOf(typed))}`;
    case "block":
      return "block";
    case "rules":
      return "rule, may be repeated";
  }
}

const PLACES: Readonly<Record<Position["at"], (position: Position) => string>> = {
  operand: () => "right behind the word",
  clause: (position) => (position.at === "clause" ? `behind \`${position.word}\`` : ""),
  argument: () => "in the parentheses",
  entries: () => "the block's own names",
  message: () => "at the end, in quotes",
  assigned: () => "behind `=`",
};

function defaultOf({ required, fallback, position }: Field): string {
  if (fallback !== undefined) return code(JSON.stringify(fallback));
  return required && position?.at !== "message" ? "required" : "";
}

/** Fields as a table, and below it what their blocks, rules and forms hold. `path` heads what is nested. */
export function fieldTables(fields: readonly Field[], vocabulary: Vocabulary, path = ""): string[] {
  if (fields.length === 0) return [];
  const placed = fields.some(({ position }) => position !== null);
  const heads = ["Name", "Takes", "Default", ...(placed ? ["Written"] : []), "What it says"];
  const rows = fields.map((field) => [
    code(field.name),
    typeOf(field),
    defaultOf(field),
    ...(placed ? [field.position === null ? "in the block" : PLACES[field.position.at](field.position)] : []),
    field.meaning.doc,
  ]);
  return [table(heads, rows), ...fields.flatMap((field) => nested(field, field.name, vocabulary, path))];
}

function nested(typed: Typed, name: string, vocabulary: Vocabulary, path: string): string[] {
  const at = path === "" ? name : `${path} → ${name}`;
  const { meaning } = typed;
  switch (meaning.is) {
    case "block":
      return [`**${at}**`, ...fieldTables(fieldsOf(blockOf(typed)), vocabulary, at)];
    case "rules":
      return [`**${at}**`, ...fieldTables(fieldsOf(ruleOf(typed)), vocabulary, at)];
    case "list":
    case "map":
      return nested(elementOf(typed), name, vocabulary, path);
    case "choice":
      return [
        `**${at}**`,
        table(
          ["Value", "What it means"],
          Object.entries(meaning.values).map(([value, doc]) => [code(value), doc]),
        ),
      ];
    case "call":
      return [`**${at}**`, formTable(meaning.forms)];
    default:
      return [];
  }
}

function formTable(forms: Readonly<Record<string, CallForm>>): string {
  const rows = Object.entries(forms).map(([name, { doc, args, columns }]) => {
    const said = fieldsOf(args).map((field) => {
      const value = defaultOf(field);
      const without = value === "" ? "" : value === "required" ? ", required" : `, ${value} when not given`;
      return `\`${field.name}\` (${typeOf(field)}${without}): ${field.meaning.doc}`;
    });
    return [code(name), columns?.join(", ") ?? "any", [doc, ...said].join(" ")];
  });
  return table(["Form", "For columns", "What it does"], rows);
}

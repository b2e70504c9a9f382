/** The rows of a test: whether each has what is read of it, and values that may stand there. */
import type { IrExpression } from "../../../language/ir/expression.ts";
import type { Objection } from "../../../language/vocabulary/kind.ts";
import type { ColumnSchema, Reference } from "../../../language/vocabulary/types.ts";
import { seenThrough } from "../seen.ts";
import type { Test } from "../test.ts";
import { type Of, pointerTo, quoted, type Subject } from "./subject.ts";

type Cell = string | number | boolean | null;
type Cells = Readonly<Record<string, Cell>>;

interface Place {
  readonly cells: Cells;
  readonly called: string;
  readonly pointer: readonly (string | number)[];
}

export function reviewRows(props: Test, subject: Subject, of: Of): Objection[] {
  const { given = {}, row: rows = [] } = props;
  const places: Place[] = [
    { cells: given, called: "`given`", pointer: ["given"] },
    ...rows.map((row, index) => ({
      cells: row.cells,
      called: `the row \`${row.name}\``,
      pointer: ["row", index, "cells"],
    })),
  ];
  const wrong = places.flatMap((place) => reviewCells(place, subject));
  const lacking = rows.flatMap((row, index) => {
    const has = (name: string) => Object.hasOwn(given, name) || Object.hasOwn(row.cells, name);
    return reviewMissing(row.name, index, has, props, subject, of);
  });
  return [...wrong, ...lacking];
}

/** The dataset's columns that an expression over rows is computed from, through other derived ones too. */
export function sourcesOf(
  expression: IrExpression,
  derive: Readonly<Record<string, IrExpression>>,
): string[] {
  const found = new Set<string>();
  const open = [...columnsIn(expression)];
  const seen = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (Object.hasOwn(derive, name)) open.push(...columnsIn(derive[name]!));
    else found.add(name);
  }
  return [...found];
}

function columnsIn(node: IrExpression): string[] {
  switch (node.is) {
    case "column":
      return [node.name];
    case "call":
      return [...node.args, ...Object.values(node.named)].flatMap(columnsIn);
    case "unary":
      return columnsIn(node.operand);
    case "binary":
      return [...columnsIn(node.left), ...columnsIn(node.right)];
    case "if":
      return [node.condition, node.then, node.else].flatMap(columnsIn);
    case "list":
      return node.items.flatMap(columnsIn);
    default:
      return [];
  }
}

/** What claims read of one row: the names behind its dot. */
export function readOf(row: string, node: IrExpression): string[] {
  if (node.is === "name") return node.name === row && node.path.length > 0 ? [node.path[0]!] : [];
  switch (node.is) {
    case "call":
      return [...node.args, ...Object.values(node.named)].flatMap((part) => readOf(row, part));
    case "unary":
      return readOf(row, node.operand);
    case "binary":
      return [...readOf(row, node.left), ...readOf(row, node.right)];
    case "if":
      return [node.condition, node.then, node.else].flatMap((part) => readOf(row, part));
    case "list":
      return node.items.flatMap((part) => readOf(row, part));
    default:
      return [];
  }
}

function reviewMissing(
  row: string,
  index: number,
  has: (name: string) => boolean,
  props: Test,
  subject: Subject,
  of: Of,
): Objection[] {
  const { kind, name, columns, features, neighbour } = subject;
  const object = (missing: readonly string[], why: string): Objection[] =>
    missing.length === 0
      ? []
      : [
          {
            code: "ML6058",
            values: {
              row: `the row \`${row}\``,
              columns: `the ${missing.length === 1 ? "column" : "columns"} ${quoted(missing)}`,
              why,
            },
            pointer: pointerTo("row", index),
          },
        ];
  const lacks = (column: ColumnSchema) => !column.nullable && !has(column.name);
  if (kind === "dataset")
    return object(
      columns.filter(lacks).map((column) => column.name),
      `the dataset \`${name}\` has ${columns.filter(lacks).length === 1 ? "it" : "them"} in every row`,
    );
  if (kind === "model") {
    const data = neighbour.props["data"] as Reference; // as the model's schema has it
    const asked = (props.expect ?? []).some(({ condition }) => readOf(row, condition).length > 0);
    const reads = asked ? (seenThrough(data, neighbour.target, of)?.reads ?? []) : [];
    const missing = reads.filter(lacks).map((column) => column.name);
    return object(missing, `the model \`${name}\` reads ${missing.length === 1 ? "it" : "them"}`);
  }
  const derive = features?.derive ?? {};
  const asked = new Set((props.expect ?? []).flatMap(({ condition }) => readOf(row, condition)));
  for (const column of asked) {
    const sources = sourcesOf({ is: "column", name: column }, derive);
    const missing = columns.filter((other) => sources.includes(other.name) && lacks(other));
    if (missing.length === 0) continue;
    const why = Object.hasOwn(derive, column) ? `\`${column}\` is computed from` : "`expect` reads";
    return object(
      missing.map((other) => other.name),
      `${why} ${missing.length === 1 ? "it" : "them"}`,
    );
  }
  return [];
}

function reviewCells({ cells, called, pointer }: Place, subject: Subject): Objection[] {
  const derive = subject.features?.derive ?? {};
  return Object.entries(cells).flatMap(([name, value]): Objection[] => {
    const at = pointerTo(...pointer, name);
    if (Object.hasOwn(derive, name)) {
      const sources = sourcesOf(derive[name]!, derive);
      const from = sources.length === 0 ? "nothing" : quoted(sources);
      const them = sources.length === 0 ? "no column" : sources.length === 1 ? "it" : "them";
      return [{ code: "ML6059", values: { from, column: name, row: called, them }, pointer: at }];
    }
    const column = subject.columns.find((other) => other.name === name);
    // The raw cells of a dataset may be anything: what comes of them is what is tested.
    if (column === undefined || subject.kind === "dataset") return [];
    const wanted = wantedBy(column, value);
    if (wanted !== null) {
      const text = typeof value === "string" ? JSON.stringify(value) : String(value);
      const values = { wanted, column: name, row: called, type: column.type, found: `\`${text}\`` };
      return [{ code: "ML6050", values, pointer: at, ...asText(column, value) }];
    }
    const problem = problemOf(column, value);
    const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
    return problem === null
      ? []
      : [{ code: "ML6060", values: { column: name, row: called, value: shown, problem }, pointer: at }];
  });
}

/** What would have been right where the value is of another type; null when it is right. */
function wantedBy({ type, nullable }: ColumnSchema, value: Cell): string | null {
  if (value === null) return nullable ? null : "a value";
  switch (type) {
    case "int":
      return typeof value === "number" && Number.isInteger(value) ? null : "a whole number";
    case "float":
      return typeof value === "number" ? null : "a number";
    case "boolean":
      return typeof value === "boolean" ? null : "`true` or `false`";
    case "date":
    case "timestamp":
      return typeof value === "string" ? null : `a ${type} in quotes`;
    default:
      return typeof value === "string" ? null : value === null ? "a value" : `\`"${value}"\``;
  }
}

/** A category is often written as the number that it looks like. */
function asText(column: ColumnSchema, value: Cell): { readonly write?: string } {
  const isText = ["category", "string", "text"].includes(column.type);
  if (!isText || value === null || typeof value === "string") return {};
  const name = /^[A-Za-z_]\w*$/.test(column.name) ? column.name : `\`${column.name}\``;
  return { write: `${name} = "${value}"` };
}

function problemOf({ min, max, values }: ColumnSchema, value: Cell): string | null {
  if (value === null) return null;
  if (typeof value === "number" && min !== null && value < min) return `below ${min}`;
  if (typeof value === "number" && max !== null && value > max) return `above ${max}`;
  if (values !== null && typeof value !== "boolean" && !values.includes(value))
    return `none of ${values.map((other) => JSON.stringify(other)).join(", ")}`;
  return null;
}

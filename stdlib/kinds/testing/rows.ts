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
  const lacking = rows.flatMap(({ name, cells }, index) => {
    const has = (column: string) => isGiven(column, { ...given, ...cells }, subject);
    const lack = lackOf(name, has, props, subject, of);
    return lack === null ? [] : [{ ...lack, row: name, index }];
  });
  return [...wrong, ...reviewMissing(lacking)];
}

/** A row that nothing is claimed of was forgotten. */
export function reviewUnclaimed(props: Test, test: string): Objection[] {
  const { row: rows = [], expect = [], accepts = [], rejects = [] } = props;
  const named = new Set([...accepts, ...rejects].map(({ row }) => row));
  return rows.flatMap(({ name }, index) => {
    if (named.has(name) || expect.some(({ condition }) => readOf(name, condition).length > 0)) return [];
    return [{ code: "ML6067", values: { row: name, test: `\`${test}\`` }, pointer: pointerTo("row", index) }];
  });
}

/** What is computed from a column that was given although it is computed has been said where it stands. */
function isGiven(column: string, cells: Cells, { features }: Subject): boolean {
  const derive = features?.derive ?? {};
  const computed = Object.keys(cells).filter((name) => Object.hasOwn(derive, name));
  return (
    Object.hasOwn(cells, column) || computed.some((name) => sourcesOf(derive[name]!, derive).includes(column))
  );
}

interface Lack {
  readonly columns: readonly string[];
  readonly why: string;
}

/** Rows that lack the same are said of together. */
function reviewMissing(
  lacking: readonly (Lack & { readonly row: string; readonly index: number })[],
): Objection[] {
  const alike = Map.groupBy(lacking, ({ columns, why }) => JSON.stringify([columns, why]));
  return [...alike.values()].map((rows) => {
    const [first] = rows as [(typeof rows)[number]];
    const names = quoted(rows.map(({ row }) => row));
    const values = {
      row: rows.length === 1 ? `the row ${names}` : `the rows ${names}`,
      columns: `the ${first.columns.length === 1 ? "column" : "columns"} ${quoted(first.columns)}`,
      why: first.why,
    };
    return { code: "ML6058", values, pointer: pointerTo("row", first.index) };
  });
}

/** The dataset's columns that an expression over rows is computed from, through other derived ones too. */
export function sourcesOf(
  expression: IrExpression,
  derive: Readonly<Record<string, IrExpression>>,
): string[] {
  const found = new Set<string>();
  const open = [...columnsIn(expression)];
  const seen = new Set<string>();
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
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

/** The columns that are read of a row, that may not be missing, and that it does not have. */
function lackOf(
  row: string,
  has: (name: string) => boolean,
  props: Test,
  subject: Subject,
  of: Of,
): Lack | null {
  const { kind, name, columns, features, neighbour } = subject;
  const lack = (read: readonly ColumnSchema[], why: (it: string) => string): Lack | null => {
    const missing = read
      .filter((column) => !column.nullable && !has(column.name))
      .map((column) => column.name);
    return missing.length === 0 ? null : { columns: missing, why: why(missing.length === 1 ? "it" : "them") };
  };
  if (kind === "dataset") return lack(columns, (it) => `the dataset \`${name}\` has ${it} in every row`);
  const asked = new Set((props.expect ?? []).flatMap(({ condition }) => readOf(row, condition)));
  if (kind === "model") {
    const data = neighbour.props["data"] as Reference; // as the model's schema has it
    const reads = asked.size > 0 ? (seenThrough(data, neighbour.target, of)?.reads ?? []) : [];
    return lack(reads, (it) => `the model \`${name}\` reads ${it}`);
  }
  const derive = features?.derive ?? {};
  for (const column of asked) {
    const sources = sourcesOf({ is: "column", name: column }, derive);
    const why = Object.hasOwn(derive, column) ? `\`${column}\` is computed from` : "`expect` reads";
    const found = lack(
      columns.filter((other) => sources.includes(other.name)),
      (it) => `${why} ${it}`,
    );
    if (found !== null) return found;
  }
  return null;
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

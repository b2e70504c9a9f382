/** A query over other datasets, run by DuckDB. */
import type { Reference } from "../../language/vocabulary/types.ts";
import type { StepContext } from "../execute/step.ts";
import { dataFailure, matchColumns, NO_DAMAGE, type RawRows, type ReadContext } from "./raw.ts";
import { firstLine } from "./read-parquet.ts";
import { fillTyped } from "./read-typed.ts";
import { sourceRows } from "./rows.ts";
import { resolveSource } from "./source.ts";
import { identifier, text } from "./sql.ts";
import { ROW_COLUMN } from "./table.ts";

/**
 * Each dataset of `from` is a view under its own name; the query reads nothing else: no file, no network, no clock.
 * Rows come in the query's order, ties and all unordered rows by all columns.
 * @throws StepFailure ML4002, ML4007 (a query that DuckDB refuses), ML4015 (one whose result differs from run to run)
 */
export async function readSql(context: ReadContext, step: StepContext): Promise<RawRows> {
  const { session, props } = context;
  const references = props["from"] as unknown as Reference[];
  const files: string[] = [];
  for (const reference of references) {
    const source = resolveSource(step, reference);
    files.push(await step.store.file(source.rows));
    const { from } = await sourceRows(session, step.store, source);
    const name = reference.as ?? reference.ref.slice(reference.ref.indexOf(".") + 1);
    await session.run(`CREATE VIEW ${identifier(name)} AS SELECT * EXCLUDE (${ROW_COLUMN}) FROM ${from}`);
  }
  await session.seal(files, [`${step.store.root}/tmp/`]);
  const query = String(props["query"]).trim().replace(/;\s*$/, "");
  try {
    const columns = await session.describe(query);
    const ordered = await orderedQuery(context, query, columns.length);
    const matched = matchColumns(
      context,
      "the query",
      columns.map((column) => column.name),
    );
    // One thread: what a sum of numbers rounds to depends on who adds which rows.
    const filled = await session.alone(() =>
      fillTyped(
        session,
        ordered,
        matched.map(({ index }) => columns[index]!),
      ),
    );
    return {
      ...filled,
      damaged: NO_DAMAGE,
      locate: async (cells) => cells.map((cell) => `the query's row ${cell.row + 1}, ${cell.column}`),
    };
  } catch (error) {
    if (
      error instanceof Error &&
      /(Binder|Catalog|Parser|Conversion|Permission|Invalid Input|Out of Range|Not implemented) (Error|Exception)/i.test(
        error.message,
      )
    ) {
      const details = error.message
        .split("\n")
        .slice(1)
        .filter((line) => line.trim() !== "");
      throw dataFailure(context, "ML4007", { problem: firstLine(error) }, { pointer: "/query", details });
    }
    throw error;
  }
}

interface SqlNode {
  readonly [name: string]: unknown;
}

/** Functions whose value is another each time. */
const CHANGING =
  /^(random|setseed|uuid|gen_random_uuid|uuidv4|uuidv7|now|get_current_timestamp|current_timestamp|transaction_timestamp|current_date|today|current_time|get_current_time|current_localtime|current_localtimestamp|nextval)$/i;

/** The query with an order that leaves no two rows to chance: what it says, then every column. */
async function orderedQuery(context: ReadContext, query: string, width: number): Promise<string> {
  const { tree } = await context.session.row(`SELECT json_serialize_sql(${text(query)})::VARCHAR AS tree`);
  const parsed = JSON.parse(String(tree), asWritten) as {
    error: boolean;
    error_message?: string;
    statements?: { node: SqlNode }[];
  };
  if (parsed.error || parsed.statements?.length !== 1) {
    const problem = parsed.error_message ?? "one SELECT statement belongs here";
    throw dataFailure(context, "ML4007", { problem }, { pointer: "/query" });
  }
  const node = parsed.statements[0]!.node;
  const changing = findCall(node);
  if (changing) throw dataFailure(context, "ML4015", { function: changing }, { pointer: "/query" });
  const modifiers = [...((node["modifiers"] as SqlNode[] | undefined) ?? [])];
  const places = Array.from({ length: width }, (_, i) => orderBy(i + 1));
  const at = modifiers.findIndex((modifier) => modifier["type"] === "ORDER_MODIFIER");
  if (at >= 0) {
    const orders = modifiers[at]!["orders"] as SqlNode[];
    modifiers[at] = { ...modifiers[at], orders: [...orders, ...places] };
  } else {
    // Before a LIMIT, so that which rows it keeps is no accident either; after a DISTINCT.
    const limit = modifiers.findIndex((modifier) => String(modifier["type"]).includes("LIMIT"));
    modifiers.splice(limit < 0 ? modifiers.length : limit, 0, { type: "ORDER_MODIFIER", orders: places });
  }
  const rewritten = { ...parsed, statements: [{ ...parsed.statements[0], node: { ...node, modifiers } }] };
  const { sql } = await context.session.row(
    `SELECT json_deserialize_sql(${text(JSON.stringify(rewritten))}::JSON) AS sql`,
  );
  return String(sql);
}

/** `JSON.rawJSON` and a reviver's third argument (ES2026), which TypeScript's library does not know yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** Keeps a number's own digits: DuckDB takes `1000000.0` for a double and `1000000` for an integer. */
const asWritten = ((_key: string, value: unknown, place: { readonly source?: string }) =>
  typeof value === "number" && place.source !== undefined ? rawJSON(place.source) : value) as (
  key: string,
  value: unknown,
) => unknown;

/** `ORDER BY 3` */
function orderBy(place: number): SqlNode {
  return {
    type: "ASCENDING",
    null_order: "NULLS LAST",
    expression: {
      class: "CONSTANT",
      type: "VALUE_CONSTANT",
      alias: "",
      query_location: 0,
      value: { type: { id: "INTEGER", type_info: null }, is_null: false, value: place },
    },
  };
}

/** The first call of a function whose value changes from run to run. */
export function findCall(node: unknown): string | null {
  if (typeof node !== "object" || node === null) return null;
  const name = (node as SqlNode)["function_name"];
  if (typeof name === "string" && CHANGING.test(name)) return name;
  for (const value of Object.values(node)) {
    const found = findCall(value);
    if (found) return found;
  }
  return null;
}

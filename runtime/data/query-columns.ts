/** The columns that queries give, as DuckDB tells them over empty tables with the declared columns of what they read. */
import type { Declaration } from "../../language/ir/program.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import { STORED } from "./cast.ts";
import { refusalOf } from "./query-errors.ts";
import type { Session } from "./session.ts";
import { identifier } from "./sql.ts";

export interface Described {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
}

/** `run` trims a query and takes its last semicolon. */
export const queryOf = ({ props }: Declaration): string => String(props["query"]).trim().replace(/;\s*$/, "");

export const schemaOf = (declaration: Declaration | undefined): readonly ColumnSchema[] | null =>
  (declaration?.props["schema"] as readonly ColumnSchema[] | undefined) ?? null; // as the checker accepted it

export class QueryColumns {
  readonly #byId: ReadonlyMap<string, Declaration>;
  readonly #session: Session;
  readonly #known = new Map<string, readonly Described[] | null>();
  /** What DuckDB said of each query, asked once. */
  readonly #asked = new Map<string, Promise<Described[]>>();

  constructor(byId: ReadonlyMap<string, Declaration>, session: Session) {
    this.#byId = byId;
    this.#session = session;
  }

  /** What queries read is described before they are, however long the chain: asking then never goes deep. */
  async describeInOrder(queries: readonly Declaration[]): Promise<void> {
    const byId = new Map(queries.map((declaration) => [declaration.id, declaration]));
    const open = new Set<string>();
    for (const { id } of queries) {
      const stack = [id];
      for (let next = stack.at(-1); next !== undefined; next = stack.at(-1)) {
        const before = open.has(next)
          ? []
          : (byId.get(next)?.refs ?? []).filter((ref) => byId.has(ref) && !open.has(ref));
        open.add(next);
        if (before.length > 0) stack.push(...before);
        else {
          stack.pop();
          await this.#columnsOf(next);
        }
      }
    }
  }

  /** The tables that the query reads, by name; null when the columns of one are known only from its data. */
  async tablesOf(declaration: Declaration): Promise<ReadonlyMap<string, readonly Described[]> | null> {
    const tables = new Map<string, readonly Described[]>();
    for (const { ref, as } of (declaration.props["from"] ?? []) as unknown as Reference[]) {
      const columns = await this.#columnsOf(ref);
      if (columns === null) return null;
      tables.set(as ?? ref.slice(ref.indexOf(".") + 1), columns);
    }
    return tables;
  }

  async #columnsOf(id: string): Promise<readonly Described[] | null> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    this.#known.set(id, null);
    const declaration = this.#byId.get(id);
    const columns = declaration === undefined ? null : await this.#given(declaration);
    this.#known.set(id, columns);
    return columns;
  }

  /** The columns that a dataset gives: declared, or those of its own query. */
  async #given(declaration: Declaration): Promise<readonly Described[] | null> {
    const schema = schemaOf(declaration);
    if (schema !== null) return schema.map(({ name, type }) => ({ name, type: STORED[type] }));
    if (declaration.variant !== "sql") return null;
    const tables = await this.tablesOf(declaration);
    if (tables === null) return null;
    try {
      return await this.describe(declaration, tables);
    } catch (error) {
      if (refusalOf(error) === null) throw error;
      return null; // said where the query stands
    }
  }

  describe(
    declaration: Declaration,
    tables: ReadonlyMap<string, readonly Described[]>,
  ): Promise<Described[]> {
    const asked = this.#asked.get(declaration.id) ?? this.#ask(queryOf(declaration), tables);
    this.#asked.set(declaration.id, asked);
    return asked;
  }

  async #ask(query: string, tables: ReadonlyMap<string, readonly Described[]>): Promise<Described[]> {
    const made = [...tables].map(([name, columns]) => {
      const listed = columns.map((column) => `${identifier(column.name)} ${column.type}`);
      return `CREATE TABLE ${identifier(name)} (${listed.join(", ")})`;
    });
    try {
      await this.#session.run(["CREATE SCHEMA asked", "SET schema = 'asked'", ...made].join("; "));
      return await this.#session.describe(query);
    } finally {
      await this.#session.run("SET schema = 'main'; DROP SCHEMA IF EXISTS asked CASCADE");
    }
  }
}

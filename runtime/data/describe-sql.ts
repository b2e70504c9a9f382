/**
 * What DuckDB says of the queries of `sql` datasets before anything runs: each is described over empty tables with
 * the declared columns of the datasets that it reads. Wrong syntax, unknown names, columns that a schema wants and
 * the query does not give, and types that cannot be read as declared are found here as `run` would find them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Diagnostic, Range } from "../../language/diagnostics/diagnostic.ts";
import { type Finding, reportFinding } from "../../language/diagnostics/report.ts";
import type { Declaration, Program, SourceRange } from "../../language/ir/program.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import { StepFailure } from "../execute/step.ts";
import { describeSqlite } from "./describe-sqlite.ts";
import { type Described, QueryColumns, queryOf, schemaOf } from "./query-columns.ts";
import { queryProblem, refusalOf } from "./query-errors.ts";
import { columnsFromLabel, spelledColumns } from "./query-labels.ts";
import { typeMismatch } from "./query-types.ts";
import { matchColumns } from "./raw.ts";
import { findCall } from "./read-sql.ts";
import { type Session, withSession } from "./session.ts";
import { text } from "./sql.ts";

export interface DescribeOptions {
  /** Absolute folder of the spec. */
  readonly project: string;
  /** Where `length` code units from `at` of a text are written, given the attribute's place; null when it cannot be told. */
  locate(attribute: SourceRange, value: string, at: number, length: number): Range | null;
}

const PREFIX = "DESCRIBE ";

/** Findings about the queries of a checked program, in the order of its declarations. Loads DuckDB. */
export async function describeQueries(program: Program, options: DescribeOptions): Promise<Diagnostic[]> {
  const found: Diagnostic[] = program.declarations
    .filter(({ variant }) => variant === "sqlite")
    .flatMap((declaration) => describeSqlite(declaration, options.project))
    .map((finding) => reportFinding(finding, program));
  const queries = program.declarations.filter(({ variant }) => variant === "sql");
  if (queries.length === 0) return found;
  const root = mkdtempSync(join(tmpdir(), "mlops-check-"));
  try {
    await withSession({ root, threads: 1, memory: 256_000_000 }, async (session) => {
      await session.run("SET errors_as_json = true");
      // A query that names a file must not open it here either.
      await session.seal([], []);
      const describer = new Describer(program, options, session);
      await describer.columns.describeInOrder(queries);
      for (const declaration of queries) found.push(...(await describer.check(declaration)));
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return found;
}

class Describer {
  readonly #program: Program;
  readonly #options: DescribeOptions;
  readonly #session: Session;
  readonly columns: QueryColumns;
  readonly #byId: ReadonlyMap<string, Declaration>;

  constructor(program: Program, options: DescribeOptions, session: Session) {
    this.#program = program;
    this.#byId = new Map(program.declarations.map((declaration) => [declaration.id, declaration]));
    this.#options = options;
    this.#session = session;
    this.columns = new QueryColumns(this.#byId, session);
  }

  /** What is wrong with one query. */
  async check(declaration: Declaration): Promise<Diagnostic[]> {
    const query = queryOf(declaration);
    const asked = await this.#parse(query);
    if ("finding" in asked) return [this.#report(declaration, asked.finding, query, "")];
    const changing = findCall(asked.node);
    if (changing !== null)
      return [
        this.#plain(declaration, { code: "ML4015", values: { function: changing }, pointer: "/query" }),
      ];
    const tables = await this.columns.tablesOf(declaration);
    if (tables === null) return [];
    try {
      const columns = await this.columns.describe(declaration, tables);
      return this.#compare(declaration, columns, asked.node);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      return [this.#report(declaration, refusal, query, PREFIX)];
    }
  }

  /** The query's tree, or why there is none. */
  async #parse(
    query: string,
  ): Promise<{ node: Record<string, unknown> } | { finding: Parameters<typeof queryProblem>[0] }> {
    const { tree } = await this.#session.row(`SELECT json_serialize_sql(${text(query)})::VARCHAR AS tree`);
    const parsed = JSON.parse(String(tree)) as {
      error: boolean;
      error_message?: string;
      position?: string;
      statements?: { node: Record<string, unknown> }[];
    };
    const [first, ...more] = parsed.statements ?? [];
    if (!parsed.error && first !== undefined && more.length === 0) return { node: first.node };
    const isOther = parsed.error_message === undefined || parsed.error_message.startsWith("Only SELECT");
    return {
      finding: {
        exception_message: isOther ? "one SELECT statement belongs here" : (parsed.error_message ?? ""),
        ...(parsed.position === undefined ? {} : { position: parsed.position }),
      },
    };
  }

  /** The declared schema against what the query gives. */
  #compare(
    declaration: Declaration,
    columns: readonly Described[],
    node: Record<string, unknown>,
  ): Diagnostic[] {
    const schema = schemaOf(declaration);
    const context = { declaration: declaration.id, schema };
    try {
      const names = columns.map(({ name }) => name);
      matchColumns(context, "the query", names);
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      return [reportFinding(error.diagnostic, this.#program)];
    }
    const findings = (schema ?? []).flatMap((column, index) => {
      const type = columns.find(({ name }) => name === column.name)?.type ?? "";
      const fits = typeMismatch(column, type);
      if (fits === null) return [];
      const values = { column: column.name, type, declared: column.type, fits: `\`${fits}\`` };
      return [{ code: "ML4080", values, pointer: `/schema/${index}` }];
    });
    return [...findings, ...this.#leaks(declaration, schema, node)].map((one) =>
      this.#plain(declaration, one),
    );
  }

  /** Features that the query computes from the label of a dataset it reads. */
  #leaks(declaration: Declaration, schema: readonly ColumnSchema[] | null, node: Record<string, unknown>) {
    const given = schema?.find(({ role }) => role === "label")?.name;
    if (schema === null || given === undefined) return [];
    const sources = ((declaration.props["from"] ?? []) as unknown as Reference[]).flatMap(
      ({ ref }) => schemaOf(this.#byId.get(ref)) ?? [],
    );
    const labels = sources.filter(({ role }) => role === "label").map(({ name }) => name);
    const columns = spelledColumns(node);
    return labels.flatMap((label) => {
      // A name that another table has too may be the other one's.
      if (sources.filter(({ name }) => name === label).length > 1) return [];
      return columnsFromLabel(columns, label, given).flatMap(({ name }) => {
        const index = schema.findIndex((column) => column.name === name && column.role === null);
        return index < 0
          ? []
          : [{ code: "ML4081", values: { column: name, label }, pointer: `/schema/${index}` }];
      });
    });
  }

  #plain(declaration: Declaration, finding: Omit<Finding, "declaration">): Diagnostic {
    return reportFinding({ ...finding, declaration: declaration.id }, this.#program);
  }

  /** A refused query, at the very place in it where DuckDB stopped, with its fix where a name is misspelt. */
  #report(
    declaration: Declaration,
    refusal: Parameters<typeof queryProblem>[0],
    query: string,
    prefix: string,
  ): Diagnostic {
    const datasets = this.#program.declarations
      .filter(({ kind }) => kind === "dataset")
      .map(({ name }) => name);
    const { problem, at, name, meant } = queryProblem(refusal, query, prefix, datasets);
    const whole = this.#plain(declaration, { code: "ML4007", values: { problem }, pointer: "/query" });
    const place = declaration.locations["/query"];
    if (at === null || place === undefined) return whole;
    const value = String(declaration.props["query"]);
    // `l.incme`: DuckDB points at the `l`.
    const slip = name === null ? -1 : value.indexOf(name, at + leading(value));
    const exact = slip >= 0 && slip - at - leading(value) <= 64 ? slip : at + leading(value);
    const range = this.#options.locate(
      place,
      value,
      exact,
      slip === exact && name !== null ? name.length : 1,
    );
    if (range === null) return whole;
    const fixable = slip === exact && meant !== null;
    const fixes = fixable
      ? [{ title: `write \`${meant}\``, edits: [{ file: place.file, range, text: meant }] }]
      : [];
    return { ...whole, range, fixes };
  }
}

const leading = (value: string): number => value.length - value.trimStart().length;

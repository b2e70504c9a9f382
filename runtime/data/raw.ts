/** What a reader of any format leaves in the session, before types and rules. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { type Json, type RuntimeDiagnostic, StepFailure } from "../execute/step.ts";
import { closest } from "./closest.ts";
import type { Session } from "./session.ts";

/** Name of the session's table with the rows as read. */
export const RAW = "raw";

export interface RawColumn {
  /** As the source names it. */
  readonly name: string;
  /** Column of `raw`. */
  readonly alias: string;
  /** DuckDB's type: VARCHAR where the source has only text. */
  readonly type: string;
}

/** The table `raw` has `__row` (0, 1, … in the source's order) and the columns' aliases. */
export interface RawRows {
  readonly columns: readonly RawColumn[];
  readonly rows: number;
  /** The source has types of its own (Parquet, a query), so text in it is text. */
  readonly typed: boolean;
  /** The source says `null` where a value is missing, so that an empty text may be a text. */
  readonly nulls?: true;
  /** The source says what its columns are, so that nothing is inferred. */
  readonly schema?: readonly ColumnSchema[];
  /** Rows that could not be read at all; they are not in `raw`. */
  readonly damaged: Damage;
  /** Where cells stand, for people: `data/loans.csv:17:5`. */
  locate(cells: readonly CellPlace[]): Promise<string[]>;
}

export interface CellPlace {
  readonly row: number;
  readonly column: string;
}

export interface Damage {
  readonly count: number;
  /** The first of them: place and what is wrong. */
  readonly examples: readonly string[];
}

export const NO_DAMAGE: Damage = { count: 0, examples: [] };
/** How many bad rows are shown; all are counted. */
export const SHOWN = 20;

export interface ReadContext {
  readonly session: Session;
  readonly declaration: string;
  readonly props: Readonly<Record<string, Json>>;
  /** Absolute folder of the spec. */
  readonly project: string;
  /** Where the path is a step's output: its file in the store, and how messages call it. */
  readonly output?: { readonly file: string; readonly name: string };
  /** The declared columns; null when the schema is to be inferred. */
  readonly schema: readonly ColumnSchema[] | null;
  readonly onBadRow: "fail" | "drop" | "keep";
  readonly signal: AbortSignal;
  /** A fresh path for a file that only this step needs. */
  temporary(suffix: string): string;
}

export function dataFailure(
  context: Pick<ReadContext, "declaration">,
  code: string,
  values: Record<string, string>,
  more: { readonly pointer?: string; readonly details?: readonly string[]; readonly exit?: 1 | 2 | 3 } = {},
): StepFailure {
  return new StepFailure(diagnosticOf(context, code, values, more), more.exit ?? 1);
}

export function diagnosticOf(
  context: Pick<ReadContext, "declaration">,
  code: string,
  values: Record<string, string>,
  more: { readonly pointer?: string; readonly details?: readonly string[] } = {},
): RuntimeDiagnostic {
  return {
    code,
    values,
    declaration: context.declaration,
    ...(more.pointer === undefined ? {} : { pointer: more.pointer }),
    ...(more.details === undefined ? {} : { details: more.details }),
  };
}

/**
 * The source's place of each declared column, in the schema's order; every column of the source without a schema.
 * @throws StepFailure ML4002 for all columns that the source lacks, in one diagnostic; ML4005 for a name that the
 * source has twice.
 */
export function matchColumns(
  context: Pick<ReadContext, "declaration" | "schema">,
  file: string,
  available: readonly string[],
): { readonly name: string; readonly index: number }[] {
  const { schema } = context;
  const wanted = schema?.map((column) => column.name) ?? available;
  const missing = wanted.filter((name) => !available.includes(name));
  if (missing.length > 0) {
    const unused = available.filter((name) => !wanted.includes(name));
    const lines = missing.map((name) => {
      const near = closest(name, unused.length > 0 ? unused : available);
      return near ? `${name}: did you mean ${near}?` : `${name}: nothing like it there`;
    });
    const first = schema!.findIndex((column) => column.name === missing[0]);
    throw dataFailure(
      context,
      "ML4002",
      {
        columns: missing.join(", "),
        file,
        hint: missing.length === 1 ? lines[0]!.slice(missing[0]!.length) : "",
      },
      { pointer: `/schema/${first}`, details: [...lines, `the source has: ${available.join(", ")}`] },
    );
  }
  const folded = new Map<string, string>();
  for (const name of wanted) {
    const other = folded.get(name.toLowerCase());
    const twice = available.indexOf(name) !== available.lastIndexOf(name);
    if (other !== undefined || twice) {
      const problem = twice
        ? `the column ${name} twice`
        : `columns ${other} and ${name}, which only case tells apart`;
      throw dataFailure(context, "ML4005", { file, problem });
    }
    folded.set(name.toLowerCase(), name);
  }
  return wanted.map((name) => ({ name, index: available.indexOf(name) }));
}

/** What a model sees of columns that no `features` declaration speaks of. */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import { StepFailure } from "../execute/step.ts";
import type { TransformStep } from "../portable/form.ts";
import { distinctValuesOfEach } from "./load-table.ts";
import type { Session } from "./session.ts";
import type { FittedTransform, SeenColumn } from "./transform.ts";
import { transformQuery } from "./transform-sql.ts";

/** More values than this in one category are a text or an id. */
const MOST_LEVELS = 50_000;

/** Numbers, booleans and categories that have no role; text, strings and times only through `features`. */
export function seenByDefault(column: ColumnSchema): SeenColumn | null {
  if (column.role !== null) return null;
  switch (column.type) {
    case "int":
    case "float":
    case "boolean":
      return { name: column.name, type: "number", from: column.name };
    case "category":
      return { name: column.name, type: "string", from: column.name };
    default:
      return null;
  }
}

/** The transform of a bare dataset: nothing is fitted. */
export function defaultTransform(columns: readonly ColumnSchema[]): FittedTransform {
  return {
    format: 1,
    fittedOn: null,
    target: null,
    steps: [],
    columns: columns.map(seenByDefault).filter((column) => column !== null),
    outOfFold: [],
  };
}

/**
 * Steps for categories that no step encoded, their levels from these rows: native to trees, one-hot otherwise.
 * @throws StepFailure ML4113 for a category with more values than a category has
 */
export async function defaultEncoders(
  session: Session,
  from: string,
  columns: readonly ColumnSchema[],
  transform: FittedTransform,
  seen: readonly SeenColumn[],
  encoding: "linear" | "trees",
  declaration: string,
): Promise<TransformStep[]> {
  const open = seen.filter((column) => column.type === "string");
  if (open.length === 0) return [];
  const query = transformQuery(from, columns, transform.steps);
  const steps: TransformStep[] = [];
  const aliases = open.map(({ name }) => {
    const placed = query.place(name);
    if (!placed) throw new Error(`nothing gives ${name}`);
    return placed.alias;
  });
  const found = await distinctValuesOfEach(session, `(${query.sql})`, aliases, MOST_LEVELS);
  for (const [i, { name }] of open.entries()) {
    const levels = found[i];
    if (!levels) throw tooManyLevels(name, declaration);
    steps.push(
      encoding === "trees"
        ? { op: "category", column: name, output: name, levels }
        : {
            op: "one_hot",
            column: name,
            levels,
            outputs: levels.map((level) => `${name}=${level}`),
            other: null,
          },
    );
  }
  return steps;
}

function tooManyLevels(column: string, declaration: string): StepFailure {
  return new StepFailure({ code: "ML4113", values: { column, count: String(MOST_LEVELS) }, declaration });
}

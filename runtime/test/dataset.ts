/** Rows through the very checks of a dataset step: does the schema, or an expectation, keep them out? */
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { Test } from "../../stdlib/kinds/test.ts";
import { checkRows } from "../data/check-rows.ts";
import { type Expectation, hasAggregate, testExpectations } from "../data/expect.ts";
import { NO_DAMAGE, RAW, type RawRows, type ReadContext } from "../data/raw.ts";
import { type Session, withSession } from "../data/session.ts";
import { text } from "../data/sql.ts";
import { ROW_COLUMN } from "../data/table.ts";
import { StepFailure } from "../execute/step.ts";
import { declarationOf, type TestContext } from "./context.ts";
import type { ClaimResult } from "./report.ts";
import { type Cell, rowsOf, type TestRow } from "./rows.ts";

/** Every row is tried alone: expectations of a whole table and keys that repeat are not about one row. */
export async function testDataset(context: TestContext): Promise<ClaimResult[]> {
  const { props, store, signal, threads } = context;
  const rows = new Map(rowsOf(props).map((row) => [row.name, row]));
  const wanted = [...(props.accepts ?? []), ...(props.rejects ?? [])].map(({ row }) => row);
  const reasons = new Map<string, readonly string[]>();
  for (const name of new Set(wanted)) {
    signal.throwIfAborted();
    const row = rows.get(name)!; // the checker knows every name
    const found = await withSession({ root: store.root, threads }, (session) =>
      tryRow(context, session, row),
    );
    reasons.set(name, found);
  }
  return [
    ...(props.accepts ?? []).map((rule, index) => accepted(rule, index, reasons.get(rule.row)!)),
    ...(props.rejects ?? []).map((rule, index) => rejected(rule, index, reasons.get(rule.row)!)),
  ];
}

function accepted(
  { row, message }: NonNullable<Test["accepts"]>[number],
  index: number,
  reasons: readonly string[],
): ClaimResult {
  const passed = reasons.length === 0;
  const because = `it is kept out, since ${reasons[0]}`;
  return {
    text: `accepts ${row}`,
    pointer: `/accepts/${index}`,
    passed,
    found: passed ? "" : message === undefined ? because : `${message}: ${because}`,
    details: reasons.slice(1),
  };
}

function rejected(
  { row, reason }: NonNullable<Test["rejects"]>[number],
  index: number,
  reasons: readonly string[],
): ClaimResult {
  const passed = reason === undefined ? reasons.length > 0 : reasons.some((one) => one.includes(reason));
  const found =
    reasons.length === 0 ? "nothing keeps it out" : `it is kept out for another reason: ${reasons[0]}`;
  return {
    text: `rejects ${row}${reason === undefined ? "" : ` ${JSON.stringify(reason)}`}`,
    pointer: `/rejects/${index}`,
    passed,
    found: passed ? "" : found,
    details: passed ? [] : reasons.slice(1),
  };
}

/** Why the row is kept out, in words; none when it is let in. */
async function tryRow(context: TestContext, session: Session, row: TestRow): Promise<string[]> {
  const subject = declarationOf(context.program, context.props.subject!.ref);
  // The checker refuses a test of a dataset without a schema.
  const columns = subject.props["schema"] as unknown as readonly ColumnSchema[];
  const raw = await fillRaw(session, columns, row);
  const reading: ReadContext = {
    session,
    declaration: subject.id,
    // As the pipeline has them: what counts as missing is among them.
    props: subject.props as ReadContext["props"],
    project: context.project,
    schema: columns,
    onBadRow: "fail",
    signal: context.signal,
    temporary: (suffix) => context.store.temporary(suffix),
  };
  try {
    await checkRows(reading, raw, columns);
  } catch (error) {
    if (!(error instanceof StepFailure) || error.diagnostic.code !== "ML4004") throw error;
    return [...(error.diagnostic.details ?? [])];
  }
  const expectations = (subject.props["expect"] ?? []) as unknown as readonly Expectation[];
  const ofRows = expectations.filter(({ condition }) => !hasAggregate(condition));
  const { results, notes } = await testExpectations(reading, raw, columns, ofRows);
  return results.every(({ passed }) => passed) ? [] : notes.filter((note) => note.startsWith("expect "));
}

/** One row as a text file would have it: cells without types of their own. */
async function fillRaw(session: Session, columns: readonly ColumnSchema[], row: TestRow): Promise<RawRows> {
  const cells = columns.map(({ name }, i) => `${cellSql(row.cells[name] ?? null)}::VARCHAR AS r${i}`);
  await session.run(`CREATE TABLE ${RAW} AS SELECT ${[`0::BIGINT AS ${ROW_COLUMN}`, ...cells].join(", ")}`);
  return {
    columns: columns.map(({ name }, i) => ({ name, alias: `r${i}`, type: "VARCHAR" })),
    rows: 1,
    typed: false,
    damaged: NO_DAMAGE,
    locate: async (places) => places.map(() => row.name),
  };
}

const cellSql = (cell: Cell): string => (cell === null ? "NULL" : text(String(cell)));

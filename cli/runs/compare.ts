/** `mlops runs compare A B …`: metrics side by side, and what of the specs differs. */
import type { Program } from "../../language/ir/program.ts";
import { attributesOf } from "../../runtime/plan/attributes.ts";
import { schemaOf } from "../../runtime/plan/meaning.ts";
import { attributeChanges } from "../../runtime/plan/reasons.ts";
import { runName } from "../../runtime/store/runs.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { EXIT, type ExitCode, type Invocation } from "../command.ts";
import { number, table } from "../table.ts";
import { columnOf, findRun, type MeasuredRun, type OpenRuns, runJson, sortRuns } from "./open.ts";

export async function compareRuns(
  invocation: Invocation,
  open: OpenRuns,
  names: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const named = names.map((name) => findRun(invocation, open, name));
  if (named.includes(null)) return EXIT.wrong;
  const chosen = names.length > 0 ? named.filter((run) => run !== null) : open.runs.list().reverse();
  const measured = chosen.map((run) => ({ run, metrics: open.runs.metrics(run.number) }));
  const sort = options["sort"];
  const ordered = sort === undefined ? measured : sortRuns(invocation, measured, String(sort));
  if (ordered === null) return EXIT.wrong;
  const changes = options["diff"] === true ? await differences(open, ordered) : null;
  if (invocation.json) {
    const runs = ordered.map(runJson);
    invocation.terminal.out(JSON.stringify(changes === null ? { runs } : { runs, changes }, null, 2));
    return EXIT.done;
  }
  invocation.terminal.out(ordered.length === 2 ? twoRuns(ordered) : manyRuns(ordered));
  for (const { from, to, lines } of changes ?? []) {
    invocation.terminal.out(`\n${from} → ${to}${lines.length === 0 ? ": the same meaning" : ""}`);
    for (const line of lines) invocation.terminal.out(`  ${line}`);
  }
  return EXIT.done;
}

const valueIn = ({ metrics }: MeasuredRun, column: string) =>
  metrics.find((one) => columnOf(one) === column)?.value;
const shown = (value: number | undefined) => (value === undefined ? "-" : number(value));
const allColumns = (runs: readonly MeasuredRun[]) => [
  ...new Set(runs.flatMap(({ metrics }) => metrics.map(columnOf))),
];

/** A line for each metric, with the difference. */
function twoRuns(runs: readonly MeasuredRun[]): string {
  const [a, b] = [runs[0]!, runs[1]!];
  const rows = allColumns(runs).map((column) => {
    const [left, right] = [valueIn(a, column), valueIn(b, column)];
    const change = left === undefined || right === undefined ? undefined : right - left;
    const sign = change !== undefined && change > 0 ? "+" : "";
    return [column, shown(left), shown(right), change === undefined ? "" : `${sign}${number(change)}`];
  });
  const right = (title: string) => ({ title, align: "right" as const });
  return table(
    [{ title: "METRIC" }, right(runName(a.run.number)), right(runName(b.run.number)), right("CHANGE")],
    rows,
  );
}

/** A line for each run. */
function manyRuns(runs: readonly MeasuredRun[]): string {
  const columns = allColumns(runs);
  const rows = runs.map((one) => [
    runName(one.run.number),
    one.run.status,
    ...columns.map((column) => shown(valueIn(one, column))),
  ]);
  const titles = columns.map((title) => ({ title, align: "right" as const }));
  return table([{ title: "RUN" }, { title: "STATUS" }, ...titles], rows);
}

/** What changed from each run to the next: parameters, declarations, attributes. */
async function differences({ store }: OpenRuns, runs: readonly MeasuredRun[]) {
  const programs = await Promise.all(runs.map(({ run }) => store.readJson<Program>(run.program)));
  return runs.slice(1).map(({ run }, index) => ({
    from: runName(runs[index]!.run.number),
    to: runName(run.number),
    lines: programChanges(programs[index]!, programs[index + 1]!),
  }));
}

function programChanges(before: Program, after: Program): string[] {
  const texts = (params: Program["params"]) =>
    Object.fromEntries(
      Object.entries(params).map(([name, value]) => [`param ${name}`, JSON.stringify(value)]),
    );
  const lines = attributeChanges(texts(before.params), texts(after.params));
  const old = new Map(before.declarations.map((declaration) => [declaration.id, declaration]));
  for (const declaration of after.declarations) {
    const { id, kind, name } = declaration;
    const same = old.get(id);
    old.delete(id);
    if (same === undefined) lines.push(`${kind} ${name} added`);
    else {
      const [was, is] = [same, declaration].map((one) => attributesOf(one, schemaOf(vocabulary.kinds, one)));
      lines.push(...attributeChanges(was!, is!).map((line) => `${kind} ${name} ${line}`));
    }
  }
  for (const { kind, name } of old.values()) lines.push(`${kind} ${name} removed`);
  return lines;
}

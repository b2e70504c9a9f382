/** Tries the tests of a project in this process. */
import { readFileSync } from "node:fs";
import { openWorkplace } from "../../cli/workplace.ts";
import type { Program } from "../../language/ir/program.ts";
import type { RunEvent } from "../../runtime/execute/events.ts";
import { runTests, type TestOutcome } from "../../runtime/test/run-tests.ts";
import { programOf } from "../check/spec.ts";

export interface Attempt extends TestOutcome {
  readonly program: Program;
  /** Names of the steps that were carried out for the tests. */
  readonly ran: readonly string[];
}

export async function attempt(
  { folder, path }: { readonly folder: string; readonly path: string },
  options: { readonly update?: boolean; readonly names?: readonly string[] } = {},
): Promise<Attempt> {
  const program = programOf(readFileSync(path, "utf8"));
  const place = await openWorkplace({ program, project: folder, spec: path });
  const ran: string[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.type === "settled" && event.step.status === "ran") ran.push(event.step.name);
  };
  const tests = (program.tests ?? []).filter(({ name }) => options.names?.includes(name) ?? true);
  try {
    const update = options.update ?? false;
    const outcome = await runTests({
      ...place,
      tests,
      update,
      signal: new AbortController().signal,
      onEvent,
    });
    return { ...outcome, program, ran };
  } finally {
    place.close();
  }
}

/** `name: status`, and of each claim that did not hold what came out. */
export function lines({ results }: Pick<TestOutcome, "results">): string[] {
  return results.flatMap(({ name, status, claims, diagnostics }) => [
    `${name}: ${status}`,
    ...claims.filter(({ passed }) => !passed).map(({ text, found }) => `${text}: ${found}`),
    ...(claims.length === 0
      ? diagnostics.map(({ code, values }) => `${code} ${Object.values(values).join(", ")}`)
      : []),
  ]);
}

/** The results that an export needs, carried out where they are missing. */

import { reached } from "../../language/ir/order.ts";
import type { Program } from "../../language/ir/program.ts";
import type { StepResult } from "../../runtime/execute/step.ts";
import { neededResults } from "../../runtime/test/results.ts";
import { loadPrepared } from "../cached-load.ts";
import { EXIT, type ExitCode, type Invocation } from "../command.ts";
import { printFindings, withStore } from "../finding.ts";
import { settings } from "../options.ts";
import { showProgress } from "../progress.ts";
import { type OpenWorkplace, openWorkplace } from "../workplace.ts";

export interface ExportPlace extends OpenWorkplace {
  /** Results of the declaration that was asked for and of all that it refers to, by id. */
  readonly results: ReadonlyMap<string, StepResult>;
}

/**
 * Loads the spec, runs what `wanted` (an id) needs, and hands it to `work`.
 * @param wanted Which declaration; null when there is none such, after it has been said
 */
export async function withResults(
  invocation: Invocation,
  spec: string,
  options: Readonly<Record<string, unknown>>,
  wanted: (program: Program) => string | null,
  work: (place: ExportPlace) => Promise<ExitCode>,
): Promise<ExitCode> {
  const loaded = await loadPrepared(invocation, spec, settings(options));
  if (loaded === null) return EXIT.wrong;
  const id = wanted(loaded.program);
  if (id === null) return EXIT.wrong;
  return withStore(invocation, async () => {
    const place = await openWorkplace(loaded);
    const progress = showProgress(invocation.terminal);
    try {
      const refs = new Map(
        loaded.program.declarations.map((declaration) => [declaration.id, declaration.refs]),
      );
      const needed = reached([id], (one) => refs.get(one) ?? []);
      const { results, failed, exit } = await neededResults(
        { ...place, signal: invocation.signal, onEvent: (event) => progress.onEvent(event) },
        needed,
      );
      progress.stop();
      if (exit !== 0) {
        await printFindings(
          invocation,
          loaded.program,
          failed.flatMap(({ diagnostics }) => diagnostics),
        );
        return exit;
      }
      return await work({ ...place, results });
    } finally {
      progress.stop();
      place.close();
    }
  });
}

/** `mlops why SPEC STEP`: why one step would run or be reused, down to what started it. */
import { type PlannedStep, planProgram } from "../../runtime/plan/plan.ts";
import { loadPrepared } from "../cached-load.ts";
import { type CommandModule, EXIT } from "../command.ts";
import { refuse, withStore } from "../finding.ts";
import { settings, withSettings } from "../options.ts";
import { paint } from "../style.ts";
import { openWorkplace } from "../workplace.ts";

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<spec>", "the .mlops file")
      .argument("<step>", "a declaration's name, or kind.name")
      .addHelpText("after", "\nExample:\n  mlops why loan.mlops scored");
  },
  async run(invocation, [spec = "", wanted = ""], options) {
    const { terminal, json } = invocation;
    const loaded = await loadPrepared(invocation, spec, settings(options));
    if (loaded === null) return EXIT.wrong;
    return withStore(invocation, async () => {
      const place = await openWorkplace(loaded);
      try {
        const { steps } = await planProgram(place);
        const step = steps.find(({ id, name }) => id === wanted || name === wanted);
        if (step === undefined) {
          const known = steps.length === 0 ? "" : ` (it has ${steps.map(({ name }) => name).join(", ")})`;
          refuse(invocation, "ML8012", { name: wanted, known });
          return EXIT.wrong;
        }
        const chain = causes(step, new Map(steps.map((one) => [one.id, one])));
        if (json) {
          const all = chain.map(({ step: { name, kind, action, why } }) => ({ name, kind, action, why }));
          terminal.out(JSON.stringify({ ...all[0], causes: all.slice(1) }, null, 2));
        } else {
          for (const {
            step: { kind, name, action, why },
            depth,
          } of chain) {
            const indent = "  ".repeat(depth);
            terminal.out(`${indent}${kind} ${paint(terminal.color, "strong", name)}: ${action}`);
            for (const line of why) terminal.out(`${indent}  ${line}`);
          }
        }
        return EXIT.done;
      } finally {
        place.close();
      }
    });
  },
};

/** The step, and under it every step above that is not reused, each once. */
function causes(step: PlannedStep, byId: ReadonlyMap<string, PlannedStep>) {
  const chain: { readonly step: PlannedStep; readonly depth: number }[] = [];
  const seen = new Set<string>();
  const visit = (one: PlannedStep, depth: number): void => {
    if (seen.has(one.id)) return;
    seen.add(one.id);
    chain.push({ step: one, depth });
    for (const id of one.after) {
      const above = byId.get(id);
      if (above !== undefined && above.action !== "reuse") visit(above, depth + 1);
    }
  };
  visit(step, 0);
  return chain;
}

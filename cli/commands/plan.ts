/** `mlops plan SPEC`: what a run would do, and exactly why. */
import { availableParallelism } from "node:os";
import { type Action, type Plan, planProgram } from "../../runtime/plan/plan.ts";
import { loadPrepared } from "../cached-load.ts";
import { type CommandModule, EXIT, type Terminal } from "../command.ts";
import { withStore } from "../finding.ts";
import { settings, withSettings } from "../options.ts";
import { paint, type Tone } from "../style.ts";
import { bytes, duration, table } from "../table.ts";
import { openWorkplace } from "../workplace.ts";

const TONES: Readonly<Record<Action, Tone>> = { reuse: "dim", run: "good", blocked: "bad", skip: "warn" };

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("<spec>", "the .mlops file")
      .addHelpText(
        "after",
        "\nExamples:\n  mlops plan loan.mlops\n  mlops plan loan.mlops --set trees=500 --json",
      );
  },
  async run(invocation, [spec = ""], options) {
    const loaded = await loadPrepared(invocation, spec, settings(options));
    if (loaded === null) return EXIT.wrong;
    return withStore(invocation, async () => {
      const place = await openWorkplace(loaded);
      try {
        const plan = await planProgram(place, availableParallelism());
        if (invocation.json) invocation.terminal.out(JSON.stringify(planJson(plan), null, 2));
        else print(invocation.terminal, plan);
      } finally {
        place.close();
      }
      return EXIT.done;
    });
  },
};

function planJson({ steps, seconds, unknown }: Plan) {
  return {
    steps: steps.map(({ name, kind, action, why, seconds: estimate, memory }) => ({
      name,
      kind,
      action,
      why,
      estimate: { seconds: estimate, memory },
    })),
    estimate: { seconds, steps_never_run: unknown },
  };
}

function print(terminal: Terminal, { steps, seconds, unknown }: Plan): void {
  const rows = steps.map(({ name, kind, action, why, seconds: estimate, memory }) => [
    `${kind} ${paint(terminal.color, "strong", name)}`,
    paint(terminal.color, TONES[action], action),
    action === "run" ? estimateText(estimate, memory) : "",
    why.join("\n"),
  ]);
  terminal.out(
    table([{ title: "STEP" }, { title: "ACTION" }, { title: "LAST TIME" }, { title: "WHY" }], rows),
  );
  const counts = (["run", "reuse", "blocked", "skip"] as const)
    .map((action) => [steps.filter((step) => step.action === action).length, action] as const)
    .filter(([count]) => count > 0)
    .map(([count, action]) => `${count} to ${action === "blocked" ? "stay blocked" : action}`);
  const known = seconds > 0 ? `, about ${duration(seconds)}` : "";
  const rest = unknown > 0 ? ` (${unknown} never run before)` : "";
  terminal.out(`\n${counts.join(", ") || "nothing to do"}${known}${rest}`);
}

function estimateText(seconds: number | null, memory: number | null): string {
  if (seconds === null || memory === null) return "-";
  return `${duration(seconds)}, ${bytes(memory)}`;
}

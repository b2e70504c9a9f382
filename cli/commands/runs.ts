/** `mlops runs`, `runs show`, `runs compare`: what was tracked. */
import { type CommandModule, EXIT } from "../command.ts";
import { refuse, withStore } from "../finding.ts";
import { findProject, stateOf } from "../project.ts";
import { compareRuns } from "../runs/compare.ts";
import { listRuns } from "../runs/list.ts";
import { openRuns } from "../runs/open.ts";
import { showRun } from "../runs/show.ts";

export const command: CommandModule = {
  define(command) {
    command
      .argument("[action]", "list, show or compare", "list")
      .argument("[runs...]", "runs: r12, 12, last, last~1; compare takes two or more, or none for all")
      .option(
        "--project <place>",
        "a project folder or a spec in it (the nearest one upwards when not given)",
      )
      .option("--limit <n>", "list: so many of the newest", "20")
      .option("--plots <folder>", "show: write the run's plots there as SVG")
      .option("--sort <metric>", "list, compare: order by a metric, best first (evaluation.metric or metric)")
      .option("--diff", "compare: also say which parameters and attributes differ")
      .addHelpText(
        "after",
        "\nExamples:\n  mlops runs\n  mlops runs show last --plots out\n  mlops runs compare r3 r4 --diff\n  mlops runs compare --sort f1",
      );
  },
  async run(invocation, [action = "list", ...names], options) {
    const place = options["project"] === undefined ? undefined : String(options["project"]);
    const project = findProject(invocation.cwd, place);
    if (project === null) {
      refuse(invocation, "ML8010", { place: place ?? invocation.cwd });
      return EXIT.wrong;
    }
    return withStore(invocation, async () => {
      const open = openRuns(stateOf(project));
      try {
        if (action === "show") return await showRun(invocation, open, names, options);
        if (action === "compare") return await compareRuns(invocation, open, names, options);
        if (action === "list") return listRuns(invocation, open, options);
        refuse(invocation, "ML8011", { option: "runs", expected: "list, show or compare", value: action });
        return EXIT.wrong;
      } finally {
        open.store.close();
      }
    });
  },
};

/** `mlops gc`: removes artifacts that nothing needs any more. */
import { openRegistry } from "../../runtime/registry/registry.ts";
import { collectGarbage, type Garbage, verifyStore } from "../../runtime/store/gc.ts";
import { openStore } from "../../runtime/store/store.ts";
import { type CommandModule, EXIT, type ExitCode } from "../command.ts";
import { refuse, withStore } from "../finding.ts";
import { wholeNumber } from "../options.ts";
import { findProject, stateOf } from "../project.ts";
import { bytes } from "../table.ts";

const DAY = 86_400;
const KEEP = 20;
const DAYS = 30;

export const command: CommandModule = {
  define(command) {
    command
      .argument("[place]", "a project folder or a spec in it (the nearest one upwards when not given)")
      .option("--keep <n>", `runs to keep whatever their age (${KEEP})`)
      .option("--days <n>", `keep what was used within so many days (${DAYS})`)
      .option("--dry-run", "only say what would go")
      .option("--verify", "first read every object and compare it with its digest")
      .addHelpText(
        "after",
        "\nRegistered versions always stay. Safe while runs go on.\n\nExample:\n  mlops gc --keep 5 --days 0 --dry-run",
      );
  },
  async run(invocation, [place], options) {
    const { terminal, json, cwd } = invocation;
    const keep = wholeNumber(invocation, "--keep", options["keep"], 0);
    const days = wholeNumber(invocation, "--days", options["days"], 0);
    if (keep === null || days === null) return EXIT.wrong;
    const project = findProject(cwd, place);
    if (project === null) {
      refuse(invocation, "ML8010", { place: place ?? cwd });
      return EXIT.wrong;
    }
    return withStore(invocation, async (): Promise<ExitCode> => {
      const store = openStore(stateOf(project));
      const registry = openRegistry(store.root);
      try {
        const damaged = options["verify"] === true ? await verifyStore(store) : [];
        const aside = damaged.map(({ digest, origin }) => ({
          digest,
          origin,
          aside: store.setAside(digest),
        }));
        const versions = registry.list().flatMap((model) => model.versions);
        const roots = versions.flatMap(({ files }) => Object.values(files));
        const dryRun = options["dryRun"] === true;
        const garbage = collectGarbage(store, {
          roots,
          keep: keep ?? KEEP,
          within: (days ?? DAYS) * DAY,
          dryRun,
        });
        if (json) terminal.out(JSON.stringify({ ...garbage, dryRun, damaged: aside }, null, 2));
        else {
          for (const { digest, origin } of damaged) refuse(invocation, "ML8001", { digest, origin });
          terminal.out(sentence(garbage, dryRun));
        }
        return damaged.length > 0 ? EXIT.outside : EXIT.done;
      } finally {
        registry.close();
        store.close();
      }
    });
  },
};

function sentence(
  { runs, steps, objects, unfinished, bytes: size, keptObjects, keptBytes }: Garbage,
  dryRun: boolean,
): string {
  const left = unfinished === 0 ? "" : `, ${plural(unfinished, "checkpoint")} of unfinished steps`;
  const verb = dryRun ? "would remove" : "removed";
  const gone = `${plural(runs, "run")}, ${plural(steps, "step result")}, ${plural(objects, "object")}${left} (${bytes(size)})`;
  return `${verb} ${gone}; ${plural(keptObjects, "object")} (${bytes(keptBytes)}) ${dryRun ? "would stay" : "stay"}`;
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** `mlops init`: a new project that checks, is laid out and runs. */
import { readFileSync } from "node:fs";
import { basename, relative, resolve, sep } from "node:path";
import { listed, nearest } from "../../language/check/suggest.ts";
import { StepFailure } from "../../runtime/execute/step.ts";
import { type CommandModule, EXIT, type ExitCode, type Invocation } from "../command.ts";
import { refuse } from "../finding.ts";
import { type ProjectFiles, TEMPLATES, templateFiles } from "../init/templates.ts";
import { inTheWay, writeProject } from "../init/write.ts";
import { table } from "../table.ts";

const SPEC = "pipeline.mlops";

export const command: CommandModule = {
  define(command) {
    command
      .argument(
        "[template]",
        `what to begin with: ${Object.keys(TEMPLATES).join(", ")}; with --from, the folder`,
      )
      .argument("[folder]", "where to write it; the current folder when not given")
      .option("--from <file>", "a table of your own instead of a template: .csv .tsv .json .jsonl .parquet")
      .option("--label <name>", "the column to predict, with --from")
      .addHelpText(
        "after",
        "\nExamples:\n  mlops init\n  mlops init tabular churn\n  mlops init --from loans.csv --label approved",
      );
  },
  async run(invocation, [first, second], options) {
    const { from, label } = options;
    if (typeof from === "string")
      return fromTable(invocation, from, typeof label === "string" ? label : null, first ?? ".");
    if (typeof label === "string") {
      refuse(invocation, "ML8011", {
        option: "--label",
        expected: "together with --from FILE",
        value: label,
      });
      return EXIT.wrong;
    }
    if (first === undefined) return list(invocation);
    if (Object.hasOwn(TEMPLATES, first))
      return write(invocation, first, second ?? ".", templateFiles(first), null);
    return unknown(invocation, first);
  },
};

function list({ terminal, json }: Invocation): ExitCode {
  const templates = Object.entries(TEMPLATES).map(([name, doc]) => ({ name, doc }));
  if (json) terminal.out(JSON.stringify({ templates }, null, 2));
  else {
    terminal.out(
      table(
        [{ title: "template" }, { title: "from" }],
        templates.map(({ name, doc }) => [name, doc]),
      ),
    );
    terminal.out(
      "\nmlops init TEMPLATE FOLDER writes one; mlops init --from FILE begins with a table of your own.",
    );
  }
  return EXIT.done;
}

function unknown(invocation: Invocation, name: string): ExitCode {
  const near = nearest(name, Object.keys(TEMPLATES));
  const known = listed(Object.keys(TEMPLATES));
  refuse(invocation, "ML8060", { name, known, near: near === null ? "" : `; did you mean \`${near}\`?` });
  return EXIT.wrong;
}

function write(
  invocation: Invocation,
  template: string,
  folder: string,
  files: ProjectFiles,
  label: string | null,
): ExitCode {
  const { terminal, json, cwd } = invocation;
  const target = resolve(cwd, folder);
  const there = inTheWay(target, files);
  if (there.length > 0) {
    refuse(invocation, "ML8061", { template, files: listed(there, "and") });
    return EXIT.wrong;
  }
  writeProject(target, files);
  const paths = [...files.keys()];
  if (json) {
    terminal.out(JSON.stringify({ template, folder: target, spec: SPEC, files: paths, label }, null, 2));
    return EXIT.done;
  }
  const shown = relative(cwd, target);
  terminal.out(`wrote ${paths.map((path) => (shown === "" ? path : `${shown}/${path}`)).join(", ")}`);
  terminal.out(
    `\nNext:${shown === "" ? "" : `\n  cd ${shown}`}\n  mlops run ${SPEC}\n  mlops serve ${SPEC} --try`,
  );
  return EXIT.done;
}

async function fromTable(
  invocation: Invocation,
  from: string,
  given: string | null,
  folder: string,
): Promise<ExitCode> {
  const { cwd, signal } = invocation;
  const [{ profileFile }, { chooseLabel }, { proposePipeline }] = await Promise.all([
    import("../../runtime/data/profile.ts"),
    import("../init/label.ts"),
    import("../init/propose.ts"),
  ]);
  const file = resolve(cwd, from);
  const target = resolve(cwd, folder);
  try {
    const profile = await profileFile(file, { signal });
    const label = chooseLabel(profile, from, given);
    if ("code" in label) {
      refuse(invocation, label.code, label.values);
      return EXIT.wrong;
    }
    // A file in the project stays where it is; another is copied, so that the project is whole.
    const within = relative(target, file).split(sep).join("/");
    const inside = !within.startsWith("..");
    const path = inside ? within : `data/${basename(file)}`;
    const ignored = templateFiles("tabular").get(".gitignore")!;
    const spec = proposePipeline(profile, path, label);
    const files: [string, Uint8Array][] = [
      [".gitignore", ignored],
      [SPEC, Buffer.from(spec)],
      ...(inside ? [] : ([[path, readFileSync(file)]] as [string, Uint8Array][])),
    ];
    return write(invocation, `--from ${from}`, folder, new Map(files), label.name);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    refuse(invocation, error.diagnostic.code, error.diagnostic.values, error.diagnostic.details ?? []);
    return EXIT.wrong;
  }
}

/** `mlops types`: TypeScript types of what a spec serves and writes, or of the IR. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Program } from "../../language/ir/program.ts";
import { type CommandModule, EXIT, type ExitCode, type Invocation, type Loaded } from "../command.ts";
import { printFindings, refuse, withStore } from "../finding.ts";
import { settings, withSettings } from "../options.ts";
import type { FaceOf } from "../types/faces.ts";

export const command: CommandModule = {
  define(command) {
    withSettings(command)
      .argument("[spec]", "the .mlops file whose deployments and batches are meant")
      .option("--ir", "types of the IR instead, which every spec becomes")
      .option("--released", "of the versions that are released now, instead of what the spec says")
      .option("--output <file>", "write a file instead of standard output")
      .addHelpText(
        "after",
        "\nFor each deployment: the types of a row, a request and its answers, and a client that uses them." +
          "\n\nExamples:\n  mlops types loan.mlops --output loan.ts\n  mlops types loan.mlops --released\n  mlops types --ir --output mlops-ir.ts",
      );
  },
  async run(invocation, [spec], options) {
    if (options["ir"] === true) return writeIr(invocation, options["output"]);
    if (spec === undefined) {
      const problem = "no spec is named: `mlops types SPEC`, or `mlops types --ir` for the IR";
      refuse(invocation, "ML8059", { what: "types", problem });
      return EXIT.wrong;
    }
    const loaded = await invocation.load(spec, settings(options));
    if (loaded === null) return EXIT.wrong;
    if (options["released"] !== true) return write(invocation, loaded, spec, options["output"]);
    return withStore(invocation, async () => {
      const { openWorkplace } = await import("../workplace.ts");
      const place = await openWorkplace(loaded);
      try {
        const { releasedFace } = await import("../types/released.ts");
        return await write(invocation, loaded, spec, options["output"], releasedFace(place));
      } finally {
        place.close();
      }
    });
  },
};

async function writeIr({ terminal, cwd, json }: Invocation, output: unknown): Promise<ExitCode> {
  const { irJsonSchema } = await import("../../language/ir/json-schema.ts");
  const { vocabulary } = await import("../../stdlib/vocabulary.ts");
  const { irTypes } = await import("../types/typescript.ts");
  const schema = irJsonSchema(vocabulary);
  const typescript = await irTypes(schema);
  put({ terminal, cwd, json }, output, typescript, { schema, typescript });
  return EXIT.done;
}

/** With no `faceOf` of its own, types follow from the spec alone. */
async function write(
  invocation: Invocation,
  { program }: Loaded,
  spec: string,
  output: unknown,
  faceOf: FaceOf = expectedFace(program),
): Promise<ExitCode> {
  const { facesOf, Undeclared } = await import("../types/faces.ts");
  const { StepFailure } = await import("../../runtime/execute/step.ts");
  try {
    const faces = await facesOf(program, faceOf);
    if (faces.length === 0) {
      const problem = `${spec} has no deployment and no batch of rows`;
      refuse(invocation, "ML8059", { what: "types", problem });
      return EXIT.wrong;
    }
    const { deploymentTypes } = await import("../types/typescript.ts");
    const typescript = await deploymentTypes(spec, faces);
    const declarations = faces.map(({ declaration, definitions }) => ({
      declaration: declaration.id,
      definitions,
    }));
    put(invocation, output, typescript, { declarations, typescript });
    return EXIT.done;
  } catch (error) {
    if (error instanceof Undeclared) {
      const { dataset, what } = error;
      const values = { dataset: dataset.name, what: `the ${what.kind} \`${what.name}\`` };
      await told(invocation, program, { code: "ML8058", values, declaration: dataset.id });
      return EXIT.wrong;
    }
    if (!(error instanceof StepFailure)) throw error;
    await told(invocation, program, error.diagnostic);
    return EXIT.wrong;
  }
}

async function told(
  invocation: Invocation,
  program: Program,
  finding: Parameters<typeof printFindings>[2][number],
): Promise<void> {
  if (!invocation.json) return printFindings(invocation, program, [finding]);
  const { reportFinding } = await import("../../language/diagnostics/report.ts");
  invocation.terminal.out(JSON.stringify({ diagnostics: [reportFinding(finding, program)] }));
}

function expectedFace(program: Program): FaceOf {
  return async (user, reference) => {
    const { expectedModel } = await import("../../runtime/serve/expected.ts");
    const { releaseName } = await import("../../runtime/serve/resolve.ts");
    const { Undeclared } = await import("../types/faces.ts");
    const { model, dataset } = expectedModel(program, releaseName(program, reference).declaration);
    if (model === null) throw new Undeclared(dataset, user);
    return model;
  };
}

function put(
  { terminal, cwd, json }: Pick<Invocation, "terminal" | "cwd" | "json">,
  output: unknown,
  text: string,
  document: object,
): void {
  if (typeof output === "string") {
    const path = resolve(cwd, output);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (json) terminal.out(JSON.stringify(document, null, 2));
  else if (typeof output === "string") terminal.out(`${output} written`);
  else terminal.out(text);
}

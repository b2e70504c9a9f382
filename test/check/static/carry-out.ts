/** Carries a spec out as `mlops run` and `mlops serve` do, in this process, and says why it was refused. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entryOf, fill } from "../../../language/diagnostics/catalogue.ts";
import type { Program } from "../../../language/ir/program.ts";
import { executorsOf } from "../../../runtime/execute/executors.ts";
import { type RunOptions, runProgram } from "../../../runtime/execute/run.ts";
import { type RuntimeDiagnostic, StepFailure } from "../../../runtime/execute/step.ts";
import { openRegistry } from "../../../runtime/registry/registry.ts";
import { resolveLanguage, speaksOpenAi } from "../../../runtime/serve/openai/resolve.ts";
import { serveDeployment } from "../../../runtime/serve/resolve.ts";
import { buildServer } from "../../../runtime/serve/server.ts";
import type { ServedDeployment } from "../../../runtime/serve/serving.ts";
import { openStore } from "../../../runtime/store/store.ts";
import { runTests } from "../../../runtime/test/run-tests.ts";
import { vocabulary } from "../../../stdlib/vocabulary.ts";

export interface Refusal {
  readonly code: string;
  readonly declaration: string;
  readonly said: string;
}

export interface Bench {
  /** What a run of the program, and serving what it released, refused; empty when it went well or a gate said no. */
  carryOut(program: Program, files: Readonly<Record<string, string>>): Promise<readonly Refusal[]>;
  close(): void;
}

/** Codes of a no that is no refusal of the spec: an expectation, a gate, a test, a warning. */
const VERDICTS = new Set(["ML4008", "ML6020", "ML6021", "ML6070", "ML6074"]);

const refusalOf = (diagnostic: RuntimeDiagnostic): Refusal => ({
  code: diagnostic.code,
  declaration: diagnostic.declaration ?? "",
  said: [fill(entryOf(diagnostic.code).message, diagnostic.values), ...(diagnostic.details ?? [])].join("\n"),
});

/** One store for many runs, so that what was read and trained before is reused; each run has names of its own. */
export function bench(): Bench {
  // What a step of the spec may read.
  process.env["TOKEN"] = "t";
  const project = mkdtempSync(join(tmpdir(), "mlops-static-"));
  const root = join(project, ".mlops");
  const store = openStore(root);
  let runs = 0;
  return {
    async carryOut(program, files) {
      runs += 1;
      for (const [name, text] of Object.entries(files))
        if (!existsSync(join(project, name))) writeFileSync(join(project, name), text);
      const own = named(program, `${runs}`);
      const registry = openRegistry(root);
      try {
        const options: RunOptions = {
          program: own,
          project,
          store,
          registry,
          executors: await executorsOf(own),
          kinds: vocabulary.kinds,
          threads: 1,
          signal: new AbortController().signal,
        };
        const { steps } = await runProgram(options);
        const refused = steps
          .filter(({ exit }) => exit !== 0)
          .flatMap(({ diagnostics }) => diagnostics.filter(({ code }) => entryOf(code).severity === "error"));
        const found = refused.filter(({ code }) => !VERDICTS.has(code)).map(refusalOf);
        if (found.length > 0 || steps.some(({ exit }) => exit !== 0)) return found;
        return [...(await test(options)), ...(await serve(own, store, registry))];
      } finally {
        registry.close();
      }
    },
    close() {
      store.close();
      rmSync(project, { recursive: true, force: true });
    },
  };
}

async function test(options: RunOptions): Promise<readonly Refusal[]> {
  const tests = options.program.tests ?? [];
  if (tests.length === 0) return [];
  const { results, diagnostics } = await runTests({ ...options, tests, update: false });
  return [...diagnostics, ...results.flatMap((result) => result.diagnostics)]
    .filter(({ code }) => !VERDICTS.has(code))
    .map(refusalOf);
}

/** A registry's names outlive a spec: each run's releases are its own. */
function named(program: Program, run: string): Program {
  const declarations = program.declarations.map((one) =>
    one.external === null ? one : { ...one, external: `${one.external}#${run}` },
  );
  return { ...program, declarations };
}

async function serve(
  program: Program,
  store: ReturnType<typeof openStore>,
  registry: ReturnType<typeof openRegistry>,
): Promise<readonly Refusal[]> {
  const byPort = new Map<string, ServedDeployment[]>();
  try {
    for (const declaration of program.declarations.filter((one) => one.kind === "deployment")) {
      if (speaksOpenAi(declaration)) {
        await resolveLanguage(program, declaration, store, registry);
        continue;
      }
      const served = await serveDeployment(program, declaration, {
        store,
        registry,
        environment: { TOKEN: "t" },
      });
      const { host, port } = declaration.props;
      const address = port === 0 ? declaration.id : `${host}:${port}`;
      byPort.set(address, [...(byPort.get(address) ?? []), served]);
    }
    for (const deployments of byPort.values()) {
      const { app } = await buildServer({ deployments, version: "0", onBug: () => {} });
      await app.ready();
      await app.close();
    }
    return [];
  } catch (error) {
    if (error instanceof StepFailure) return [refusalOf(error.diagnostic)];
    return [{ code: "serve", declaration: "", said: error instanceof Error ? error.message : String(error) }];
  }
}

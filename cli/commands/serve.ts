/** `mlops serve SPEC`: starts the spec's deployments, or tries them out and stops. */
import { reportFinding } from "../../language/diagnostics/report.ts";
import type { Declaration } from "../../language/ir/program.ts";
import packageJson from "../../package.json" with { type: "json" };
import { StepFailure } from "../../runtime/execute/step.ts";
import type { RunningServer } from "../../runtime/serve/server.ts";
import type { ServedDeployment } from "../../runtime/serve/serving.ts";
import type { Deployment } from "../../stdlib/kinds/deployment.ts";
import { type CommandModule, EXIT, type ExitCode, type Invocation, type Loaded } from "../command.ts";
import { printFindings, refuse, withStore } from "../finding.ts";
import { settings, wholeNumber, withSettings } from "../options.ts";
import { stateOf } from "../project.ts";
import { curl, greeting, type Started, tried, tryOut } from "../serving.ts";

export const command: CommandModule = {
  define(sub) {
    withSettings(sub)
      .argument("<spec>", "the .mlops file")
      .option("--deployment <name>", "serve only this deployment")
      .option("--port <number>", "listen here instead of where the spec says; 0 takes a free port")
      .option("--try", "start on a free port, send the example request, show the answer, and stop")
      .addHelpText(
        "after",
        "\nStops on Ctrl-C or SIGTERM: open requests are finished, new ones refused.\n\nExamples:\n  mlops serve loan.mlops\n  mlops serve loan.mlops --try",
      );
  },

  async run(invocation, [spec = ""], options) {
    const port = wholeNumber(invocation, "--port", options["port"], 0);
    if (port === null) return EXIT.wrong;
    const loaded = await invocation.load(spec, settings(options));
    if (loaded === null) return EXIT.wrong;
    const only = typeof options["deployment"] === "string" ? options["deployment"] : null;
    const wanted = { only, port: port ?? null, isTrial: options["try"] === true };
    return withStore(invocation, async () => {
      try {
        return await serve(invocation, loaded, wanted);
      } catch (error) {
        if (!(error instanceof StepFailure)) throw error;
        const { diagnostic } = error;
        if (diagnostic.declaration === "") refuse(invocation, diagnostic.code, diagnostic.values);
        else if (invocation.json)
          invocation.terminal.out(
            JSON.stringify({ diagnostics: [reportFinding(diagnostic, loaded.program)] }),
          );
        else await printFindings(invocation, loaded.program, [diagnostic]);
        return error.exit;
      }
    });
  },
};

interface Wanted {
  readonly only: string | null;
  readonly port: number | null;
  readonly isTrial: boolean;
}

async function serve(invocation: Invocation, loaded: Loaded, wanted: Wanted): Promise<ExitCode> {
  const { terminal, json, signal } = invocation;
  const running = await startAll(invocation, loaded, wanted);
  try {
    const started = running.flatMap(({ server, deployments }) =>
      deployments.map(({ manifest, token }): Started => ({ address: server.address, manifest, token })),
    );
    if (wanted.isTrial) {
      const trials = [];
      for (const one of started) trials.push(await tryOut(one));
      if (json) terminal.out(JSON.stringify({ deployments: trials.map((trial) => trial.document) }));
      else terminal.out(trials.map((trial) => tried(trial)).join("\n\n"));
      return trials.every((trial) => trial.document.status === 200) ? EXIT.done : EXIT.outside;
    }
    if (json) terminal.out(JSON.stringify({ deployments: started.map(documentOf) }));
    else terminal.out(started.map(greeting).join("\n\n"));
    await stopped(signal);
    terminal.err("Stopping: open requests are finished, new ones are refused.");
    return EXIT.done;
  } finally {
    const cut = await Promise.all(running.map(({ server }) => server.close()));
    const lost = cut.reduce((sum, one) => sum + one, 0);
    if (lost > 0) terminal.err(`${lost} requests were cut off after their deployment's drain time.`);
  }
}

function documentOf(started: Started): object {
  const { name, release, version, alias, path } = started.manifest;
  return {
    name,
    release,
    version,
    alias,
    url: `${started.address}${path}`,
    docs: `${started.address}/docs`,
    curl: curl(started),
  };
}

interface Running {
  readonly server: RunningServer;
  readonly deployments: readonly ServedDeployment[];
}

/** One server for each address. Either all are started, or none stays. */
async function startAll(invocation: Invocation, loaded: Loaded, wanted: Wanted): Promise<Running[]> {
  const [{ startServer }, groups] = await Promise.all([
    import("../../runtime/serve/server.ts"),
    byAddress(loaded, wanted),
  ]);
  const running: Running[] = [];
  for (const { host, port, declaration, deployments } of groups) {
    const onBug = (error: Error) => invocation.terminal.err(`mlops: ${error.stack ?? error.message}`);
    try {
      const server = await startServer({ deployments, version: packageJson.version, host, port, onBug });
      running.push({ server, deployments });
    } catch (error) {
      await Promise.all(running.map(({ server }) => server.close(0)));
      const why = error instanceof Error ? error.message : String(error);
      const values = { host, port: String(port), why };
      throw new StepFailure({ code: "ML7005", values, declaration: declaration.id, pointer: "/port" }, 3);
    }
  }
  return running;
}

interface Group {
  readonly host: string;
  readonly port: number;
  readonly declaration: Declaration;
  readonly deployments: ServedDeployment[];
}

async function byAddress({ program, project }: Loaded, { only, port, isTrial }: Wanted): Promise<Group[]> {
  const [{ openStore }, { openRegistry }, { serveDeployment }] = await Promise.all([
    import("../../runtime/store/store.ts"),
    import("../../runtime/registry/registry.ts"),
    import("../../runtime/serve/resolve.ts"),
  ]);
  const store = openStore(stateOf(project));
  using registry = openRegistry(store.root);
  try {
    const groups: Group[] = [];
    for (const declaration of chosen(program.declarations, only)) {
      const served = await serveDeployment(program, declaration, {
        store,
        registry,
        environment: process.env,
      });
      const host = isTrial ? "127.0.0.1" : served.manifest.host;
      const place = isTrial ? 0 : (port ?? served.manifest.port);
      // A free port is a port of its own, unless one was asked for all.
      const shared =
        place === 0 && (isTrial || port === null)
          ? undefined
          : groups.find((one) => one.host === host && one.port === place);
      const twin = shared?.deployments.find(({ manifest }) => manifest.path === served.manifest.path);
      if (twin !== undefined) {
        const values = {
          first: served.manifest.name,
          second: twin.manifest.name,
          path: served.manifest.path,
          port: String(place),
        };
        throw new StepFailure({ code: "ML7004", values, declaration: declaration.id, pointer: "/path" });
      }
      if (shared === undefined) groups.push({ host, port: place, declaration, deployments: [served] });
      else shared.deployments.push(served);
    }
    return groups;
  } finally {
    store.close();
  }
}

/** By the declaration's name or the name outside. */
function chosen(declarations: readonly Declaration[], only: string | null): readonly Declaration[] {
  const all = declarations.filter((one) => one.kind === "deployment");
  if (all.length === 0) throw new StepFailure({ code: "ML7007", values: {}, declaration: "" });
  if (only === null) return all;
  const found = all.filter((one) => one.name === only || (one.props as unknown as Deployment).name === only);
  if (found.length > 0) return found;
  const values = { name: only, known: all.map((one) => one.name).join(", ") };
  throw new StepFailure({ code: "ML7006", values, declaration: "" });
}

async function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

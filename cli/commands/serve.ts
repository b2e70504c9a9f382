/** `mlops serve SPEC`: starts the spec's deployments, or tries them out and stops. */
import { availableParallelism } from "node:os";
import { reportFinding } from "../../language/diagnostics/report.ts";
import type { Declaration } from "../../language/ir/program.ts";
import packageJson from "../../package.json" with { type: "json" };
import { StepFailure } from "../../runtime/execute/step.ts";
import { BASE_PATH } from "../../runtime/serve/openai/manifest.ts";
import type { ServedLanguage } from "../../runtime/serve/openai/serving.ts";
import type { RunningServer } from "../../runtime/serve/server.ts";
import type { ServedDeployment } from "../../runtime/serve/serving.ts";
import type { Deployment } from "../../stdlib/kinds/deployment.ts";
import { type CommandModule, EXIT, type ExitCode, type Invocation, type Loaded } from "../command.ts";
import { printFindings, refuse, withStore } from "../finding.ts";
import { settings, wholeNumber, withSettings } from "../options.ts";
import { stateOf } from "../project.ts";
import {
  curlLanguage,
  greetLanguage,
  type StartedLanguage,
  triedLanguage,
  tryLanguage,
} from "../serve-language.ts";
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
    const languages = running.flatMap(({ server, languages: served }) =>
      served.map(({ manifest, token }): StartedLanguage => ({ address: server.address, manifest, token })),
    );
    if (wanted.isTrial) {
      const trials = [];
      for (const one of started) {
        const trial = await tryOut(one);
        trials.push({ document: trial.document, text: tried(trial) });
      }
      for (const one of languages) {
        const trial = await tryLanguage(one);
        trials.push({ document: trial.document, text: triedLanguage(trial) });
      }
      if (json) terminal.out(JSON.stringify({ deployments: trials.map((trial) => trial.document) }));
      else terminal.out(trials.map((trial) => trial.text).join("\n\n"));
      return trials.every((trial) => trial.document.status === 200) ? EXIT.done : EXIT.outside;
    }
    if (json) {
      const deployments = [...started.map(documentOf), ...languages.map(languageDocument)];
      terminal.out(JSON.stringify({ deployments }));
    } else terminal.out([...started.map(greeting), ...languages.map(greetLanguage)].join("\n\n"));
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

function languageDocument(started: StartedLanguage): object {
  const { name, release, version, alias } = started.manifest;
  return {
    name,
    release,
    version,
    alias,
    url: `${started.address}${BASE_PATH}`,
    docs: `${started.address}/docs`,
    curl: curlLanguage(started),
  };
}

interface Running {
  readonly server: RunningServer;
  readonly deployments: readonly ServedDeployment[];
  readonly languages: readonly ServedLanguage[];
}

/** One server for each address. Either all are started, or none stays. */
async function startAll(invocation: Invocation, loaded: Loaded, wanted: Wanted): Promise<Running[]> {
  const [{ startServer }, groups] = await Promise.all([
    import("../../runtime/serve/server.ts"),
    byAddress(loaded, wanted),
  ]);
  const running: Running[] = [];
  for (const { host, port, declaration, deployments, languages } of groups) {
    const onBug = (error: Error) => invocation.terminal.err(`mlops: ${error.stack ?? error.message}`);
    try {
      const served = { deployments, languages, version: packageJson.version };
      const server = await startServer({ ...served, host, port, onBug });
      running.push({ server, deployments, languages });
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
  readonly languages: ServedLanguage[];
}

async function byAddress({ program, project }: Loaded, { only, port, isTrial }: Wanted): Promise<Group[]> {
  const [{ openStore }, { openRegistry }, { serveDeployment }, { serveLanguage, speaksOpenAi }] =
    await Promise.all([
      import("../../runtime/store/store.ts"),
      import("../../runtime/registry/registry.ts"),
      import("../../runtime/serve/resolve.ts"),
      import("../../runtime/serve/openai/resolve.ts"),
    ]);
  const store = openStore(stateOf(project));
  using registry = openRegistry(store.root);
  const from = { store, registry, environment: process.env, threads: availableParallelism() };
  const groups: Group[] = [];
  /** The group of an address; a free port is a port of its own, unless one was asked for all. */
  const groupOf = (declaration: Declaration, at: { readonly host: string; readonly port: number }): Group => {
    const host = isTrial ? "127.0.0.1" : at.host;
    const place = isTrial ? 0 : (port ?? at.port);
    const shared =
      place === 0 && (isTrial || port === null)
        ? undefined
        : groups.find((one) => one.host === host && one.port === place);
    if (shared !== undefined) return shared;
    const group: Group = { host, port: place, declaration, deployments: [], languages: [] };
    groups.push(group);
    return group;
  };
  const twins = (declaration: Declaration, first: string, second: string, path: string, at: Group): never => {
    const values = { first, second, path, port: String(at.port) };
    throw new StepFailure({ code: "ML7004", values, declaration: declaration.id, pointer: "/path" });
  };
  try {
    for (const declaration of chosen(program.declarations, only)) {
      if (speaksOpenAi(declaration)) {
        const served = await serveLanguage(program, declaration, from);
        const { name } = served.manifest;
        const group = groupOf(declaration, served.manifest);
        if (group.languages.some(({ manifest }) => manifest.name === name))
          twins(declaration, name, name, BASE_PATH, group);
        group.languages.push(served);
        continue;
      }
      const served = await serveDeployment(program, declaration, from);
      const { name, path } = served.manifest;
      const group = groupOf(declaration, served.manifest);
      const twin = group.deployments.find(({ manifest }) => manifest.path === path);
      if (twin !== undefined) twins(declaration, name, twin.manifest.name, path, group);
      group.deployments.push(served);
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

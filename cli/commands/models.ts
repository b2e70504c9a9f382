/** `mlops models`: the registry's models and versions, where aliases point, and everything that happened to them. */
import { userInfo } from "node:os";
import type { LedgerEntry } from "../../runtime/registry/ledger.ts";
import {
  openRegistry,
  type RegisteredModel,
  type Registry,
  RegistryRefusal,
} from "../../runtime/registry/registry.ts";
import { machineError } from "../../runtime/store/errors.ts";
import { type CommandModule, EXIT, type ExitCode, type Invocation } from "../command.ts";
import { refuse, withStore } from "../finding.ts";
import { aliasesOf, historyText, modelsText, versionsText, versionText } from "../models/text.ts";
import { findProject, stateOf } from "../project.ts";

const ACTIONS = ["list", "show", "promote", "rollback", "history"] as const;
type Action = (typeof ACTIONS)[number];

export const command: CommandModule = {
  define(command) {
    command
      .argument("[action]", `${ACTIONS.slice(0, -1).join(", ")} or ${ACTIONS.at(-1)}`, "list")
      .argument("[name]", "a registered name; show also takes NAME@VERSION and NAME@ALIAS")
      .argument("[version]", "promote: the version that the alias is to point at")
      .option("--alias <alias>", "promote, rollback: the alias to move", "champion")
      .option(
        "--project <place>",
        "a project folder or a spec in it (the nearest one upwards when not given)",
      )
      .addHelpText(
        "after",
        "\nExamples:\n  mlops models\n  mlops models show loan-approval@2\n  mlops models promote loan-approval 2\n  mlops models rollback loan-approval\n  mlops models history loan-approval\n",
      );
  },
  async run(invocation, [action = "list", name, version], options) {
    const place = options["project"] === undefined ? undefined : String(options["project"]);
    const project = findProject(invocation.cwd, place);
    if (project === null) {
      refuse(invocation, "ML8010", { place: place ?? invocation.cwd });
      return EXIT.wrong;
    }
    const known = ACTIONS.find((one) => one === action);
    if (known === undefined) {
      refuse(invocation, "ML8011", { option: "models", expected: ACTIONS.join(", "), value: action });
      return EXIT.wrong;
    }
    const root = stateOf(project);
    return withStore(invocation, async () => {
      try {
        using registry = openRegistry(root);
        return act(invocation, registry, known, { name, version, alias: String(options["alias"]) });
      } catch (error) {
        throw machineError(error, root) ?? error;
      }
    });
  },
};

interface Wanted {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly alias: string;
}

function act(invocation: Invocation, registry: Registry, action: Action, wanted: Wanted): ExitCode {
  const tampered = registry.verify();
  if (tampered !== null) {
    refuse(invocation, "ML6033", { entry: String(tampered.entry), problem: tampered.problem });
    return EXIT.outside;
  }
  const { name } = wanted;
  if (name === undefined && action !== "list" && action !== "history") {
    refuse(invocation, "ML8011", {
      option: `models ${action}`,
      expected: "a registered name",
      value: "nothing",
    });
    return EXIT.wrong;
  }
  try {
    switch (action) {
      case "list":
        return list(invocation, name === undefined ? registry.list() : [registry.show(name)]);
      case "show":
        return show(invocation, registry, name!);
      case "history":
        return history(invocation, registry.history(name));
      case "promote":
        return promote(invocation, registry, { ...wanted, name: name! });
      case "rollback": {
        const moved = registry.rollback(name!, wanted.alias, who());
        return said(invocation, { name: name!, alias: wanted.alias, ...moved }, "rolled back to");
      }
    }
  } catch (error) {
    if (!(error instanceof RegistryRefusal)) throw error;
    refuse(invocation, error.code, error.values);
    return EXIT.wrong;
  }
}

const who = () => userInfo().username;

function promote(
  invocation: Invocation,
  registry: Registry,
  wanted: Wanted & { readonly name: string },
): ExitCode {
  const version = Number(wanted.version?.replace(/^v/, ""));
  if (!Number.isInteger(version) || version < 1) {
    refuse(invocation, "ML8011", {
      option: "models promote",
      expected: "a version's number",
      value: wanted.version ?? "nothing",
    });
    return EXIT.wrong;
  }
  const moved = registry.promote(wanted.name, version, wanted.alias, who());
  return said(
    invocation,
    { name: wanted.name, alias: wanted.alias, ...moved },
    moved.moved ? "now points at" : "already points at",
  );
}

interface Moved {
  readonly name: string;
  readonly alias: string;
  readonly version: number;
  readonly previous: number | null;
  readonly moved: boolean;
}

function said({ terminal, json }: Invocation, moved: Moved, verb: string): ExitCode {
  if (json) terminal.out(JSON.stringify(moved));
  else {
    const before =
      moved.previous === null || !moved.moved ? "" : `, before that at version ${moved.previous}`;
    terminal.out(`${moved.alias} of ${moved.name} ${verb} version ${moved.version}${before}`);
  }
  return EXIT.done;
}

function list({ terminal, json }: Invocation, models: readonly RegisteredModel[]): ExitCode {
  terminal.out(json ? JSON.stringify({ models }) : modelsText(models));
  return EXIT.done;
}

function show(invocation: Invocation, registry: Registry, wanted: string): ExitCode {
  const { terminal, json } = invocation;
  const at = wanted.lastIndexOf("@");
  const model = registry.show(at < 0 ? wanted : wanted.slice(0, at));
  if (at < 0) {
    if (json) terminal.out(JSON.stringify(model));
    else terminal.out(versionsText(model, terminal.color));
    return EXIT.done;
  }
  const reference = wanted.slice(at + 1);
  const version = registry.resolve(model.name, /^\d+$/.test(reference) ? Number(reference) : reference);
  if (version === null) {
    const versions = [...model.versions.map((one) => one.version), ...Object.keys(model.aliases)].join(", ");
    throw new RegistryRefusal("ML6031", { name: model.name, version: reference, versions });
  }
  if (json) terminal.out(JSON.stringify({ ...version, aliases: aliasesOf(model, version.version) }));
  else terminal.out(versionText(model, version, terminal.color));
  return EXIT.done;
}

function history({ terminal, json }: Invocation, entries: readonly LedgerEntry[]): ExitCode {
  terminal.out(json ? JSON.stringify({ entries }) : historyText(entries));
  return EXIT.done;
}

/** What command-line options hold. */
import type { Command } from "commander";
import type { Invocation, Settings } from "./command.ts";
import { refuse } from "./finding.ts";

/** Adds `--set name=value`, which may be repeated, and `--environment`; read them with `settings`. */
export function withSettings(command: Command): Command {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  return command
    .option("--set <name=value>", "give a parameter another value; may be repeated", collect, [])
    .option("--environment <name>", "take the values of this environment of the spec");
}

export function settings(options: Readonly<Record<string, unknown>>): Settings {
  const { set, environment } = options;
  return {
    set: Array.isArray(set) ? set.map(String) : [],
    environment: typeof environment === "string" ? environment : null,
  };
}

/** A whole number of at least `least`; undefined when the option was not given; null (and said) when it is none. */
export function wholeNumber(
  invocation: Invocation,
  option: string,
  value: unknown,
  least: number,
): number | null | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  refuse(invocation, "ML8011", { option, expected: `a whole number of at least ${least}`, value: text });
  return null;
}

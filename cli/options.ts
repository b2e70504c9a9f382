/** What command-line options hold. */
import type { Command } from "commander";
import type { Invocation } from "./command.ts";
import { refuse } from "./finding.ts";

/** Adds `--set name=value`, which may be repeated; read it with `settings`. */
export function withSettings(command: Command): Command {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  return command.option("--set <name=value>", "give a parameter another value; may be repeated", collect, []);
}

export function settings(options: Readonly<Record<string, unknown>>): readonly string[] {
  const set = options["set"];
  return Array.isArray(set) ? set.map(String) : [];
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

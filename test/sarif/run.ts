/** Runs a command as the command line does, with what it writes in hand. */
import { Command } from "commander";
import type { CommandModule, Settings } from "../../cli/command.ts";
import { loadSpec } from "../../cli/load.ts";

export async function runCommand(module: CommandModule, cwd: string, args: readonly string[], json = false) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    color: false,
    interactive: false,
    width: 100,
  };
  const program = new Command().exitOverride();
  module.define(program);
  program.parse([...args], { from: "user" });
  const load = async (spec: string, settings?: Settings) => loadSpec({ terminal, json, cwd }, spec, settings);
  const signal = new AbortController().signal;
  const code = await module.run({ terminal, cwd, json, signal, load }, program.args, program.opts());
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** The terminal as commands see it: what may be coloured, how wide it is, and safe writes to closed pipes. */
import type { Terminal } from "./command.ts";

export function openTerminal(json: boolean, colorOption: boolean): Terminal {
  const interactive =
    process.stderr.isTTY === true && process.env["TERM"] !== "dumb" && process.env["CI"] === undefined;
  const color =
    colorOption &&
    !json &&
    process.env["NO_COLOR"] === undefined &&
    (process.stdout.isTTY === true || process.env["FORCE_COLOR"] !== undefined);
  // `mlops runs | head` closes the pipe early; that is no error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const line = (text: string) => (text.endsWith("\n") ? text : `${text}\n`);
  return {
    out: (text) => void process.stdout.write(line(text)),
    err: (text) => void process.stderr.write(line(text)),
    color,
    interactive: interactive && !json,
    width: process.stdout.columns ?? process.stderr.columns ?? 100,
  };
}

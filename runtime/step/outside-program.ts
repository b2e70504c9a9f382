/** Runs a program of somebody else's: no shell, its lines as they come, and nothing of it left behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

export interface OutsideProgram {
  /** The program and its arguments, handed over as they are. */
  readonly command: readonly string[];
  /** Absolute folder that it starts in. */
  readonly folder: string;
  /** All of its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds; null for as long as it takes. */
  readonly timeout: number | null;
  /** Texts that may not be seen in its lines. */
  readonly hidden: readonly string[];
  readonly signal: AbortSignal;
  line(text: string): void;
}

export type Ending =
  | { readonly is: "done" }
  /** `said`: its last line on standard error. */
  | {
      readonly is: "failed";
      readonly code: number | null;
      readonly signal: string | null;
      readonly said: string | null;
    }
  | { readonly is: "late" }
  | { readonly is: "absent"; readonly problem: string };

export interface Ended {
  readonly ending: Ending;
  /** The last lines of both streams. */
  readonly tail: readonly string[];
}

/** How many of the last lines are kept for a failure's message. */
const TAIL = 20;
/** A line is cut here: programs that print without ends of lines must not fill the memory. */
const LONGEST = 4_000;
/** How long a program may take to stop when asked, before it is made to. Milliseconds; the run itself waits longer. */
const GRACE = 2_000;

/**
 * Ends when the program and everything that it started have ended: what is still running when the program itself
 * ends is stopped.
 * @throws the signal's reason, once everything is stopped
 */
export async function runOutside(program: OutsideProgram): Promise<Ended> {
  const { command, folder, environment, signal } = program;
  signal.throwIfAborted();
  const [file = "", ...args] = command;
  const tail: string[] = [];
  let said: string | null = null;
  let late = false;
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that what it starts can be stopped with it.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const keep = (text: string, isError: boolean) => {
    const line = hide(text, program.hidden);
    if (isError && line.trim() !== "") said = line.trim();
    tail.push(line);
    if (tail.length > TAIL) tail.shift();
    program.line(line);
  };
  const flush = [
    readLines(child.stdout, (line) => keep(line, false)),
    readLines(child.stderr, (line) => keep(line, true)),
  ];
  let forced: NodeJS.Timeout | undefined;
  const stop = () => {
    stopGroup(child, "SIGTERM");
    forced ??= setTimeout(() => stopGroup(child, "SIGKILL"), GRACE);
  };
  const timer =
    program.timeout === null
      ? undefined
      : setTimeout(() => {
          late = true;
          stop();
        }, program.timeout * 1000);
  const leave = () => stopGroup(child, "SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  // A second Ctrl-C ends this process at once.
  process.on("exit", leave);
  child.on("exit", leave);
  try {
    const ending = await new Promise<Ending>((resolve) => {
      child.on("error", (error: NodeJS.ErrnoException) => {
        if (child.pid === undefined) resolve({ is: "absent", problem: whyAbsent(error) });
      });
      child.on("close", (code, ended) => {
        for (const rest of flush) rest();
        resolve(code === 0 ? { is: "done" } : { is: "failed", code, signal: ended, said });
      });
    });
    signal.throwIfAborted();
    return { ending: late ? { is: "late" } : ending, tail };
  } finally {
    clearTimeout(timer);
    clearTimeout(forced);
    signal.removeEventListener("abort", stop);
    process.off("exit", leave);
  }
}

/** Hands over whole lines; what it returns hands over the last one, which has no end. A lone CR ends one too. */
function readLines(stream: NodeJS.ReadableStream, line: (text: string) => void): () => void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const cut = (text: string) => line(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
  stream.on("data", (bytes: Buffer) => {
    const parts = (rest + decoder.write(bytes)).split(/\r?\n|\r(?!$)/);
    rest = parts.pop() ?? "";
    for (const part of parts) cut(part);
    if (rest.length > LONGEST) {
      cut(rest);
      rest = "";
    }
  });
  return () => {
    rest += decoder.end();
    if (rest !== "") cut(rest.replace(/\r$/, ""));
    rest = "";
  };
}

function hide(text: string, hidden: readonly string[]): string {
  return hidden.reduce((shown, secret) => (secret === "" ? shown : shown.replaceAll(secret, "***")), text);
}

function stopGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32")
      spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
    else process.kill(-child.pid, signal);
  } catch (error) {
    // The group has ended by itself.
    if (
      (error as NodeJS.ErrnoException).code !== "ESRCH" &&
      (error as NodeJS.ErrnoException).code !== "EPERM"
    )
      throw error;
  }
}

function whyAbsent({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "it is in no folder of PATH";
  if (code === "EACCES") return "it may not be executed";
  return message;
}

/** Who we are among processes, and whether another still lives. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

export interface Owner {
  /** Unique to this process. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** When the process started, in the kernel's ticks, so that a reused pid is not taken for it; empty where unknown. */
  readonly started: string;
}

/** Fields 3 (state) and 22 (start) of /proc/PID/stat, proc(5); the command name before may hold spaces and brackets. */
function processStat(pid: number): { readonly state: string; readonly started: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", started: fields[19] ?? "" };
  } catch {
    return { state: "", started: "" };
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const self: Owner = {
  id: randomBytes(8).toString("hex"),
  host: hostname(),
  pid: process.pid,
  started: processStat(process.pid).started,
};

export function thisProcess(): Owner {
  return self;
}

/** A process of another host that has not been heard of for this long is taken for dead, in milliseconds. */
const SILENCE = 60_000;

/**
 * Whether the owner still runs. On this host the kernel is asked, so that a process busy in one long computation
 * is not taken for dead; on another, `heartbeat` (milliseconds since 1970) must be recent.
 */
export function ownerLives(owner: Owner, heartbeat: number, now: number): boolean {
  if (owner.host !== self.host) return now - heartbeat < SILENCE;
  if (owner.pid === self.pid) return owner.id === self.id;
  if (!isAlive(owner.pid)) return false;
  const { state, started } = processStat(owner.pid);
  // A killed process whose parent has not yet asked for its status is a zombie: dead, though it has a pid.
  return state !== "Z" && (owner.started === "" || started === owner.started);
}

/** What a run shows while it goes on: live lines on a terminal, plain lines elsewhere. */
import type { RunEvent } from "../runtime/execute/events.ts";
import type { StepStatus } from "../runtime/store/runs.ts";
import type { Terminal } from "./command.ts";
import { paint, type Tone } from "./style.ts";
import { duration } from "./table.ts";

export const STATUS_TONES: Readonly<Record<StepStatus, Tone>> = {
  ran: "good",
  reused: "dim",
  failed: "bad",
  blocked: "bad",
  skipped: "warn",
  interrupted: "warn",
};

export interface Progress {
  onEvent(event: RunEvent): void;
  /** Takes the live lines away. */
  stop(): void;
}

interface Live {
  readonly label: string;
  readonly started: number;
  share: number | null;
  remaining: number | null;
  note: string | null;
}

/** Steps that run now are redrawn this often, in milliseconds. */
const REDRAW = 120;
const BAR = 20;

export function showProgress(terminal: Terminal): Progress {
  return terminal.interactive ? new LiveProgress(terminal) : new PlainProgress(terminal);
}

/** The line that stays when a step has settled. Reused steps are many and quick: only the summary names them. */
function settledLine({ step }: Extract<RunEvent, { type: "settled" }>, color: boolean): string | null {
  if (step.status === "reused" || step.status === "skipped") return null;
  const took = step.status === "blocked" ? "" : ` ${duration(step.seconds)}`;
  const why = step.status === "ran" ? "" : `: ${step.why.join("; ")}`;
  return `${paint(color, STATUS_TONES[step.status], step.status)} ${step.kind} ${step.name}${took}${why}`;
}

class PlainProgress implements Progress {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  onEvent(event: RunEvent): void {
    const line = this.#line(event);
    if (line !== null) this.#terminal.err(line);
  }

  #line(event: RunEvent): string | null {
    switch (event.type) {
      case "step": {
        const estimate = event.estimate === null ? "" : ` (last time ${duration(event.estimate)})`;
        return `running ${event.kind} ${event.name}${estimate}: ${event.why.join("; ")}`;
      }
      case "log":
        return `  ${event.id}: ${event.line}`;
      case "waiting":
        return `  ${event.id}: process ${event.pid} carries it out; waiting for its result`;
      case "settled":
        return settledLine(event, this.#terminal.color);
      default:
        return null;
    }
  }

  stop(): void {}
}

class LiveProgress implements Progress {
  readonly #terminal: Terminal;
  readonly #live = new Map<string, Live>();
  readonly #timer: NodeJS.Timeout;
  #drawn = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#timer = setInterval(() => this.#draw(), REDRAW).unref();
  }

  onEvent(event: RunEvent): void {
    if (event.type === "step") {
      const label = `${event.kind} ${event.name}`;
      this.#live.set(event.id, {
        label,
        started: Date.now(),
        share: null,
        remaining: event.estimate,
        note: null,
      });
    } else if (event.type === "progress") {
      const live = this.#live.get(event.id);
      if (live !== undefined)
        Object.assign(live, { share: event.share, remaining: event.remaining, note: event.note });
    } else if (event.type === "waiting") {
      const live = this.#live.get(event.id);
      if (live !== undefined) live.note = `waiting for process ${event.pid}`;
    } else if (event.type === "log") {
      this.#say(`  ${event.id}: ${event.line}`);
    } else if (event.type === "settled") {
      this.#live.delete(event.step.declaration);
      const line = settledLine(event, this.#terminal.color);
      if (line !== null) this.#say(line);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #say(line: string): void {
    this.#clear();
    this.#terminal.err(line);
    this.#draw();
  }

  #clear(): void {
    // Up over what was drawn, and erase to the end of the screen (ECMA-48 CPL and ED).
    if (this.#drawn > 0) process.stderr.write(`\u001b[${this.#drawn}F\u001b[0J`);
    this.#drawn = 0;
  }

  #draw(): void {
    this.#clear();
    const lines = [...this.#live.values()].map((live) =>
      this.#liveLine(live).slice(0, this.#terminal.width - 1),
    );
    if (lines.length > 0) process.stderr.write(`${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }

  #liveLine({ label, started, share, remaining, note }: Live): string {
    const elapsed = duration((Date.now() - started) / 1000);
    const filled = share === null ? 0 : Math.round(share * BAR);
    const bar =
      share === null
        ? " ".repeat(BAR + 5)
        : `${"█".repeat(filled)}${"░".repeat(BAR - filled)} ${String(Math.round(share * 100)).padStart(3)}%`;
    const left = remaining === null ? "" : `, about ${duration(remaining)} left`;
    return `${label}  ${bar}  ${elapsed}${left}${note === null ? "" : `  ${note}`}`;
  }
}

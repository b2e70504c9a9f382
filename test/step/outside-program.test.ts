/** Programs of others: their lines, their ends, and that nothing of them is left. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { type OutsideProgram, runOutside } from "../../runtime/step/outside-program.ts";

const folder = mkdtempSync(join(tmpdir(), "mlops-outside-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines: string[] = [];
function script(text: string, more: Partial<OutsideProgram> = {}): OutsideProgram {
  lines.length = 0;
  return {
    command: [process.execPath, "-e", text],
    folder,
    environment: {},
    timeout: null,
    hidden: [],
    signal: new AbortController().signal,
    line: (line) => void lines.push(line),
    ...more,
  };
}

/** Not one that has ended and waits for its parent to notice, which in a container may be never. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const state = `/proc/${pid}/stat`;
  return !existsSync(state) || !/\) Z /.test(readFileSync(state, "utf8"));
};

/** Starts a child that would live for a minute, writes its id down, and waits itself. */
const PARENT = `const { spawn } = require("node:child_process");
const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setTimeout(() => {}, 60000)"]);
require("node:fs").writeFileSync("child.pid", String(child.pid));
console.log("started");
setTimeout(() => {}, 60000);`;

describe("runOutside", () => {
  it("hands over whole lines of both streams, whatever ends them", async () => {
    const { ending } = await runOutside(
      script(`process.stdout.write("é one\\r\\ntwo\\rthree\\n\\nlast"); process.stderr.write("beside\\n")`),
    );
    expect(ending).toEqual({ is: "done" });
    expect(lines.filter((line) => line !== "beside")).toEqual(["é one", "two", "three", "", "last"]);
    expect(lines).toContain("beside");
  });

  it("tells exit codes, what was said last, and keeps the last lines only", async () => {
    const { ending, tail } = await runOutside(
      script(
        `for (let i = 0; i < 50; i++) console.log(i); console.error("no rows left"); process.exitCode = 7`,
      ),
    );
    expect(ending).toEqual({ is: "failed", code: 7, signal: null, said: "no rows left" });
    expect(tail).toHaveLength(20);
    expect(tail).toContain("49");
  });

  it("gives the program its environment, and hides secrets in its lines", async () => {
    const environment = { TOKEN: "s3cret", PLAIN: "seen" };
    await runOutside(
      script(`console.log(process.env.TOKEN, process.env.PLAIN, process.env.HOME)`, {
        environment,
        hidden: ["s3cret"],
      }),
    );
    expect(lines).toEqual(["*** seen undefined"]);
  });

  it("cuts a line that never ends", async () => {
    await runOutside(script(`process.stdout.write("x".repeat(100000))`));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(4_001);
  });

  it("says that there is no such program, or that it may not run", async () => {
    const missing = await runOutside(script("", { command: ["no-such-program-here"] }));
    expect(missing.ending).toEqual({ is: "absent", problem: "it is in no folder of PATH" });
    const file = join(folder, "plain.txt");
    writeFileSync(file, "text");
    chmodSync(file, 0o600);
    const plain = await runOutside(script("", { command: [file] }));
    expect(plain.ending).toEqual({ is: "absent", problem: "it may not be executed" });
  });

  it("stops all that a late program started, what ignores a polite request too", async () => {
    const { ending } = await runOutside(script(PARENT, { timeout: 0.5 }));
    expect(ending).toEqual({ is: "late" });
    const child = Number(readFileSync(join(folder, "child.pid"), "utf8"));
    await sleep(50);
    expect(isAlive(child)).toBe(false);
  });

  it("stops it when the run is interrupted", async () => {
    const interrupted = new AbortController();
    const running = runOutside(
      script(PARENT, { signal: interrupted.signal, line: () => interrupted.abort() }),
    );
    await expect(running).rejects.toThrow(/abort/i);
    const child = Number(readFileSync(join(folder, "child.pid"), "utf8"));
    await sleep(50);
    expect(isAlive(child)).toBe(false);
  });

  it("leaves nothing running behind a program that has ended", async () => {
    const leaving = `const { spawn } = require("node:child_process");
const late = "setTimeout(() => require('node:fs').writeFileSync('late.txt', ''), 400)";
const child = spawn(process.execPath, ["-e", late], { stdio: "ignore" });
child.unref();`;
    expect((await runOutside(script(leaving))).ending).toEqual({ is: "done" });
    await sleep(700);
    expect(existsSync(join(folder, "late.txt"))).toBe(false);
  });
});

/** A VS Code server of its own, with its own settings and extensions. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../../samples/mlops.ts";

export interface VsCodeServer {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  readonly authority: string;
  /** What it has printed so far. */
  log(): string;
  /** Ends it with everything that it started. */
  stop(): Promise<void>;
}

export interface ServerSettings {
  /** `lib/vscode` */
  readonly home: string;
  /** An empty folder for its data. */
  readonly data: string;
  /** A packaged extension to install before it starts. */
  readonly vsix?: string;
}

/** What everyone who is connected to it has set. */
const SETTINGS = {
  "chat.disableAIFeatures": true,
  "editor.minimap.enabled": false,
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.showReleaseNotes": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

export async function startServer({ home, data, vsix }: ServerSettings): Promise<VsCodeServer> {
  mkdirSync(join(data, "data/Machine"), { recursive: true });
  // The sources as they are, run by the Node that runs these tests: the editor's own environment may have another one.
  const program = join(data, "mlops");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "cli/main.ts")}" "$@"\n`, {
    mode: 0o755,
  });
  const settings = { ...SETTINGS, "mlops.path": program };
  writeFileSync(join(data, "data/Machine/settings.json"), JSON.stringify(settings));
  const main = join(home, "out/server-main.js");
  const common = ["--server-data-dir", data, "--accept-server-license-terms", "--disable-telemetry"];
  if (vsix !== undefined) {
    const installed = spawnSync(process.execPath, [main, ...common, "--install-extension", vsix, "--force"], {
      encoding: "utf8",
    });
    if (installed.status !== 0)
      throw new Error(`the .vsix was not installed:\n${installed.stdout}\n${installed.stderr}`);
  }
  const port = await freePort();
  const args = ["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"];
  const child = spawn(
    process.execPath,
    [main, ...common, ...args, "--disable-workspace-trust", "--enable-smoke-test-driver"],
    { detached: true, stdio: ["ignore", "pipe", "pipe"] },
  );
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => {
      printed += bytes;
    });
  const authority = `127.0.0.1:${port}`;
  const server: VsCodeServer = {
    address: `http://${authority}`,
    authority,
    log: () => printed,
    stop: () => endGroup(child),
  };
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the VS Code server ended:\n${printed}`);
    const answer = await fetch(`${server.address}/version`).catch(() => null);
    if (answer?.ok === true) return server;
    await sleep(250);
  }
  await server.stop();
  throw new Error(`the VS Code server did not answer within a minute:\n${printed}`);
}

/** Terminals and language servers are its children, in its process group or below it. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, name);
    } catch {
      // It is gone already.
    }
  };
  signal("SIGTERM");
  await Promise.race([ended, sleep(3000)]);
  signal("SIGKILL");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

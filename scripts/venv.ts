/** The virtual environment with the Python peers that integration tests and benchmarks compare with. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Path of the environment's Python, or why there is none. Installs what bench/requirements.txt names, once. */
export function ensureVenv(root: string): string | { readonly unavailable: string } {
  const folder = join(root, ".venv");
  const python = join(folder, "bin", "python");
  const requirements = join(root, "bench", "requirements.txt");
  const stamp = join(folder, "installed");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return python;
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["python3", ["-m", "venv", folder]],
    [python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]],
  ];
  for (const [program, args] of steps) {
    const done = spawnSync(program, args, { stdio: ["ignore", "inherit", "pipe"], encoding: "utf8" });
    if (done.error) return { unavailable: `${program} could not be started: ${done.error.message}` };
    if (done.status !== 0)
      return { unavailable: `${program} ${args.join(" ")} failed: ${done.stderr.trim().split("\n").at(-1)}` };
  }
  writeFileSync(stamp, wanted);
  return python;
}

/** Chromium, as the system has it. */
import { spawnSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const found = (): string | null => {
  for (const name of NAMES) {
    const { status, stdout } = spawnSync("which", [name], { encoding: "utf8" });
    if (status === 0) return stdout.trim();
  }
  return null;
};

/** The program, or why there is none. Where root builds on a Debian, as in a container, it is installed. */
export function findChromium(): string | { readonly unavailable: string } {
  const have = found();
  if (have !== null) return have;
  return install("chromium") ?? found() ?? { unavailable: "there is no chromium" };
}

/** Null, or why the package cannot be had. */
export function install(name: string): { readonly unavailable: string } | null {
  if (process.getuid?.() !== 0) return { unavailable: `there is no ${name}, and only root can install it` };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", name]]) {
    const done = spawnSync("apt-get", args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
    if (done.status !== 0)
      return { unavailable: `there is no ${name}, and apt-get ${args.join(" ")} did not bring it` };
  }
  return null;
}

export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });

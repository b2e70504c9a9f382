/** Runs the suite of `host/` in the extension host of a real VS Code and reads what came of it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { EXTENSION } from "../../../scripts/extension.ts";
import { ROOT } from "../../samples/mlops.ts";
import type { VsCodeServer } from "./server.ts";

export interface HostOutcomes {
  readonly outcomes: readonly {
    readonly title: string;
    readonly problem: string | null;
    readonly milliseconds: number;
  }[];
  readonly done: boolean;
}

/** @param only words that the titles of the scenes must have; empty for all */
export async function runInHost(
  browser: Browser,
  server: VsCodeServer,
  { project, work, only = "" }: { readonly project: string; readonly work: string; readonly only?: string },
): Promise<HostOutcomes> {
  const suite = join(work, "suite.cjs");
  await build({
    entryPoints: [join(ROOT, "test/editor/vscode/host/suite.ts")],
    outfile: suite,
    bundle: true,
    format: "cjs",
    platform: "node",
    external: ["vscode"],
    logLevel: "error",
  });
  writeFileSync(join(work, "suite.json"), JSON.stringify({ only }));
  const remote = (path: string) => `vscode-remote://${server.authority}${path}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", remote(EXTENSION)],
    ["extensionTestsPath", remote(suite)],
  ]);
  const page = await browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  // What the workbench calls when it runs tests.
  await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => said.push(String(args)));
  let exited = false;
  await page.exposeFunction("codeAutomationExit", () => {
    exited = true;
  });
  await page.goto(`${server.address}/?folder=${project}&payload=${encodeURIComponent(payload)}`);
  const file = join(work, "outcomes.json");
  const read = (): HostOutcomes | null =>
    existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as HostOutcomes) : null;
  for (let seconds = 0; seconds < 300 && !exited; seconds += 0.5) {
    const outcomes = await Promise.resolve()
      .then(read)
      .catch(() => null);
    if (outcomes?.done === true) break;
    await sleep(500);
  }
  const outcomes = read();
  await page.close();
  if (outcomes === null)
    throw new Error(`the suite did not run:\n${said.slice(-40).join("\n")}\n${server.log()}`);
  return outcomes;
}

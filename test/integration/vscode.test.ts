/** The extension in a real VS Code, in its extension host and in its page. `npm run test:vscode` runs this file alone. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { buildExtension } from "../../scripts/extension.ts";
import { findChromium, openBrowser } from "../editor/vscode/browser.ts";
import { runInHost } from "../editor/vscode/host-run.ts";
import { installVsCode } from "../editor/vscode/install.ts";
import { writeProject } from "../editor/vscode/project.ts";
import { startServer } from "../editor/vscode/server.ts";

const home = installVsCode();
const chromium = typeof home === "string" ? findChromium() : home;
const missing = [home, chromium].find((one) => typeof one === "object");
if (typeof missing === "object") console.log(`VS Code: skipped, ${missing.unavailable}`);

describe.skipIf(missing !== undefined)("VS Code", () => {
  const root = mkdtempSync(join(tmpdir(), "mlops-editor-"));
  let browser: Browser | null = null;
  const browse = async () => {
    browser ??= await openBrowser(String(chromium));
    return browser;
  };
  const folders = (name: string) => {
    const [project, work, data] = ["project", "work", "data"].map((part) => join(root, name, part));
    for (const folder of [project, work, data]) mkdirSync(folder!, { recursive: true });
    writeProject(project!);
    return { project: project!, work: work!, data: data! };
  };
  afterAll(async () => {
    await browser?.close();
    rmSync(root, { recursive: true, force: true });
  });

  it("answers in the extension host", async () => {
    await buildExtension();
    const { project, work, data } = folders("host");
    const server = await startServer({ home: String(home), data });
    try {
      const only = process.env["MLOPS_SCENE"] ?? "";
      const { outcomes, done } = await runInHost(await browse(), server, { project, work, only });
      console.log(
        outcomes
          .map(
            ({ title, problem, milliseconds }) =>
              `${problem === null ? "✓" : "✗"} ${title} ${milliseconds} ms`,
          )
          .join("\n"),
      );
      const failed = outcomes.filter(({ problem }) => problem !== null);
      expect(failed.map(({ title, problem }) => `${title}: ${problem}`)).toEqual([]);
      expect(done).toBe(true);
    } finally {
      await server.stop();
    }
  });
});

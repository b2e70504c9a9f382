/** What colours are given to which words: assertions stand in the specs of `grammar/`, below the words. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../samples/mlops.ts";

it("the grammar names every part of a spec", () => {
  const program = join(ROOT, "node_modules/vscode-tmgrammar-test/dist/unit.js");
  const grammars = [
    "vscode-extension/syntaxes/mlops.tmLanguage.json",
    "test/editor/grammar/sql.tmLanguage.json",
  ];
  const args = [...grammars.flatMap((file) => ["-g", file]), "test/editor/grammar/*.mlops"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect({ status, said: status === 0 ? "" : `${stdout}${stderr}` }).toEqual({ status: 0, said: "" });
});

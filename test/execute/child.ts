/**
 * A run as a process of its own, to be killed, stopped and doubled: `node child.ts PROJECT GENERATION [MS]`. Its
 * twelve steps write files of several kinds; each appends its name to `carried-out.log` when it is carried out.
 * Says `ready` before the run begins, and its statuses as JSON at the end.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runProgram } from "../../runtime/execute/run.ts";
import type { StepResult } from "../../runtime/execute/step.ts";
import { openStore } from "../../runtime/store/store.ts";
import { pipeline } from "./pipeline.ts";
import { executorsOf, kinds, type Work } from "./support.ts";

const [, , project = "", generation = "0", milliseconds = "4"] = process.argv;

const work: Work = async ({ declaration, store, inputs, signal, props }): Promise<StepResult> => {
  const { name } = declaration;
  const above = [...inputs.values()].map(({ outputs }) => outputs["text"]).sort();
  const outputs: Record<string, `sha256:${string}`> = {};
  outputs["text"] = await store.put(`${JSON.stringify(props["salt"])} ${above.join(" ")}`);
  await sleep(Number(milliseconds), undefined, { signal });
  outputs["bytes"] = await store.put(Buffer.alloc(200_000, `${name} ${JSON.stringify(props["salt"])}`));
  const file = store.temporary(".txt");
  writeFileSync(file, `${name}\n`.repeat(5_000));
  outputs["file"] = await store.putFile(file);
  appendFileSync(join(project, "carried-out.log"), `${name}\n`);
  return { outputs, summary: {} };
};

const interrupt = new AbortController();
process.on("SIGINT", () => interrupt.abort());
const store = openStore(join(project, ".mlops"));
process.stdout.write("ready\n");
const { report, exit } = await runProgram({
  program: pipeline(Number(generation)),
  project,
  store,
  registry: { champion: () => null },
  kinds,
  executors: executorsOf(work).executors,
  signal: interrupt.signal,
  parallel: 2,
});
store.close();
process.stdout.write(
  `${JSON.stringify(Object.fromEntries(report.steps.map(({ name, status }) => [name, status])))}\n`,
);
process.exitCode = exit;

/**
 * nanoGPT's CPU recipe on tiny-shakespeare, and a longer training of the same network beside a 5-gram model: losses in
 * nats a character on the last tenth of the text. Needs shared data; takes minutes.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { hasBook, LONGER, shakespeareProject } from "./shakespeare/project.ts";

const mlops = fileURLToPath(new URL("../bin/mlops.js", import.meta.url));

interface Report {
  readonly steps: readonly { readonly name: string; readonly seconds: number }[];
  readonly metrics: { readonly read: { readonly loss: number } };
  readonly gates: { readonly remembers: { readonly rules: readonly { readonly bound: number }[] } };
}

function trained(set: readonly string[]): Report {
  const { spec, remove } = shakespeareProject();
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [mlops, "run", spec, "--json", ...set], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    // 2: the gate said no, as it must of the short training.
    if (status !== 0 && status !== 2) throw new Error(stderr);
    return JSON.parse(stdout) as Report;
  } finally {
    remove();
  }
}

if (!hasBook()) {
  console.log("tiny-shakespeare is not there (shared/data): nothing to train on");
} else {
  for (const [name, set, goal] of [
    ["nanoGPT's CPU recipe", [], 1.88],
    ["longer", LONGER, null],
  ] as const) {
    const report = trained(set);
    const { loss } = report.metrics.read;
    const ngram = report.gates.remembers.rules[0]!.bound;
    const seconds = report.steps.find(({ name: step }) => step === "base")!.seconds;
    const bar = goal ?? ngram;
    const word = goal === null ? "5-gram" : "nanoGPT";
    console.log(
      `${name}: ${loss.toFixed(4)} nats a character in ${seconds.toFixed(0)} s; ${word} ${bar.toFixed(4)}, ratio ${(loss / bar).toFixed(3)}`,
    );
    if (loss > bar) process.exitCode = 1;
  }
}

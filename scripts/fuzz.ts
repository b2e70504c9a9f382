/**
 * `npm run fuzz [-- --samples N --seed S --threads T --only INDEX]`: mutated specs, none of which may crash, hang or
 * take longer than twice a valid file of its size. A failing sample is made small and kept in `.mlops/fuzz/`; once
 * mended it becomes a fixture in test/syntax/fixtures/.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadBases } from "./fuzz/bases.ts";
import { calibrate } from "./fuzz/budget.ts";
import { checkSample, type Failure } from "./fuzz/check.ts";
import { fuzz } from "./fuzz/run.ts";

const { values } = parseArgs({
  options: {
    samples: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: "2" },
    only: { type: "string" },
  },
});
const [seed, samples, threads] = [Number(values.seed), Number(values.samples), Number(values.threads)];
const folder = fileURLToPath(new URL("../.mlops/fuzz/", import.meta.url));

function keep(failure: Failure): void {
  const { index, problem, text, sample } = failure;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${failure.seed}-${index}`);
  writeFileSync(`${file}.mlops`, text);
  writeFileSync(`${file}.whole.mlops`, sample);
  const shown = text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
  console.error(
    `\n--seed ${failure.seed} --only ${index}: ${problem}\n${JSON.stringify(shown)}\nkept: ${file}.mlops`,
  );
}

const start = performance.now();
let failures: readonly Failure[];
if (values.only !== undefined) {
  const bases = loadBases();
  const failure = checkSample(seed, Number(values.only), bases, calibrate(bases.valid));
  failures = failure === null ? [] : [failure];
} else {
  const progress = (done: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done.toLocaleString("en")} samples`);
  };
  failures = await fuzz({ seed, samples, threads, progress });
}
for (const failure of failures) keep(failure);
const seconds = ((performance.now() - start) / 1_000).toFixed(0);
const count = values.only === undefined ? samples.toLocaleString("en") : "1";
console.log(`${count} samples of seed ${seed} in ${seconds} s: ${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;

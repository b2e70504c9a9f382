/**
 * `npm run fuzz [-- --samples N --seed S --threads T --failures F --only INDEX]`: mutated specs, none of which may crash, hang or
 * take longer than twice a valid file of its size. A failing sample is made small and kept in `.mlops/fuzz/`; once
 * mended it becomes a fixture in test/syntax/fixtures/.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadBases } from "./fuzz/bases.ts";
import { Budget } from "./fuzz/budget.ts";
import { Checker, type Failure } from "./fuzz/check.ts";
import { type FuzzResult, fuzz } from "./fuzz/run.ts";

const { values } = parseArgs({
  options: {
    samples: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: "2" },
    failures: { type: "string", default: "20" },
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

function checkOne(index: number): FuzzResult {
  const bases = loadBases();
  const checker = new Checker(seed, bases, new Budget(bases.written, bases.modules));
  const failure = checker.check(index);
  return { failures: failure === null ? [] : [failure], tally: checker.tally };
}

const progress = (done: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done.toLocaleString("en")} samples`);
};

const start = performance.now();
const { failures, tally } =
  values.only === undefined
    ? await fuzz({ seed, samples, threads, enough: Number(values.failures), progress })
    : checkOne(Number(values.only));
for (const failure of failures) keep(failure);
const seconds = ((performance.now() - start) / 1_000).toFixed(0);
const shown = (count: number): string => count.toLocaleString("en");
console.log(`${shown(tally.samples)} samples of seed ${seed} in ${seconds} s: ${failures.length} failures`);
console.log(
  `${shown(tally.roundTrips)} laid out and read again; ${shown(tally.readAgain)} timed again, ${shown(tally.timed)} by processor time`,
);
console.log(
  `the slowest takes ${tally.slowest.ratio.toFixed(2)} times as long as a valid file of its size: --only ${tally.slowest.index}`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

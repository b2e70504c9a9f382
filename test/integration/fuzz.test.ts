/**
 * Mutated specs: a quarter of a million here; the whole million, held to twice the time of a valid file, is
 * `npm run fuzz -- --samples 1000000 --seed 1`, some minutes on two cores.
 */
import { availableParallelism } from "node:os";
import { expect, it } from "vitest";
import { fuzz } from "../../scripts/fuzz/run.ts";

const SAMPLES = Number(process.env["MLOPS_FUZZ_SAMPLES"] ?? 250_000);
const HOUR = 3_600_000;
/** Beside other work a time of twice as long is noise; what grows faster than its text is far beyond this. */
const MOST = 10;

it(
  "none of which crashes, hangs, is laid out in two ways or takes time out of all proportion",
  async () => {
    const threads = Math.min(4, availableParallelism());
    const { failures, tally } = await fuzz({ seed: 1, samples: SAMPLES, threads });
    const wrong = failures.filter(({ ratio }) => ratio === null || ratio > MOST);
    expect(wrong.map(({ index, problem, text }) => `--seed 1 --only ${index}: ${problem}\n${text}`)).toEqual(
      [],
    );
    expect(tally.samples).toBe(SAMPLES);
  },
  HOUR,
);

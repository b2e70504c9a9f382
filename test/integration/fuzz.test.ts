/**
 * Mutated specs, with the time that each may take. A quarter of a million here; the whole million is
 * `npm run fuzz -- --samples 1000000 --seed 1`, which takes about ten minutes on two cores.
 */
import { availableParallelism } from "node:os";
import { expect, it } from "vitest";
import { fuzz } from "../../scripts/fuzz/run.ts";

const SAMPLES = Number(process.env["MLOPS_FUZZ_SAMPLES"] ?? 250_000);
const HOUR = 3_600_000;

it(
  "none of which crashes, hangs or takes longer than twice a valid file of its size",
  async () => {
    const threads = Math.min(4, availableParallelism());
    const { failures, tally } = await fuzz({ seed: 1, samples: SAMPLES, threads });
    expect(
      failures.map(({ index, problem, text }) => `--seed 1 --only ${index}: ${problem}\n${text}`),
    ).toEqual([]);
    expect(tally.samples).toBe(SAMPLES);
  },
  HOUR,
);

/**
 * `mlops check` rejects every spec that `mlops run` rejects for a static reason: many generated specs, each carried
 * out when it is accepted. `MLOPS_STATIC_SPECS` and `MLOPS_STATIC_SEED` ask for more, or for others.
 */
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { bench } from "../check/static/carry-out.ts";
import { assertNoSurprise } from "../check/static/compared.ts";
import { specs } from "../check/static/generate.ts";

const place = bench();
afterAll(() => place.close());

const numRuns = Number(process.env["MLOPS_STATIC_SPECS"] ?? 500);
const seed = Number(process.env["MLOPS_STATIC_SEED"] ?? 42);

it(`check and run agree on ${numRuns} specs`, { timeout: numRuns * 5_000 }, async () => {
  let carriedOut = 0;
  const agrees = fc.asyncProperty(specs, async (spec) => {
    if (await assertNoSurprise(spec, place)) carriedOut += 1;
  });
  await fc.assert(agrees, { seed, numRuns });
  // A generator that makes only rejected specs compares nothing.
  expect(carriedOut).toBeGreaterThan(numRuns / 5);
  console.log(`${carriedOut} of ${numRuns} specs were accepted and carried out`);
});

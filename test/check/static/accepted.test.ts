/** What `mlops check` accepts, a run does not refuse for a reason that stands in the spec; and it accepts what is right. */
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { bench } from "./carry-out.ts";
import { assertNoSurprise, checked } from "./compared.ts";
import { plainSpecs, specs } from "./generate.ts";
import { plainTextSpecs, textSpecs } from "./texts.ts";

const place = bench();
afterAll(() => place.close());

/** More of the same runs with `npm run test:integration`. */
const SECONDS = 15;

describe("specs over the whole vocabulary", () => {
  it("are accepted where nothing is odd about them", async () => {
    const right = fc.asyncProperty(plainSpecs, async (spec) => {
      expect((await checked(spec)).errors).toEqual([]);
    });
    await fc.assert(right, { seed: 20261121, numRuns: 150, endOnFailure: true });
  });

  it("run where they are accepted", async () => {
    const agrees = fc.asyncProperty(specs, async (spec) => void (await assertNoSurprise(spec, place)));
    const limits = { interruptAfterTimeLimit: SECONDS * 1000, endOnFailure: true };
    await fc.assert(agrees, { seed: 7, numRuns: 200, ...limits });
  });
});

describe("specs of language models", () => {
  it("are accepted where nothing is odd about them", async () => {
    const right = fc.asyncProperty(plainTextSpecs, async (spec) => {
      expect((await checked(spec)).errors).toEqual([]);
    });
    await fc.assert(right, { seed: 20261121, numRuns: 100, endOnFailure: true });
  });

  it("run where they are accepted", async () => {
    const agrees = fc.asyncProperty(textSpecs, async (spec) => void (await assertNoSurprise(spec, place)));
    const limits = { interruptAfterTimeLimit: SECONDS * 1000, endOnFailure: true };
    await fc.assert(agrees, { seed: 7, numRuns: 40, ...limits });
  });
});

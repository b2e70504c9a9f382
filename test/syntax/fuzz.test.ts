/**
 * A short fuzz, for some seconds: `npm run fuzz` reads a million samples. Nothing here is timed: other tests run
 * beside it.
 */
import { describe, expect, it } from "vitest";
import { loadBases, specsOfPages, writtenSpecs } from "../../scripts/fuzz/bases.ts";
import { sampleOf } from "../../scripts/fuzz/mutate.ts";
import { verdictOn } from "../../scripts/fuzz/properties.ts";
import { shrink } from "../../scripts/fuzz/shrink.ts";

const SAMPLES = 20_000;
const SECONDS = 15;

describe("mutated specs", () => {
  it("are read, checked and laid out without failing", () => {
    const bases = loadBases();
    const end = performance.now() + SECONDS * 1_000;
    for (let index = 0; index < SAMPLES && performance.now() < end; index += 1) {
      const { problem } = verdictOn(sampleOf(2026, index, bases), bases.modules);
      expect(problem, `npm run fuzz -- --seed 2026 --only ${index}`).toBeNull();
    }
  });

  it("are the same for the same seed", () => {
    const bases = loadBases();
    for (const index of [0, 1, 1_999]) expect(sampleOf(7, index, bases)).toBe(sampleOf(7, index, bases));
    expect(sampleOf(7, 0, bases)).not.toBe(sampleOf(8, 0, bases));
  });
});

describe("every spec that people wrote", () => {
  const written = [...new Set([...writtenSpecs(), ...specsOfPages()])];

  it("is read and printed and read again as the same tree, its comments in place, and its layout is its own", () => {
    expect(written.length).toBeGreaterThan(50);
    const { modules } = loadBases();
    for (const text of written) expect(verdictOn(text, modules).problem, text.slice(0, 200)).toBeNull();
  });
});

describe("a failing sample", () => {
  it("is made as small as it can be", () => {
    expect(shrink("some text with a needle in it", (text) => text.includes("needle"))).toBe("needle");
  });
});

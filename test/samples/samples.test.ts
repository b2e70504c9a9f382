/** Every sample checks, is in the one layout, and runs to the end on data that it has. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digitPictures } from "../../samples/digits/make-data.ts";
import { creditApplications } from "../../samples/german-credit/make-data.ts";
import { book, jsonOf, preferences, questions } from "../../samples/gpt/make-data.ts";
import { loanApplications } from "../../samples/loan/make-data.ts";
import { dates } from "../../samples/translate/make-data.ts";
import { copySample, mlops, PENGUINS, ROOT, run, statuses } from "./mlops.ts";

interface Sample {
  readonly name: string;
  readonly set?: readonly string[];
  readonly imported?: readonly string[];
  readonly releases?: number;
}

const SAMPLES: readonly Sample[] = [
  { name: "penguins", set: ["--set", `data=${PENGUINS}`] },
  { name: "loan" },
  { name: "german-credit" },
  { name: "digits" },
  { name: "gpt" },
  { name: "translate" },
  { name: "music-store" },
  { name: "areas", imported: ["loan"], releases: 4 },
];

describe.each(SAMPLES)("samples/$name", ({ name, set = [], imported = [], releases = 1 }) => {
  it("checks without a finding and is in the one layout", async () => {
    const spec = join(ROOT, "samples", name, `${name}.mlops`);
    const check = await mlops(["check", spec, "--json"]);
    expect(JSON.parse(check.out)).toEqual({ diagnostics: [] });
    expect((await mlops(["fmt", "--check", spec])).status).toBe(0);
  });

  it("runs, releases a version, and is wholly reused the second time", async () => {
    const { spec, remove } = copySample(name, imported);
    try {
      const first = await run(spec, ...set);
      expect(first.status).toBe("passed");
      expect(new Set(Object.values(statuses(first)))).toEqual(new Set(["ran"]));
      expect(new Set(Object.values(first.gates).map((gate) => gate.status))).toEqual(new Set(["passed"]));
      expect(Object.keys(first.releases)).toHaveLength(releases);
      const second = await run(spec, ...set);
      expect(new Set(Object.values(statuses(second)))).toEqual(new Set(["reused"]));
      expect(second.metrics).toEqual(first.metrics);
    } finally {
      remove();
    }
  }, 240_000); // networks are trained beside other tests
});

describe("the samples' data", () => {
  it("are what their seeded generators make", () => {
    expect(readFileSync(join(ROOT, "samples/loan/data/loan-prediction.csv"), "utf8")).toBe(
      loanApplications(),
    );
    expect(readFileSync(join(ROOT, "samples/german-credit/data/german-credit.csv"), "utf8")).toBe(
      creditApplications(),
    );
    expect(readFileSync(join(ROOT, "samples/digits/data/digits.csv"), "utf8")).toBe(digitPictures());
    const gpt = (file: string) => readFileSync(join(ROOT, "samples/gpt/data", file), "utf8");
    expect(gpt("stories.txt")).toBe(book());
    expect(gpt("questions.json")).toBe(jsonOf(questions()));
    expect(gpt("preferences.json")).toBe(jsonOf(preferences()));
    expect(readFileSync(join(ROOT, "samples/translate/data/dates.csv"), "utf8")).toBe(dates());
  });
});

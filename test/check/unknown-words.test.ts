/** A word that is like no known one: the first line names what may be written, where that is a short list. */
import { describe, expect, it } from "vitest";
import { changed, findings } from "./spec.ts";

const messageOf = (from: string, to: string): string =>
  findings(changed(from, to)).find(({ severity }) => severity === "error")?.message ?? "";

describe("an unknown word", () => {
  it("is answered with the nearest known one", () => {
    expect(messageOf("data = applicant.train", "data = applicant.trian")).toContain("did you mean `train`?");
  });

  it("is answered with all known ones where there are few", () => {
    expect(messageOf("data = applicant.train", "data = applicant.holdout")).toMatch(
      /has no part `holdout`; write `train`, `validation` or `test`$/,
    );
    expect(messageOf("gate = ready", "gate = whatever")).toMatch(
      /No gate is called `whatever`; write `ready`$/,
    );
  });

  it("is not answered with a page of them", () => {
    expect(messageOf("amount / income", "amount / xyzzy")).toMatch(/in the dataset `loans`$/);
  });
});

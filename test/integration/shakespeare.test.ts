/** nanoGPT's CPU recipe (https://github.com/karpathy/nanoGPT) on its text, where shared data is there. */
import { describe, expect, it } from "vitest";
import { hasBook, shakespeareProject } from "../../bench/shakespeare/project.ts";
import { mlops, type RunReport } from "../samples/mlops.ts";

describe.skipIf(!hasBook())("tiny-shakespeare", () => {
  it("is learnt to 1.88 nats a character in 2,000 steps", async () => {
    const { spec, remove } = shakespeareProject();
    try {
      const { status, out, err } = await mlops(["run", spec, "--json"]);
      // The gate asks for more than the short training gives: `npm run bench shakespeare` has the longer one.
      expect([0, 2], err).toContain(status);
      const { metrics } = JSON.parse(out) as RunReport;
      expect(metrics["read"]!["loss"]).toBeLessThanOrEqual(1.88);
    } finally {
      remove();
    }
  });
});

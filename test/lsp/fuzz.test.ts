/** A few seconds of what `npm run fuzz:lsp` does for as long as one likes. */
import { expect, it } from "vitest";
import { Session } from "./fuzz/session.ts";

it.each([1, 2, 3])("stands random edits and requests, seed %i", async (seed) => {
  const session = await Session.start(seed);
  try {
    for (let round = 0; round < 8; round += 1) {
      await session.burst();
      await session.compare(1);
    }
  } finally {
    await session.close();
  }
  expect(session.tally.compared).toBeGreaterThan(50);
});

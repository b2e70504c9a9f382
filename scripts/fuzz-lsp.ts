/**
 * `npm run fuzz:lsp [-- --minutes N --seed S]`: sessions of random edits and requests against the language server. None
 * may crash it or stay unanswered, after quiet no answer may differ from a fresh server's, and memory stays flat.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Session } from "../test/lsp/fuzz/session.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, seed: { type: "string", default: "1" } },
});
/** A session ends after so many rounds, so that a failing one can be followed again. */
const ROUNDS = 60;
/** Sessions before memory counts as warm, and how much more may be held at the end, in megabytes. */
const WARM = 5;
const GROWTH = 40;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void; // what the flag puts there
function held(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const tally = { edits: 0, requests: 0, compared: 0 };
let failures = 0;

async function session(seed: number): Promise<void> {
  const one = await Session.start(seed);
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      await one.burst();
      await one.compare(2);
    }
  } catch (error) {
    failures += 1;
    console.error(`\n--seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await one.close().catch(() => {}); // what a broken session has left open was told of above
  }
  for (const name of ["edits", "requests", "compared"] as const) tally[name] += one.tally[name];
}

const end = performance.now() + Number(values.minutes) * 60_000;
const first = Number(values.seed);
let warm = Number.NaN;
let seed = first;
for (; performance.now() < end && failures < 10; seed += 1) {
  await session(seed);
  if (seed - first + 1 === WARM) warm = held();
}
const last = held();
const shown = (count: number): string => count.toLocaleString("en");
console.log(
  `${seed - first} sessions: ${shown(tally.edits)} edits, ${shown(tally.requests)} requests among them, ${shown(tally.compared)} answers compared with a fresh server's: ${failures} failures`,
);
console.log(`held: ${warm.toFixed(0)} MB after ${WARM} sessions, ${last.toFixed(0)} MB at the end`);
if (last > warm + GROWTH) {
  failures += 1;
  console.error("memory grows");
}
process.exitCode = failures === 0 ? 0 : 1;

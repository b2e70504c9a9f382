/**
 * Runs in a process of its own whose NODE_PATH has TensorFlow: prints the losses of the small GPT, and for each case of
 * test/tensor how far its results are from the reference, relative to their size.
 */
import { openGraph } from "../../runtime/engine/graph-engine.ts";
import { interpret } from "../../runtime/graph/reference.ts";
import { CASES, feedsOf, graphOf } from "../tensor/cases.ts";
import { lossesOn } from "./small-gpt.ts";

const worst: Record<string, number> = {};
for (const example of CASES) {
  const graph = graphOf(example);
  const wanted = interpret(graph, feedsOf(example));
  const executable = await openGraph("tensorflow", graph, { threads: 2 });
  const got = await executable.run(feedsOf(example));
  await executable.release();
  worst[example.name] = Math.max(
    ...Object.entries(wanted).map(([name, { data }]) => {
      const scale = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      return data.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - got[name]!.data[at]!) / scale),
        0,
      );
    }),
  );
}
console.log(JSON.stringify({ losses: await lossesOn("tensorflow"), worst }));

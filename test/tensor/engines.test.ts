import { describe, expect, it } from "vitest";
import { detectEngines } from "../../runtime/engine/engines.ts";
import { openGraph } from "../../runtime/engine/graph-engine.ts";
import { interpret } from "../../runtime/graph/reference.ts";
import { CASES, feedsOf, graphOf } from "./cases.ts";

/** TensorFlow is optional; the integration suite brings it. */
const ENGINES = (await detectEngines()).filter(({ works }) => works).map(({ name }) => name);

it("ONNX Runtime computes here, native and in WebAssembly", () => {
  expect(ENGINES).toEqual(expect.arrayContaining(["onnx", "wasm"]));
});

describe.each(ENGINES)("%s computes what the reference does", (engine) => {
  it.each(CASES.map((example) => [example.name, example] as const))("%s", async (_, example) => {
    const graph = graphOf(example);
    const feeds = feedsOf(example);
    const wanted = interpret(graph, feeds);
    const executable = await openGraph(engine, graph, { threads: 1 });
    const got = await executable.run(feeds);
    await executable.release();
    expect(Object.keys(got).toSorted()).toEqual(Object.keys(wanted).toSorted());
    for (const [name, { shape, data }] of Object.entries(wanted)) {
      expect(got[name]!.shape, name).toEqual(shape);
      const scale = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      for (let at = 0; at < data.length; at++) {
        expect(Math.abs(got[name]!.data[at]! - data[at]!) / scale, `${name}[${at}]`).toBeLessThan(3e-6);
      }
    }
  });
});

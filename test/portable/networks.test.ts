/** Networks as they are served, against the tensor graph that is trained. */
import { describe, expect, it } from "vitest";
import { rawOutputs } from "../../runtime/learn/raw.ts";
import type { NetworkLearner } from "../../runtime/portable/form.ts";
import { erf } from "../../runtime/portable/network/erf.ts";
import { compileNetwork } from "../../runtime/portable/network/evaluate.ts";
import { NetworkLayerError, stagesOf } from "../../runtime/portable/network/stages.ts";
import { frameOf, numeric } from "../learn/frames.ts";
import { layer, network } from "./learners.ts";
import { everyKind } from "./models.ts";
import { random } from "./rows.ts";

const learners = [...everyKind(8)].flatMap(([name, { learner }]): [string, NetworkLearner][] =>
  learner.is === "network" ? [[name, learner]] : [],
);

describe.each(learners)("%s", (_, learner) => {
  it("is what the graph computes that was trained", () => {
    const next = random(3);
    const width = Math.max(...learner.order) + 1;
    const rows = Array.from({ length: 7 }, () => Array.from({ length: width }, () => 4000 * (next() - 0.5)));
    const columns = Array.from({ length: width }, (_, j) =>
      numeric(
        `c${j}`,
        rows.map((row) => row[j]!),
      ),
    );
    const expected = rawOutputs(learner, frameOf(rows.length, ...columns));
    const evaluate = compileNetwork(learner);
    const raw = new Float64Array(rows.length * learner.outputs);
    rows.forEach((row, i) => {
      evaluate(Float64Array.from(row), 0, raw, i * learner.outputs);
    });
    raw.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)));
    });
    expect(new Set(raw).size).toBe(raw.length);
  });
});

it("has an error function of double precision", () => {
  // Abramowitz and Stegun, table 7.1, and mpmath.
  const known = [
    [0, 0],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [-0.1, -0.1124629160182849],
    [6, 1],
    [-40, -1],
  ] as const;
  for (const [x, value] of known) expect(Math.abs(erf(x) - value)).toBeLessThan(3e-16);
  expect(erf(Number.NaN)).toBeNaN();
});

it("refuses layers that no row can go through", () => {
  const made = network(1, 4, [layer("dense", { units: 1 })], "identity", 1);
  const refused = (...layers: NetworkLearner["layers"]) => {
    expect(() => stagesOf({ ...made, layers })).toThrow(NetworkLayerError);
    expect(() => stagesOf({ ...made, layers })).toThrow(/reads|missing|larger/);
  };
  refused(layer("attention", { heads: 2 }));
  refused(layer("conv2d", { filters: 2, size: 3 }));
  refused(layer("dense", { units: 1 }), layer("dense", { units: 1 }));
  const image = { channels: 1, height: 2, width: 2 };
  expect(() => stagesOf({ ...made, input: image, layers: [layer("max_pool", { size: 3 })] })).toThrow(
    "a window of 3 is larger than its image of 2 × 2",
  );
  expect(() => stagesOf({ ...made, input: image, layers: [layer("dense", { units: 1 })] })).toThrow(
    "put flatten() or global_pool() before it",
  );
});

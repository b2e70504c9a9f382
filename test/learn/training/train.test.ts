import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LearnFailure } from "../../../runtime/learn/fit.ts";
import { lossPlot } from "../../../runtime/learn/training/loss-plot.ts";
import { noteOf, Speed, sparkline, timeLeft } from "../../../runtime/learn/training/progress.ts";
import { type Schedule, shareAt } from "../../../runtime/learn/training/schedule.ts";
import { train } from "../../../runtime/learn/training/train.ts";
import { Interrupted, type Preparation } from "../../../runtime/learn/training/training.ts";
import { FakeTrainee, floats, hooks, planOf, prepared } from "./fake.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mlops-train-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("schedules", () => {
  const shares = (schedule: Schedule, steps = 11) =>
    Array.from({ length: steps }, (_, i) => shareAt(schedule, i + 1, steps));

  it("stay, fall in a line, fall in half a cosine, after a rise from 0", () => {
    expect(shares({ call: "constant", args: {} }, 3)).toEqual([1, 1, 1]);
    expect(shares({ call: "constant", args: { warmup: 4 } }, 5)).toEqual([0.25, 0.5, 0.75, 1, 1]);
    expect(shares({ call: "linear", args: { floor: 0.5 } }, 3)).toEqual([1, 0.75, 0.5]);
    const cosine = shares({ call: "cosine", args: { warmup: 1, floor: 0.1 } });
    expect(cosine[0]).toBe(1);
    // The middle of the way: halfway between the floor and 1.
    expect(cosine[5]).toBeCloseTo(0.55, 12);
    expect(cosine.at(-1)).toBeCloseTo(0.1, 12);
    expect(cosine.every((share, i) => i === 0 || share < cosine[i - 1]!)).toBe(true);
  });

  it("hold where the steps are fewer than the warm-up, or only one", () => {
    expect(shares({ call: "linear", args: { warmup: 10, floor: 0 } }, 2)).toEqual([0.1, 0.2]);
    expect(shares({ call: "cosine", args: { floor: 0.2 } }, 1)).toEqual([0.2]);
  });
});

describe("what a training says", () => {
  it("is losses, a curve of them, speed and time", () => {
    expect(sparkline([4, 3, 2, 1])).toBe("█▆▃▁");
    expect(sparkline([1, 1])).toBe("▁▁");
    expect(noteOf([2, 1], 1.5, "10 rows/s")).toBe("loss 1.000 █▁, validation 1.500, 10 rows/s");
    expect([timeLeft(9.2), timeLeft(125), timeLeft(7500)]).toEqual(["10s", "2m 5s", "2h 5m"]);
    const speed = new Speed();
    speed.add(600, 0.2);
    expect([speed.said("tokens"), speed.left(5)]).toEqual(["", ""]);
    speed.add(5400, 1.8);
    expect([speed.said("tokens"), speed.left(5)]).toEqual(["3.00k tokens/s", "5s left"]);
  });
});

describe("the picture of a training", () => {
  const history = [
    { step: 5, loss: 2, rate: 0.1 },
    { step: 10, loss: 1, rate: 0.1, validation: 1.5 },
    { step: 15, loss: 0.5, rate: 0.1 },
    { step: 20, loss: 0.25, rate: 0.1, validation: 1.25 },
  ];

  it("has both curves, with what they came to", () => {
    const svg = lossPlot(history, "nats");
    expect(svg.match(/<path class="line [ab]" d="M[\d. ]+(L[\d. ]+)+"/g)).toHaveLength(2);
    expect(svg).toMatch(/training {2}0\.2500[\s\S]*validation {2}1\.250/);
    expect(svg).toContain("Loss (nats)");
    expect(lossPlot(history)).toBe(svg);
  });

  it("has one curve without a validation set", () => {
    const svg = lossPlot(history.map(({ step, loss, rate }) => ({ step, loss, rate })));
    expect(svg.match(/<path class="line/g)).toHaveLength(1);
  });
});

describe("train", () => {
  it("learns, tracks the curves, and says where it is", async () => {
    const heard = hooks();
    const trained = await train(prepared(new FakeTrainee()), planOf({ steps: 200 }), heard);
    expect(trained.steps).toBe(200);
    expect(trained.validation).toBeLessThan(0.05);
    expect(trained.history.at(-1)).toMatchObject({ step: 200, validation: trained.validation });
    expect(trained.history.filter((entry) => entry.validation !== undefined)).toHaveLength(40);
    expect(heard.tracked.get("validation_loss")).toHaveLength(40);
    expect(heard.tracked.get("train_first")).toHaveLength(200);
    expect(heard.lines[0]).toMatch(/^step 5 of 200: loss [\d.e-]+, validation /);
    expect(heard.notes.at(-1)).toMatch(/^loss [\d.e-]+ [▁-█]+, validation /);
  });

  it("gives the trainee the schedule's rates", async () => {
    const trainee = new FakeTrainee();
    await train(
      prepared(trainee),
      planOf({ steps: 6, schedule: { call: "linear", args: { warmup: 2 } } }),
      hooks(),
    );
    expect(trainee.rates.map((rate) => Number(rate.toFixed(6)))).toEqual([0.05, 0.1, 0.075, 0.05, 0.025, 0]);
  });

  it("stops when patience is lost and keeps the best", async () => {
    // Gets better until step 20 and worse after it.
    let step = 0;
    const trainee = new FakeTrainee();
    const seen: number[] = [];
    const evaluate: Preparation["evaluate"] = async () => {
      step += 5;
      seen.push(trainee.weights[0]!);
      return { loss: Math.abs(step - 20) + 1, metrics: {} };
    };
    const trained = await train(prepared(trainee, { evaluate }), planOf({ patience: 2 }), hooks());
    expect(trained).toMatchObject({ steps: 30, kept: 20, validation: 1 });
    expect(trained.stopped).toMatch(/^2 evaluations without a better validation loss than 1.0000 at step 20/);
    expect(trained.parameters.get("weights")!.data[0]).toBe(seen[3]);
    expect(trainee.weights[0]).not.toBe(seen[3]);
  });

  it("goes on to the end without patience and keeps the last", async () => {
    const trainee = new FakeTrainee();
    const evaluate: Preparation["evaluate"] = async () => ({ loss: trainee.rates.length, metrics: {} });
    const trained = await train(prepared(trainee, { evaluate }), planOf(), hooks());
    expect(trained).toMatchObject({ steps: 40, kept: 40, validation: 40, stopped: null });
  });

  it("stops where the recipe says so", async () => {
    const stop = (step: number) => (step === 7 ? "the limit is reached" : null);
    const trained = await train(prepared(new FakeTrainee(), { stop }), planOf(), hooks());
    expect(trained).toMatchObject({ steps: 7, stopped: "the limit is reached" });
  });

  it.each<[string, Partial<Preparation>]>([
    ["loss", { batches: () => [{ x: floats(1), y: floats(Number.NaN) }] }],
    ["loss", { batches: (step) => [{ x: floats(1), y: floats(step < 3 ? 1 : Number.POSITIVE_INFINITY) }] }],
  ])("names the step and the layer where the %s is no number", async (what, more) => {
    const error = await train(prepared(new FakeTrainee(), more), planOf(), hooks()).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(LearnFailure);
    expect(error.finding).toMatchObject({
      code: "ML5230",
      values: { what, layer: ", first in the layer `0.dense`" },
    });
  });
});

describe("a training that was killed", () => {
  const plan = (more = {}) => planOf({ patience: 3, checkpoint: { folder, every: 4 }, ...more });
  /** Noise in the evaluation too, so that the best one is not the last. */
  const preparation = (trainee: FakeTrainee, more: Partial<Preparation> = {}) => {
    let counter = 0;
    return prepared(trainee, {
      memory: {
        save: () => new Map([["counter", floats(counter)]]),
        load: (saved) => {
          counter = saved.get("counter")!.data[0]!;
        },
      },
      batches: (step) => {
        counter += 1;
        const x = (counter % 5) + step / 100;
        return [{ x: floats(x), y: floats(3 * x - 1) }];
      },
      ...more,
    });
  };
  /** As a kill -9 within step `at`: nothing is written any more. */
  const dying = (trainee: FakeTrainee, at: number) => {
    const made = preparation(trainee);
    const batches = (step: number) => {
      if (step === at) throw new Error("killed");
      return made.batches(step);
    };
    return { ...made, batches };
  };

  it.each([1, 3, 4, 5, 6, 17, 33, 40])("in step %i comes to the same, bit for bit", async (at) => {
    const undisturbed = hooks();
    const expected = await train(
      preparation(new FakeTrainee()),
      plan({ checkpoint: null, patience: 20 }),
      undisturbed,
    );
    await expect(train(dying(new FakeTrainee(), at), plan({ patience: 20 }), hooks())).rejects.toThrow(
      "killed",
    );
    const heard = hooks();
    const resumed = await train(preparation(new FakeTrainee()), plan({ patience: 20 }), heard);
    expect(resumed).toEqual(expected);
    expect(heard.lines[0]).toMatch(
      at > 4 ? `goes on from step ${4 * Math.floor((at - 1) / 4)} of 40` : /^step 5/,
    );
    expect(heard.tracked.get("train_loss")).toEqual(undisturbed.tracked.get("train_loss"));
  });

  it("or was interrupted again and again does too", async () => {
    const expected = await train(
      preparation(new FakeTrainee()),
      plan({ checkpoint: null, patience: 20 }),
      hooks(),
    );
    let interruptions = 0;
    for (let after = 3; ; after += 3) {
      const result = await train(preparation(new FakeTrainee()), plan({ patience: 20 }), hooks(after)).catch(
        (error) => error,
      );
      if (!(result instanceof Interrupted)) {
        expect(result).toEqual(expected);
        break;
      }
      interruptions += 1;
    }
    expect(interruptions).toBe(13);
  });

  it("after it had decided to stop decides so again", async () => {
    const stop = (step: number) => (step === 8 ? "enough" : null);
    const run = () => train(preparation(new FakeTrainee(), { stop }), plan(), hooks());
    const first = await run();
    expect(await run()).toEqual(first);
  });

  it("begins anew where the checkpoint is another training's or damaged, and leaves no file beside it", async () => {
    const step = async (identity: string) => {
      const heard = hooks();
      await train(preparation(new FakeTrainee()), plan({ patience: 20 }), heard, identity);
      return heard.lines[0];
    };
    await step("one");
    expect(await step("one")).toMatch("goes on from step 40");
    expect(await step("another")).toMatch("step 5 of 40");
    expect(readdirSync(folder)).toEqual(["checkpoint.safetensors"]);
    const file = join(folder, "checkpoint.safetensors");
    writeFileSync(file, readFileSync(file).subarray(0, 100));
    expect(await step("another")).toMatch("step 5 of 40");
  });
});

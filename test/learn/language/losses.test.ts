/** The losses beside their formulas, written out with plain numbers; a graph's constants are float32. */
import { describe, expect, it } from "vitest";
import { GraphBuilder } from "../../../runtime/graph/builder.ts";
import { sizeOf, type Value } from "../../../runtime/graph/graph.ts";
import { interpret } from "../../../runtime/graph/reference.ts";
import type { LossBuilder } from "../../../runtime/graph/training-step.ts";
import { likelihoodLoss } from "../../../runtime/learn/language/losses/likelihood.ts";
import { softplus } from "../../../runtime/learn/language/losses/parts.ts";
import { policyLoss } from "../../../runtime/learn/language/losses/policy.ts";
import { dpoLoss, rewardLoss } from "../../../runtime/learn/language/losses/preference.ts";
import { random } from "../../../runtime/learn/random.ts";
import type { Network } from "../../../runtime/network/network.ts";

/** A network whose logits and hidden vectors are parameters. */
const network = {
  forward: (_: GraphBuilder, p: ReadonlyMap<string, Value>) => p.get("logits")!,
  hidden: (_: GraphBuilder, p: ReadonlyMap<string, Value>) => p.get("hidden")!,
} as unknown as Network;

const source = random(5);
const numbers = (shape: readonly number[], scale = 1): number[] =>
  Array.from({ length: sizeOf(shape) }, () => (2 * source.next() - 1) * scale);

interface Given {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
const given = (shape: readonly number[], data: readonly number[] = numbers(shape)): Given => ({
  shape,
  data,
});
const whole = new Set(["ids", "targets"]);

function computed(
  loss: LossBuilder,
  parameters: Readonly<Record<string, Given>>,
  batch: Readonly<Record<string, Given>>,
): Record<string, number> {
  const b = new GraphBuilder();
  const inputs = (of: Readonly<Record<string, Given>>) =>
    new Map(
      Object.entries(of).map(([name, { shape }]) => [
        name,
        b.input(name, whole.has(name) ? "int32" : "float32", shape),
      ]),
    );
  const built = loss(b, inputs(parameters), inputs(batch), { training: false });
  b.output("loss", built.loss);
  for (const [name, value] of Object.entries(built.metrics ?? {})) b.output(name, value);
  const outputs = interpret(b.graph(), { ...parameters, ...batch });
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data[0]!]));
}

/** log softmax(logits[row, place])[target] */
function logp(logits: Given, row: number, place: number, target: number): number {
  const [, length = 0, vocabulary = 0] = logits.shape;
  const at = (row * length + place) * vocabulary;
  const own = logits.data.slice(at, at + vocabulary);
  return own[target]! - Math.log(own.reduce((sum, x) => sum + Math.exp(x), 0));
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe("the next token's loss", () => {
  it("is the weighted sum of surprises", () => {
    const logits = given([2, 3, 5]);
    const targets = [4, 0, 2, 1, 1, 3];
    const weights = [0, 0.25, 0.25, 0, 0, 0.5];
    const { loss } = computed(
      likelihoodLoss(network),
      { logits },
      {
        ids: given([2, 3], [0, 0, 0, 0, 0, 0]),
        targets: given([2, 3], targets),
        weights: given([2, 3], weights),
      },
    );
    const expected = targets.reduce(
      (sum, target, i) => sum - weights[i]! * logp(logits, Math.floor(i / 3), i % 3, target),
      0,
    );
    expect(loss).toBeCloseTo(expected, 10);
  });
});

describe("losses of pairs", () => {
  it("DPO is −log σ(β(Δ policy − Δ reference)), on the answers' tokens alone", () => {
    const logits = given([4, 3, 5]);
    const targets = Array.from({ length: 12 }, (_, i) => i % 5);
    const counted = [0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1];
    const reference = numbers([4], 3);
    const pairWeights = [0.5, 0.5];
    const beta = 0.3;
    const { loss, accuracy, margin } = computed(
      dpoLoss(network, beta),
      { logits },
      {
        ids: given([4, 3], targets),
        targets: given([4, 3], targets),
        weights: given([4, 3], counted),
        reference: given([4], reference),
        pair_weights: given([2], pairWeights),
      },
    );
    const answer = (row: number) =>
      [0, 1, 2].reduce(
        (sum, place) => sum + counted[3 * row + place]! * logp(logits, row, place, targets[3 * row + place]!),
        0,
      );
    const margins = [0, 1].map(
      (pair) => beta * (answer(pair) - answer(pair + 2) - (reference[pair]! - reference[pair + 2]!)),
    );
    const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(loss).toBeCloseTo(mean(margins.map((x) => -Math.log(sigmoid(x)))), 7);
    expect(margin).toBeCloseTo(mean(margins), 7);
    expect(accuracy).toBe(mean(margins.map((x) => Number(x > 0))));
  });

  it("a reward model's is −log σ of the difference of its scores at the last tokens", () => {
    const hidden = given([4, 2, 3]);
    const head = numbers([3, 1]);
    const last = [0, 1, 1, 0, 0, 1, 0, 1];
    const { loss } = computed(
      rewardLoss(network),
      { hidden, "reward.weight": given([3, 1], head), "reward.bias": given([1], [0.7]) },
      {
        ids: given([4, 2], new Array<number>(8).fill(0)),
        last: given([4, 2], last),
        pair_weights: given([2], [1, 0]), // the second pair is padding
      },
    );
    const score = (row: number) => {
      const place = last.slice(2 * row, 2 * row + 2).indexOf(1);
      return [0, 1, 2].reduce((sum, k) => sum + hidden.data[(row * 2 + place) * 3 + k]! * head[k]!, 0.7);
    };
    expect(loss).toBeCloseTo(-Math.log(sigmoid(score(0) - score(2))), 10);
  });
});

describe("the policy's loss", () => {
  it("clips the ratio where that lowers the gain, and adds the guesses' squared error", () => {
    const temperature = 0.7;
    const clip = 0.2;
    const logits = given([1, 4, 3]);
    const targets = [2, 0, 1, 1];
    const weights = [0.25, 0.25, 0.25, 0.25];
    const hidden = given([1, 4, 2]);
    const head = numbers([2, 1]);
    const returns = numbers([1, 4], 2);
    const tempered = { ...logits, data: logits.data.map((x) => x / temperature) };
    const now = targets.map((target, place) => logp(tempered, 0, place, target));
    const moved = [0.5, -0.5, 0.5, 0.01];
    const advantages = [1, -1, -1, 1];
    const { loss, value_loss, clipped } = computed(
      policyLoss(network, { clip, temperature }),
      { logits, hidden, "value.weight": given([2, 1], head), "value.bias": given([1], [0.1]) },
      {
        ids: given([1, 4], targets),
        targets: given([1, 4], targets),
        weights: given([1, 4], weights),
        before: given(
          [1, 4],
          now.map((value, i) => value - moved[i]!),
        ),
        advantages: given([1, 4], advantages),
        returns: given([1, 4], returns),
      },
    );
    const gains = moved.map((by, i) => {
      const ratio = Math.exp(by);
      const held = Math.min(Math.max(ratio, 1 - clip), 1 + clip);
      return Math.min(ratio * advantages[i]!, held * advantages[i]!);
    });
    const errors = returns.map((value, place) => {
      const guess = 0.1 + hidden.data[2 * place]! * head[0]! + hidden.data[2 * place + 1]! * head[1]!;
      return (guess - value) ** 2;
    });
    const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(value_loss).toBeCloseTo(mean(errors), 7);
    expect(loss).toBeCloseTo(0.1 * mean(errors) - mean(gains), 7);
    expect(clipped).toBeCloseTo(0.75, 12);
  });
});

describe("softplus", () => {
  it("does not overflow", () => {
    const b = new GraphBuilder();
    b.output("y", softplus(b, b.input("x", "float32", [4])));
    const { data } = interpret(b.graph(), { x: { data: [-800, 0, 3, 800] } })["y"]!;
    expect(data[0]).toBe(0);
    expect(data[1]).toBeCloseTo(Math.log(2), 12);
    expect(data[2]).toBeCloseTo(Math.log(1 + Math.exp(3)), 12);
    expect(data[3]).toBe(800);
  });
});

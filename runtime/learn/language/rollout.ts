/** What a round of answers teaches: rewards less the cost of distance, and how much better than guessed each token was. */
import type { TensorData } from "../../graph/graph.ts";
import type { Feeds } from "../training/training.ts";
import type { Example } from "./examples.ts";
import { layOut } from "./sequences.ts";

/** How much later rewards count (generalised advantage estimation, Schulman et al. 2016), without a discount. */
const LAMBDA = 0.95;

/** Of one answer, by its tokens. */
export interface Judged {
  /** Prompt and answer. */
  readonly example: Example;
  /** The reward model's score of the whole. */
  readonly score: number;
  /** log p of each answered token under the policy that drew it. */
  readonly policy: Float64Array;
  /** The same under the base. */
  readonly base: Float64Array;
  /** The guessed return before each token. */
  readonly guesses: Float64Array;
}

/** Σ log p − log q over an answer's tokens: an unbiased look at the distance from the base, in nats. */
export const distanceOf = ({ policy, base }: Pick<Judged, "policy" | "base">): number =>
  policy.reduce((sum, logp, i) => sum + logp - base[i]!, 0);

export interface Taught {
  readonly advantages: Float64Array;
  readonly returns: Float64Array;
}

/** The score comes with the last token; every token costs `weight` for each nat of distance. */
export function taughtBy({ score, policy, base, guesses }: Omit<Judged, "example">, weight: number): Taught {
  const count = policy.length;
  const advantages = new Float64Array(count);
  const returns = new Float64Array(count);
  let carried = 0;
  for (let t = count - 1; t >= 0; t--) {
    const reward = -weight * (policy[t]! - base[t]!) + (t === count - 1 ? score : 0);
    const next = t === count - 1 ? 0 : guesses[t + 1]!;
    carried = reward + next - guesses[t]! + LAMBDA * carried;
    advantages[t] = carried;
    returns[t] = carried + guesses[t]!;
  }
  return { advantages, returns };
}

/** Feeds of `policyLoss` for a round; advantages have mean 0 and deviation 1 over all of its tokens. */
export function roundFeeds(round: readonly Judged[], length: number, weight: number): Feeds {
  const taught = round.map((one) => taughtBy(one, weight));
  const all = taught.flatMap(({ advantages }) => [...advantages]);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length) + 1e-8;
  const laid = (values: (one: Judged, i: number) => Float64Array): TensorData => {
    const data = new Float32Array(round.length * length);
    // The token at place i is said at place i − 1.
    round.forEach((one, row) => {
      data.set(values(one, row), row * length + one.example.start - 1);
    });
    return { type: "float32", shape: [round.length, length], data };
  };
  return {
    ...layOut(
      round.map(({ example }) => example),
      round.length,
      length,
      1 / all.length,
    ),
    before: laid(({ policy }) => policy),
    advantages: laid((_, i) => taught[i]!.advantages.map((value) => (value - mean) / deviation)),
    returns: laid((_, i) => taught[i]!.returns),
  };
}

/** Feeds of those shapes that teach nothing. */
export function emptyRound(rows: number, length: number): Feeds {
  const none = (): TensorData => ({
    type: "float32",
    shape: [rows, length],
    data: new Float32Array(rows * length),
  });
  return { ...layOut([], rows, length, 0), before: none(), advantages: none(), returns: none() };
}

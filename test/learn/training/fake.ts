/** A model of two weights, y = a·x + b, trained with momentum and a noise that the step's seed decides. */
import type { TensorData } from "../../../runtime/graph/graph.ts";
import { random } from "../../../runtime/learn/random.ts";
import type {
  Feeds,
  Preparation,
  Trainee,
  TrainHooks,
  TrainingPlan,
} from "../../../runtime/learn/training/training.ts";

export const floats = (...data: number[]): TensorData => ({
  type: "float32",
  shape: [data.length],
  data: Float32Array.from(data),
});

export class FakeTrainee implements Trainee {
  weights = new Float32Array(2);
  moments = new Float32Array(2);
  readonly rates: number[] = [];

  async step(batches: readonly Feeds[], { rate, seed }: { rate: number; seed: number }) {
    const source = random(seed);
    this.rates.push(rate);
    let loss = 0;
    const gradient = [0, 0];
    for (const { x, y } of batches) {
      for (let i = 0; i < x!.data.length; i++) {
        const error = this.weights[0]! * x!.data[i]! + this.weights[1]! - y!.data[i]!;
        loss += error ** 2 / x!.data.length / batches.length;
        const noise = 0.9 + 0.2 * source.next();
        gradient[0]! += (2 * error * x!.data[i]! * noise) / x!.data.length / batches.length;
        gradient[1]! += (2 * error * noise) / x!.data.length / batches.length;
      }
    }
    for (let k = 0; k < 2; k++) {
      this.moments[k] = 0.5 * this.moments[k]! + gradient[k]!;
      this.weights[k]! -= rate * this.moments[k]!;
    }
    return { loss, gradientNorm: Math.hypot(...gradient), metrics: { first: this.weights[0]! } };
  }
  state() {
    return new Map([...this.parameters(), ["moments", floats(...this.moments)]]);
  }
  load(state: ReadonlyMap<string, TensorData>) {
    this.weights = Float32Array.from(state.get("weights")!.data);
    this.moments = Float32Array.from(state.get("moments")!.data);
  }
  parameters() {
    return new Map([["weights", floats(...this.weights)]]);
  }
  async suspect(): Promise<string | null> {
    return "0.dense";
  }
  async release() {}
}

/** Three rows of y = 3x − 1 a step, drawn from the step. */
export const prepared = (trainee: FakeTrainee, more: Partial<Preparation> = {}): Preparation => ({
  trainee,
  batches: (step) => {
    const source = random(7, step);
    const x = Array.from({ length: 3 }, () => source.next());
    return [{ x: floats(...x), y: floats(...x.map((value) => 3 * value - 1)) }];
  },
  units: () => 3,
  unit: "rows",
  evaluate: async () => {
    const [a, b] = trainee.weights;
    return { loss: (a! - 3) ** 2 + (b! + 1) ** 2, metrics: { slope: a! } };
  },
  ...more,
});

export const planOf = (more: Partial<TrainingPlan> = {}): TrainingPlan => ({
  steps: 40,
  rate: 0.1,
  schedule: { call: "cosine", args: { warmup: 4, floor: 0.1 } },
  seed: 3,
  evaluateEvery: 5,
  patience: null,
  checkpoint: null,
  ...more,
});

export interface Heard extends TrainHooks {
  readonly tracked: Map<string, [number, number][]>;
  readonly lines: string[];
  readonly notes: string[];
}

/** @param abortAt the step after which the run is stopped */
export function hooks(abortAt = Number.POSITIVE_INFINITY): Heard {
  let done = 0;
  const tracked = new Map<string, [number, number][]>();
  const lines: string[] = [];
  const notes: string[] = [];
  return {
    tracked,
    lines,
    notes,
    aborted: () => done >= abortAt,
    progress: (step, _, note) => {
      done = step;
      notes.push(note);
    },
    track: (metric, value, at) => void tracked.set(metric, [...(tracked.get(metric) ?? []), [at, value]]),
    log: (line) => void lines.push(line),
  };
}

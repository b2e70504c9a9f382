/** Networks computed row by row in plain typed arrays, in double. */
import type { NetworkLearner } from "../form.ts";
import { activationOf } from "./activations.ts";
import { type Matrix, type Stage, stagesOf } from "./stages.ts";

/** Takes the numbers of one row and gives those of the next stage; each writes to a buffer of its own. */
type Compute = (x: Float64Array) => Float64Array;

/**
 * Compiles a network for rows of features laid side by side. Not to be shared between threads: its buffers are its own.
 * A row with a missing number has no answer: NaN.
 */
export function compileNetwork(
  learner: NetworkLearner,
): (x: Float64Array, from: number, raw: Float64Array, at: number) => void {
  const { order, offset, factor, outOffset, outFactor, outputs } = learner;
  const compute = sequence(stagesOf(learner).stages);
  const z = new Float64Array(order.length);
  return (x, from, raw, at) => {
    let missing = false;
    for (let j = 0; j < z.length; j++) {
      const value = x[from + order[j]!]!;
      if (Number.isNaN(value)) missing = true;
      z[j] = (value - offset[j]!) / factor[j]!;
    }
    if (missing) {
      raw.fill(Number.NaN, at, at + outputs);
      return;
    }
    const y = compute(z);
    for (let k = 0; k < outputs; k++) raw[at + k] = y[k]! * outFactor[k]! + outOffset[k]!;
  };
}

function sequence(stages: readonly Stage[]): Compute {
  const computes = stages.map(computeOf);
  return (x) => {
    let value = x;
    for (const compute of computes) value = compute(value);
    return value;
  };
}

function computeOf(stage: Stage): Compute {
  switch (stage.is) {
    case "dense":
      return dense(stage.matrix);
    case "gated": {
      const [gate, up, down] = [dense(stage.gate), dense(stage.up), dense(stage.down)];
      const through = activationOf(stage.activation, stage.gate.to);
      return (x) => {
        const opened = gate(x);
        through(opened);
        const other = up(x);
        for (let i = 0; i < opened.length; i++) opened[i]! *= other[i]!;
        return down(opened);
      };
    }
    case "activation": {
      const through = activationOf(stage.name, stage.axis);
      // The stage before may be the input itself, or what a residual adds.
      const y = new Float64Array(stage.size);
      return (x) => {
        y.set(x);
        through(y);
        return y;
      };
    }
    case "norm":
      return norm(stage);
    case "residual": {
      const body = sequence(stage.stages);
      const y = new Float64Array(stage.size);
      return (x) => {
        y.set(x);
        const more = body(x);
        for (let i = 0; i < y.length; i++) y[i]! += more[i]!;
        return y;
      };
    }
    case "conv2d":
      return convolution(stage);
    case "pool":
      return pool(stage);
    case "scale": {
      const y = new Float64Array(stage.size);
      return (x) => {
        for (let i = 0; i < y.length; i++) y[i] = x[i]! * stage.by;
        return y;
      };
    }
  }
}

/** Rows of the matrix whose number is 0 are passed over: after relu, and in sparse features, these are many. */
function dense({ from, to, weight, bias }: Matrix): Compute {
  const y = new Float64Array(to);
  return (x) => {
    if (bias === null) y.fill(0);
    else y.set(bias);
    for (let i = 0; i < from; i++) {
      const value = x[i]!;
      if (value === 0) continue;
      const row = i * to;
      for (let k = 0; k < to; k++) y[k]! += value * weight[row + k]!;
    }
    return y;
  };
}

function norm({ centred, size, gain, bias, epsilon }: Extract<Stage, { is: "norm" }>): Compute {
  const y = new Float64Array(size);
  return (x) => {
    let mean = 0;
    if (centred) {
      for (let i = 0; i < size; i++) mean += x[i]!;
      mean /= size;
    }
    let squares = 0;
    for (let i = 0; i < size; i++) squares += (x[i]! - mean) ** 2;
    const deviation = Math.sqrt(squares / size + epsilon);
    for (let i = 0; i < size; i++) y[i] = ((x[i]! - mean) / deviation) * gain[i]! + (bias?.[i] ?? 0);
    return y;
  };
}

function convolution(stage: Extract<Stage, { is: "conv2d" }>): Compute {
  const { from, filters, windows, weight, bias } = stage;
  const { places, seen } = windows;
  const plane = from.height * from.width;
  const window = seen.length / places;
  const y = new Float64Array(filters * places);
  const patch = new Float64Array(from.channels * window);
  return (x) => {
    for (let place = 0; place < places; place++) {
      let at = 0;
      for (let channel = 0; channel < from.channels; channel++) {
        for (let i = 0; i < window; i++) {
          const index = seen[place * window + i]!;
          patch[at++] = index < 0 ? 0 : x[channel * plane + index]!;
        }
      }
      for (let filter = 0; filter < filters; filter++) {
        let sum = bias?.[filter] ?? 0;
        const first = filter * patch.length;
        for (let i = 0; i < patch.length; i++) sum += patch[i]! * weight[first + i]!;
        y[filter * places + place] = sum;
      }
    }
    return y;
  };
}

function pool({ by, channels, plane, windows }: Extract<Stage, { is: "pool" }>): Compute {
  const { places, seen } = windows;
  const window = seen.length / places;
  const y = new Float64Array(channels * places);
  return (x) => {
    for (let channel = 0; channel < channels; channel++) {
      const first = channel * plane;
      for (let place = 0; place < places; place++) {
        let result = by === "max" ? Number.NEGATIVE_INFINITY : 0;
        for (let i = 0; i < window; i++) {
          const value = x[first + seen[place * window + i]!]!;
          if (by === "average") result += value;
          else if (value > result) result = value;
        }
        y[channel * places + place] = by === "max" ? result : result / window;
      }
    }
    return y;
  };
}

/** What every model that is trained by gradient steps says of its training. */
import * as v from "../../language/vocabulary/types.ts";

const rate = (value: number) => v.number("Learning rate: the size of a step.", { min: 0 }).default(value);
const decay = v.number("Weight decay, apart from the gradient (matrices only).", { min: 0 });

const adamw = v.form("AdamW (Loshchilov & Hutter 2019).", {
  lr: rate(1e-3),
  beta1: v.ratio("Memory of the mean gradient.").default(0.9),
  beta2: v.ratio("Memory of the squared gradient.").default(0.95),
  epsilon: v.number("Added to the root of the squared gradient.", { min: 0 }).default(1e-8),
  weight_decay: decay.default(0.01),
});
const sgd = v.form("Stochastic gradient descent.", {
  lr: rate(0.1),
  momentum: v.ratio("Share of the last step that is kept.").default(0),
  weight_decay: decay.default(0),
});

const warmup = v.int("Steps in which the rate rises from 0.", { min: 0 }).default(0);
const floor = v.ratio("Share of the rate that is left at the end.").default(0.1);

export const optimizer = (lr: number) =>
  v.call({ adamw, sgd }, "How a gradient becomes a step.").default({
    call: "adamw",
    args: { lr, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weight_decay: 0.01 },
  });

export const schedule = v
  .call(
    {
      constant: v.form("The same rate all along, after the warm-up.", { warmup }),
      cosine: v.form("Half a cosine down to the floor (Loshchilov & Hutter 2017).", { warmup, floor }),
      linear: v.form("A straight line down to the floor.", { warmup, floor }),
    },
    "How the rate changes with the steps.",
  )
  .default({ call: "cosine", args: { warmup: 0, floor: 0.1 } });

/** Part of what is asked for: engines add numbers in different orders. */
export const engine = v
  .choice(
    {
      auto: "ONNX Runtime, native where that loads, else as WebAssembly; the log says which and why.",
      onnx: "ONNX Runtime as native code (`onnxruntime-node`).",
      wasm: "ONNX Runtime as WebAssembly (`onnxruntime-web`).",
      tensorflow: "TensorFlow (`@tensorflow/tfjs-node`, which is optional), operation by operation.",
    },
    "What computes the training; `mlops doctor` says what loads here.",
  )
  .default("auto");

export const seed = v.int("Decides everything random; the same seed gives the same bytes.").default(0);

/** Attributes of training by steps; `steps` and `lr` are the defaults. */
export const training = (steps: number, lr: number) => ({
  steps: v.int("Optimizer steps.", { min: 1 }).default(steps),
  batch: v.int("Examples in each step.", { min: 1 }).default(16),
  accumulate: v.int("Batches whose gradients are added up to one step.", { min: 1 }).default(1),
  optimizer: optimizer(lr),
  schedule,
  clip: v.number("The gradient's length at most (global norm).", { min: 0 }).default(1),
  evaluate_every: v.int("Steps between looks at the `validate` part.", { min: 1 }).default(100),
  patience: v
    .int("Stop after so many looks without a better validation loss; the best weights are kept.", { min: 1 })
    .optional(),
  checkpoint_every: v
    .int("Steps between checkpoints, from which a stopped run goes on.", { min: 1 })
    .default(500),
  engine,
  seed,
});

/** Trained parameters side by side in one memory, with their gradients and what the optimizer remembers of them. */
import { type Shape, sizeOf, type TensorData } from "../graph.ts";
import { MOMENTS, type OptimizerSpec } from "../optimizer.ts";
import { type Memory, type OptimizerKernel, openMemory } from "./kernel.ts";

export interface BlockParameter {
  readonly name: string;
  readonly shape: Shape;
  readonly decay: boolean;
}

/** Bytes to which every tensor is aligned: a cache line. */
const LINE = 64;

export interface Update {
  readonly rate: number;
  /** What gradients are multiplied by first: clipping, and the mean over accumulated batches. */
  readonly scale: number;
  /** Updates done, this one included. */
  readonly step: number;
}

/** Regions of a block: parameters, gradients, moments…, and where further batches leave their gradients. */
export class ParameterBlock {
  readonly parameters: readonly BlockParameter[];
  readonly #spec: OptimizerSpec;
  readonly #memory: Memory;
  readonly #kernel: OptimizerKernel;
  readonly #places = new Map<string, number>();
  /** Bytes of a region, and of its front part, whose parameters decay. */
  readonly #region: number;
  readonly #decaying: number;
  readonly #spare: boolean;

  /** @param accumulate whether gradients of several batches are added up */
  constructor(parameters: readonly BlockParameter[], spec: OptimizerSpec, accumulate: boolean) {
    this.parameters = [
      ...parameters.filter(({ decay }) => decay),
      ...parameters.filter(({ decay }) => !decay),
    ];
    this.#spec = spec;
    let at = 0;
    let decaying = 0;
    for (const { name, shape, decay } of this.parameters) {
      this.#places.set(name, at);
      at += Math.ceil((4 * sizeOf(shape)) / LINE) * LINE;
      if (decay) decaying = at;
    }
    this.#region = at;
    this.#decaying = decaying;
    this.#spare = accumulate;
    const regions = 2 + MOMENTS[spec.is].length + (accumulate ? 1 : 0);
    const { memory, kernel } = openMemory(regions * at);
    this.#memory = memory;
    this.#kernel = kernel;
  }

  /** What memory holds of each parameter: 0 its value, 1 its gradient, 2… the moments. Views, not copies. */
  view(region: number): Map<string, TensorData> {
    return new Map(
      this.parameters.map(({ name, shape }) => {
        const place = region * this.#region + this.#places.get(name)!;
        const data = new Float32Array(this.#memory.buffer, place, sizeOf(shape));
        return [name, { type: "float32", shape, data }];
      }),
    );
  }

  /** The region in which a further batch's gradients are put before `accumulate`. */
  get spare(): number {
    if (!this.#spare) throw new Error("this block holds the gradients of one batch");
    return 2 + MOMENTS[this.#spec.is].length;
  }

  /** Adds the spare gradients to the gradients. */
  accumulate(): void {
    if (this.#region === 0) return;
    const start = this.#region;
    this.#kernel.accumulate(start, this.spare * this.#region, 2 * start);
  }

  /** Of all gradients. */
  sumSquares(): number {
    return this.#region === 0 ? 0 : this.#kernel.sumSquares(this.#region, 2 * this.#region);
  }

  update(update: Update): void {
    this.#part(0, this.#decaying, this.#spec.weightDecay, update);
    this.#part(this.#decaying, this.#region, 0, update);
  }

  #part(from: number, end: number, decay: number, { rate, scale, step }: Update): void {
    if (from === end) return;
    const spec = this.#spec;
    const [p, g, m, v] = [0, 1, 2, 3].map((region) => region * this.#region + from) as [
      number,
      number,
      number,
      number,
    ];
    if (spec.is === "sgd") {
      this.#kernel.sgd(p, g, m, end, scale, spec.momentum, rate, decay);
      return;
    }
    const { beta1, beta2, epsilon } = spec;
    const pace = rate / (1 - beta1 ** step);
    const root = 1 / Math.sqrt(1 - beta2 ** step);
    this.#kernel.adamw(
      p,
      g,
      m,
      v,
      end,
      scale,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      pace,
      root,
      epsilon,
      1 - rate * decay,
    );
  }
}

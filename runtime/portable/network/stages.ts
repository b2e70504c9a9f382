/** A network's layers worked out: every size a number, every parameter at its place. What both forms are made from. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { NetworkInput, NetworkLearner } from "../form.ts";

export type Activation = "none" | "gelu" | "gelu_tanh" | "relu" | "silu" | "tanh" | "sigmoid" | "softmax";

export interface Image {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** [from, to] row-major, and [to] or null. */
export interface Matrix {
  readonly from: number;
  readonly to: number;
  readonly weight: Float64Array;
  readonly bias: Float64Array | null;
}

/** A window at every place of a plane: which numbers it sees. */
export interface Windows {
  /** Places in the result: height × width. */
  readonly places: number;
  /** [places × size²] index within the plane; −1 is a zero around the image. */
  readonly seen: Int32Array;
}

export type Stage =
  | { readonly is: "dense"; readonly matrix: Matrix }
  /** down(activation(gate(x)) · up(x)) */
  | {
      readonly is: "gated";
      readonly gate: Matrix;
      readonly up: Matrix;
      readonly down: Matrix;
      readonly activation: Activation;
    }
  /** `axis`: how many numbers a softmax runs over. */
  | { readonly is: "activation"; readonly name: Activation; readonly size: number; readonly axis: number }
  | {
      readonly is: "norm";
      /** Subtracts the mean: layer_norm, not rms_norm. */
      readonly centred: boolean;
      readonly size: number;
      readonly gain: Float64Array;
      readonly bias: Float64Array | null;
      readonly epsilon: number;
    }
  | { readonly is: "residual"; readonly size: number; readonly stages: readonly Stage[] }
  | {
      readonly is: "conv2d";
      readonly from: Image;
      readonly filters: number;
      readonly windows: Windows;
      /** [filters × channels × size²] */
      readonly weight: Float64Array;
      readonly bias: Float64Array | null;
    }
  | {
      readonly is: "pool";
      readonly by: "max" | "average";
      readonly channels: number;
      /** Numbers of one channel that come in. */
      readonly plane: number;
      readonly windows: Windows;
    }
  | { readonly is: "scale"; readonly size: number; readonly by: number };

/** A layer that no row of columns can go through; `reason` is the end of a sentence. */
export class NetworkLayerError extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.name = "NetworkLayerError";
    this.reason = reason;
  }
}

/** How many numbers come in. */
export const inputSize = (input: NetworkInput): number =>
  "features" in input ? input.features : input.channels * input.height * input.width;

/** @throws NetworkLayerError for a layer that does not fit here, or a parameter that is not there */
export function stagesOf(learner: Pick<NetworkLearner, "layers" | "input" | "shapes" | "parameters">): {
  readonly stages: readonly Stage[];
  readonly outputs: number;
} {
  const planner = new Planner(learner);
  const stages = planner.sequence(learner.layers, "");
  return { stages, outputs: planner.size() };
}

/** Windows of `size` × `size`; `same` has as many places as strides fit, zeros around them, more behind than before. */
export function windowsOf(image: Image, size: number, stride: number, same: boolean): Windows & Image {
  const along = (length: number): [count: number, before: number] => {
    if (!same) return [Math.floor((length - size) / stride) + 1, 0];
    const count = Math.ceil(length / stride);
    return [count, Math.floor(Math.max(0, (count - 1) * stride + size - length) / 2)];
  };
  const [height, top] = along(image.height);
  const [width, left] = along(image.width);
  if (height < 1 || width < 1)
    throw new NetworkLayerError(
      `a window of ${size} is larger than its image of ${image.height} × ${image.width}`,
    );
  const seen = new Int32Array(height * width * size * size);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let dy = 0; dy < size; dy++) {
        for (let dx = 0; dx < size; dx++) {
          const [row, column] = [y * stride + dy - top, x * stride + dx - left];
          const within = row >= 0 && row < image.height && column >= 0 && column < image.width;
          seen[at++] = within ? row * image.width + column : -1;
        }
      }
    }
  }
  return { places: height * width, seen, channels: image.channels, height, width };
}

class Planner {
  readonly #parameters = new Map<string, Float64Array>();
  #extent: number | Image;

  constructor({ input, shapes, parameters }: Pick<NetworkLearner, "input" | "shapes" | "parameters">) {
    this.#extent = "features" in input ? input.features : input;
    let at = 0;
    for (const { name, shape } of shapes) {
      const size = shape.reduce((product, length) => product * length, 1);
      this.#parameters.set(name, Float64Array.from(parameters.subarray(at, at + size)));
      at += size;
    }
  }

  /** How many numbers there are now. */
  size(): number {
    const extent = this.#extent;
    return typeof extent === "number" ? extent : extent.channels * extent.height * extent.width;
  }

  sequence(layers: readonly Layer[], prefix: string): Stage[] {
    return layers.flatMap((layer, index) => this.#layer(layer, `${prefix}${index}.${layer.layer}`));
  }

  #layer(layer: Layer, at: string): Stage[] {
    const { args } = layer;
    const through = (): Stage[] => this.#activation(word(args["activation"], "none") as Activation);
    switch (layer.layer) {
      case "dense": {
        const matrix = this.#matrix(at, this.#vector(layer), number(layer, "units"));
        this.#extent = matrix.to;
        return [{ is: "dense", matrix }, ...through()];
      }
      case "gated":
      case "swiglu": {
        const [width, units] = [this.#vector(layer), number(layer, "units")];
        const [gate, up] = [this.#matrix(`${at}.gate`, width, units), this.#matrix(`${at}.up`, width, units)];
        const activation = word(args["activation"], "silu") as Activation;
        return [{ is: "gated", gate, up, down: this.#matrix(`${at}.down`, units, width), activation }];
      }
      case "gelu":
        return this.#activation(args["approximation"] === "tanh" ? "gelu_tanh" : "gelu");
      case "relu":
      case "silu":
      case "tanh":
      case "sigmoid":
      case "softmax":
        return this.#activation(layer.layer);
      case "dropout":
        return [];
      case "scale":
        return [{ is: "scale", size: this.size(), by: number(layer, "by") }];
      case "layer_norm":
      case "rms_norm": {
        const size = this.#vector(layer);
        const centred = layer.layer === "layer_norm";
        const bias = this.#parameters.get(`${at}.bias`) ?? null;
        const epsilon = typeof args["epsilon"] === "number" ? args["epsilon"] : centred ? 1e-5 : 1e-6;
        return [{ is: "norm", centred, size, gain: this.#parameter(`${at}.gain`), bias, epsilon }];
      }
      case "residual":
        return [{ is: "residual", size: this.size(), stages: this.sequence(layer.layers ?? [], `${at}.`) }];
      case "repeat":
        return Array.from({ length: number(layer, "count") }, (_, time) =>
          this.sequence(layer.layers ?? [], `${at}.${time}.`),
        ).flat();
      case "conv2d": {
        const image = this.#image(layer);
        const stride = typeof args["stride"] === "number" ? args["stride"] : 1;
        const filters = number(layer, "filters");
        const same = word(args["padding"], "same") === "same";
        const { places, seen, height, width } = windowsOf(image, number(layer, "size"), stride, same);
        this.#extent = { channels: filters, height, width };
        const weight = this.#parameter(`${at}.weight`);
        const bias = this.#parameters.get(`${at}.bias`) ?? null;
        return [
          { is: "conv2d", from: image, filters, windows: { places, seen }, weight, bias },
          ...through(),
        ];
      }
      case "max_pool":
      case "average_pool": {
        const image = this.#image(layer);
        const size = number(layer, "size");
        const stride = typeof args["stride"] === "number" ? args["stride"] : size;
        const { places, seen, channels, height, width } = windowsOf(image, size, stride, false);
        this.#extent = { channels, height, width };
        return [pool(layer.layer === "max_pool" ? "max" : "average", image, { places, seen })];
      }
      case "global_pool": {
        const image = this.#image(layer);
        const seen = Int32Array.from({ length: image.height * image.width }, (_, i) => i);
        this.#extent = image.channels;
        return [pool(args["by"] === "max" ? "max" : "average", image, { places: 1, seen })];
      }
      case "flatten":
        this.#image(layer);
        this.#extent = this.size();
        return [];
      default:
        throw new NetworkLayerError(`\`${layer.layer}\` reads sequences, and the columns of a row are none`);
    }
  }

  #activation(name: Activation): Stage[] {
    if (name === "none") return [];
    const axis = typeof this.#extent === "number" ? this.#extent : this.#extent.width;
    return [{ is: "activation", name, size: this.size(), axis }];
  }

  #vector(layer: Layer): number {
    if (typeof this.#extent === "number") return this.#extent;
    throw new NetworkLayerError(`\`${layer.layer}\` reads vectors: put flatten() or global_pool() before it`);
  }

  #image(layer: Layer): Image {
    if (typeof this.#extent !== "number") return this.#extent;
    throw new NetworkLayerError(`\`${layer.layer}\` reads images: give the model's \`image\``);
  }

  #matrix(at: string, from: number, to: number): Matrix {
    return {
      from,
      to,
      weight: this.#parameter(`${at}.weight`),
      bias: this.#parameters.get(`${at}.bias`) ?? null,
    };
  }

  #parameter(name: string): Float64Array {
    const parameter = this.#parameters.get(name);
    if (parameter === undefined) throw new NetworkLayerError(`the parameter ${name} is missing`);
    return parameter;
  }
}

const pool = (by: "max" | "average", image: Image, windows: Windows): Stage => ({
  is: "pool",
  by,
  channels: image.channels,
  plane: image.height * image.width,
  windows,
});

const word = (value: unknown, fallback: string): string => (typeof value === "string" ? value : fallback);

function number(layer: Layer, name: string): number {
  const value = layer.args[name];
  if (typeof value === "number") return value;
  throw new NetworkLayerError(`\`${layer.layer}\` needs a number \`${name}\``);
}

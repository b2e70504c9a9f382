/** A language model while it is trained: which parameters it has, which of them learn, how a graph sees them. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { GraphBuilder } from "../../graph/builder.ts";
import type { TensorData, Value } from "../../graph/graph.ts";
import { compileArchitecture, type Network } from "../../network/network.ts";
import type { ParameterSpec } from "../../network/parameters.ts";
import { random } from "../random.ts";
import { frozenParameters } from "./freeze.ts";
import { initialLora, isLora, type Lora, loraParameters, withLora } from "./lora.ts";
import { VALUE_BIAS, VALUE_WEIGHT } from "./losses/policy.ts";
import { REWARD_BIAS, REWARD_WEIGHT } from "./losses/preference.ts";

/** Plain data, part of a job's options. */
export interface ModelOptions {
  readonly layers: readonly Layer[];
  /** Null: the model's own weights learn. */
  readonly lora: Lora | null;
  /** So many blocks, and what stands before them, are left as they are; null: none. */
  readonly freeze: number | null;
  /** A scalar head beside the network. */
  readonly head: "reward" | "value" | null;
}

export interface ModelInTraining {
  readonly network: Network;
  /** The network's, then the head's, then the additions'. */
  readonly parameters: readonly ParameterSpec[];
  readonly trainable: (name: string) => boolean;
  /** The parameters as the network's graph should see them. */
  resolve(b: GraphBuilder, p: ReadonlyMap<string, Value>, training: boolean): ReadonlyMap<string, Value>;
}

const HEADS = {
  reward: [REWARD_WEIGHT, REWARD_BIAS],
  value: [VALUE_WEIGHT, VALUE_BIAS],
} as const;

/** A head begins near zero: it has no opinion. */
const HEAD_STD = 0.02;

export function modelInTraining({ layers, lora, freeze, head }: ModelOptions): ModelInTraining {
  const network = compileArchitecture({ layers });
  const heads = head === null ? [] : headParameters(head, network.width);
  const additions = lora === null ? [] : loraParameters(network.parameters, lora);
  const frozen =
    lora !== null
      ? new Set(network.parameters.map(({ name }) => name))
      : freeze === null
        ? new Set<string>()
        : frozenParameters(network.parameters, freeze);
  return {
    network,
    parameters: [...network.parameters, ...heads, ...additions],
    trainable: (name) => !frozen.has(name),
    resolve: (b, p, training) => (lora === null ? p : withLora(b, p, lora, training)),
  };
}

function headParameters(head: "reward" | "value", width: number): ParameterSpec[] {
  const [weight, bias] = HEADS[head];
  return [
    { name: weight, shape: [width, 1], init: { is: "normal", std: HEAD_STD }, decay: true },
    { name: bias, shape: [1], init: { is: "zeros" }, decay: false },
  ];
}

/** First values of what is added to a base's `weights`: its head and its low-rank additions. */
export function withAdditions(
  model: ModelInTraining,
  weights: ReadonlyMap<string, TensorData>,
  seed: number,
): Map<string, TensorData> {
  const all = new Map<string, TensorData>();
  for (const { name, shape, init } of model.parameters) {
    const known = weights.get(name);
    if (known !== undefined) all.set(name, known);
    else if (!isLora(name)) all.set(name, { type: "float32", shape, data: headValues(shape, init, seed) });
  }
  const additions = model.parameters.filter(({ name }) => isLora(name));
  return new Map([...all, ...initialLora(additions, seed)]);
}

/** A stream that no parameter of a network or addition has. */
const HEAD_STREAM = 1 << 20;

function headValues(shape: readonly number[], init: ParameterSpec["init"], seed: number): Float32Array {
  const source = random(seed, HEAD_STREAM);
  const bound = init.is === "normal" ? init.std * Math.sqrt(3) : 0; // a uniform of that deviation
  return Float32Array.from({ length: shape[0]! }, () => (bound === 0 ? 0 : (2 * source.next() - 1) * bound));
}

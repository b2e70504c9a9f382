/** Low-rank adaptation (Hu et al. 2022): W + (alpha / rank) · A · B, of which only A and B learn. */
import type { GraphBuilder } from "../../graph/builder.ts";
import type { TensorData, Value } from "../../graph/graph.ts";
import type { ParameterSpec } from "../../network/parameters.ts";
import { random } from "../random.ts";

export interface Lora {
  readonly rank: number;
  readonly alpha: number;
  /** Share of an adapted matrix's inputs that its addition does not see in a step. */
  readonly dropout: number;
  readonly targets: "attention" | "all";
}

const A = ".lora_a";
const B = ".lora_b";
export const isLora = (name: string): boolean => name.endsWith(A) || name.endsWith(B);

const ATTENTION = /\.(?:cross_)?attention\.(?:query|key|value|output)\.weight$/;
/** Also those of feed-forward layers. Tables and the logits' matrix are no part of a block. */
const BLOCK =
  /\.(?:dense|(?:gated|swiglu)\.(?:gate|up|down)|(?:cross_)?attention\.(?:query|key|value|output))\.weight$/;

/** Names of the matrices [in, out] that get an addition. */
export function adapted(parameters: readonly ParameterSpec[], targets: Lora["targets"]): string[] {
  const pattern = targets === "attention" ? ATTENTION : BLOCK;
  return parameters
    .filter(({ name, shape }) => shape.length === 2 && pattern.test(name))
    .map(({ name }) => name);
}

/**
 * The additions as parameters: `NAME.lora_a` [in, rank], uniform as Kaiming's for linear layers, and `NAME.lora_b`
 * [rank, out], zeros: training begins at the base.
 */
export function loraParameters(parameters: readonly ParameterSpec[], lora: Lora): ParameterSpec[] {
  const names = new Set(adapted(parameters, lora.targets));
  return parameters
    .filter(({ name }) => names.has(name))
    .flatMap(({ name, shape }): ParameterSpec[] => {
      const [from, to] = shape as [number, number];
      const bound = 1 / Math.sqrt(from);
      return [
        { name: `${name}${A}`, shape: [from, lora.rank], init: { is: "uniform", bound }, decay: true },
        { name: `${name}${B}`, shape: [lora.rank, to], init: { is: "zeros" }, decay: true },
      ];
    });
}

/** First values of the additions, from a stream of their own. */
export function initialLora(parameters: readonly ParameterSpec[], seed: number): Map<string, TensorData> {
  return new Map(
    parameters.map(({ name, shape, init }, stream) => {
      const source = random(seed, stream);
      const bound = init.is === "uniform" ? init.bound : 0;
      const data = Float32Array.from({ length: shape[0]! * shape[1]! }, () =>
        bound === 0 ? 0 : (2 * source.next() - 1) * bound,
      );
      return [name, { type: "float32", shape, data }];
    }),
  );
}

/**
 * The network's parameters with the additions in them, for a graph. Dropout takes whole inputs of a matrix away from
 * its addition, the same ones at every position of a step, so that the addition stays one matrix.
 */
export function withLora(
  b: GraphBuilder,
  parameters: ReadonlyMap<string, Value>,
  lora: Lora,
  training: boolean,
): Map<string, Value> {
  const all = new Map(parameters);
  for (const [name, down] of parameters) {
    if (!name.endsWith(A)) continue;
    const base = name.slice(0, -A.length);
    const kept = training && lora.dropout > 0 ? dropped(b, `${name}.dropout`, down, lora.dropout) : down;
    const addition = b.matmul(kept, parameters.get(`${base}${B}`)!, { scale: lora.alpha / lora.rank });
    all.set(base, b.add(parameters.get(base)!, addition));
  }
  return all;
}

function dropped(b: GraphBuilder, name: string, matrix: Value, share: number): Value {
  const keep = b.greater(b.random(name, [matrix.shape[0]!, 1]), share);
  return b.mul(matrix, b.mul(b.cast(keep, "float32"), 1 / (1 - share)));
}

/** The weights with the additions in them, computed once. */
export function mergedLora(
  weights: ReadonlyMap<string, TensorData>,
  additions: ReadonlyMap<string, TensorData>,
  lora: Pick<Lora, "alpha" | "rank">,
): Map<string, TensorData> {
  const merged = new Map(weights);
  for (const [name, down] of additions) {
    if (!name.endsWith(A)) continue;
    const base = name.slice(0, -A.length);
    const weight = weights.get(base);
    const up = additions.get(`${base}${B}`);
    if (weight === undefined || up === undefined)
      throw new Error(`an addition to ${base}, which is not there`);
    merged.set(base, { type: "float32", shape: weight.shape, data: added(weight, down, up, lora) });
  }
  return merged;
}

function added(
  weight: TensorData,
  down: TensorData,
  up: TensorData,
  { alpha, rank }: Pick<Lora, "alpha" | "rank">,
): Float32Array {
  const [from, to] = weight.shape as [number, number];
  const data = Float32Array.from(weight.data);
  const row = new Float64Array(to);
  for (let i = 0; i < from; i++) {
    row.fill(0);
    for (let k = 0; k < rank; k++) {
      const factor = (down.data[i * rank + k]! * alpha) / rank;
      for (let j = 0; j < to; j++) row[j]! += factor * up.data[k * to + j]!;
    }
    for (let j = 0; j < to; j++) data[i * to + j]! += row[j]!;
  }
  return data;
}

/** What an adapter's file says of itself, beside its tensors. */
export const loraMetadata = ({ rank, alpha }: Lora): Record<string, string> => ({
  alpha: String(alpha),
  rank: String(rank),
});

export function loraOfMetadata(metadata: Readonly<Record<string, string>>): Pick<Lora, "alpha" | "rank"> {
  const [alpha, rank] = [Number(metadata["alpha"]), Number(metadata["rank"])];
  if (!(alpha >= 0) || !(rank >= 1)) throw new Error("an adapter without its alpha and rank");
  return { alpha, rank };
}

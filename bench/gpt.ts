/**
 * A GPT (pre-LN decoder, Radford et al. 2019) over tensor graphs, written out: what the benchmark of training and the
 * comparison with PyTorch train. `gpt.py` is its twin.
 */
import type { GraphBuilder } from "../runtime/graph/builder.ts";
import { type Shape, sizeOf, type TensorData, type Value } from "../runtime/graph/graph.ts";
import type { LossBuilder } from "../runtime/graph/training-graph.ts";
import { random } from "../runtime/learn/random.ts";

export interface GptSize {
  readonly vocabulary: number;
  readonly context: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

export interface GptParameter {
  readonly name: string;
  readonly shape: Shape;
  readonly decay: boolean;
}

export function gptParameters({ vocabulary, context, width, layers }: GptSize): GptParameter[] {
  const matrix = (name: string, rows: number, columns: number): GptParameter[] => [
    { name, shape: [rows, columns], decay: true },
  ];
  const vector = (name: string, size: number): GptParameter => ({ name, shape: [size], decay: false });
  const norm = (name: string): GptParameter[] => [
    vector(`${name}.gamma`, width),
    vector(`${name}.beta`, width),
  ];
  const dense = (name: string, from: number, to: number): GptParameter[] => [
    ...matrix(`${name}.weight`, from, to),
    vector(`${name}.bias`, to),
  ];
  return [
    ...matrix("token", vocabulary, width),
    ...matrix("position", context, width),
    ...Array.from({ length: layers }, (_, at) => [
      ...norm(`${at}.norm1`),
      ...dense(`${at}.qkv`, width, 3 * width),
      ...dense(`${at}.out`, width, width),
      ...norm(`${at}.norm2`),
      ...dense(`${at}.up`, width, 4 * width),
      ...dense(`${at}.down`, 4 * width, width),
    ]).flat(),
    ...norm("norm"),
    ...matrix("head", width, vocabulary),
  ];
}

/** Normal of 0.02 (nearly: a sum of uniforms), ones and zeros. */
export function gptValues(parameters: readonly GptParameter[], seed: number): Map<string, TensorData> {
  return new Map(
    parameters.map(({ name, shape }, index) => {
      const source = random(seed, index);
      const data = new Float32Array(sizeOf(shape));
      for (let at = 0; at < data.length; at++) {
        const sum = source.next() + source.next() + source.next() - 1.5;
        data[at] = shape.length === 2 ? 0.04 * sum : name.endsWith("gamma") ? 1 : 0;
      }
      return [name, { type: "float32", shape, data }];
    }),
  );
}

/** Mean cross-entropy of `targets` [B, T] given `ids` [B, T]. */
export function gptLoss({ context, width, layers, heads, vocabulary }: GptSize): LossBuilder {
  return (b, p, batch) => {
    const ids = batch.get("ids")!;
    const [rows] = ids.shape as [number];
    let x = b.add(b.gather(p.get("token")!, ids), p.get("position")!);
    for (let at = 0; at < layers; at++) {
      x = b.within(`block ${at}`, () => block(b, x, (name) => p.get(`${at}.${name}`)!, heads));
    }
    const last = b.layerNorm(x, p.get("norm.gamma")!, p.get("norm.beta")!, 1e-5);
    const logits = b.matmul(b.reshape(last, [rows * context, width]), p.get("head")!);
    const targets = b.reshape(batch.get("targets")!, [rows * context]);
    if (logits.shape[1] !== vocabulary) throw new Error("the head has another vocabulary");
    return { loss: b.mean(b.crossEntropy(logits, targets)) };
  };
}

function block(b: GraphBuilder, x: Value, p: (name: string) => Value, heads: number): Value {
  const [rows, context, width] = x.shape as [number, number, number];
  const dense = (input: Value, name: string): Value =>
    b.add(b.matmul(input, p(`${name}.weight`)), p(`${name}.bias`));
  const norm = (input: Value, name: string): Value =>
    b.layerNorm(input, p(`${name}.gamma`), p(`${name}.beta`), 1e-5);
  const qkv = dense(norm(x, "norm1"), "qkv");
  const [q, k, v] = [0, 1, 2].map((part) =>
    b.transpose(
      b.reshape(b.slice(qkv, 2, part * width, (part + 1) * width), [rows, context, heads, width / heads]),
      [0, 2, 1, 3],
    ),
  ) as [Value, Value, Value];
  const seen = b.transpose(b.attention(q, k, v, { causal: true }), [0, 2, 1, 3]);
  const attended = b.add(x, dense(b.reshape(seen, [rows, context, width]), "out"));
  return b.add(attended, dense(b.gelu(dense(norm(attended, "norm2"), "up"), "tanh"), "down"));
}

/** Ids in [0, vocabulary) for one batch. */
export function gptBatch(
  { vocabulary, context }: GptSize,
  rows: number,
  seed: number,
): Record<string, TensorData> {
  const source = random(seed, 1 << 16);
  const shape = [rows, context];
  const draw = (): Int32Array => Int32Array.from({ length: rows * context }, () => source.int(vocabulary));
  return {
    ids: { type: "int32", shape, data: draw() },
    targets: { type: "int32", shape, data: draw() },
  };
}

/** Multi-head attention, of tokens to one another and to a source (Vaswani et al. 2017). */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { GraphBuilder } from "../../graph/builder.ts";
import type { Value } from "../../graph/graph.ts";
import {
  ArchitectureError,
  type Building,
  type CacheSpec,
  flagArgument,
  type KeysValues,
  type LayerBuilder,
  numberArgument,
  optionalNumber,
  type Run,
  widthOf,
} from "../module.ts";
import { dropped } from "./dense.ts";
import { applyLinear, type Linear, linear } from "./linear.ts";
import { causalMask, paddingMask, pastMask, turned } from "./places.ts";

interface Heads {
  readonly heads: number;
  /** Of keys and values. */
  readonly spec: CacheSpec;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly scale: number;
  readonly softcap: number | null;
  readonly dropout: number;
}

function headsOf(layer: Layer, at: string, building: Building, source: number): Heads {
  const width = widthOf(building, layer);
  const heads = numberArgument(layer, "heads");
  const shared = optionalNumber(layer, "kv_heads") ?? heads;
  const headWidth = optionalNumber(layer, "head_width") ?? width / heads;
  if (!Number.isInteger(headWidth))
    throw new ArchitectureError(`${heads} heads do not divide the width ${width}`);
  if (heads % shared !== 0) throw new ArchitectureError(`${shared} kv_heads do not divide ${heads} heads`);
  const bias = flagArgument(layer, "bias", true);
  const query = linear(building, `${at}.query`, width, heads * headWidth, bias);
  const key = linear(building, `${at}.key`, source, shared * headWidth, bias);
  const value = linear(building, `${at}.value`, source, shared * headWidth, bias);
  const output = linear(building, `${at}.output`, heads * headWidth, width, bias);
  return {
    heads,
    spec: { heads: shared, width: headWidth },
    query,
    key,
    value,
    output,
    scale: optionalNumber(layer, "scale") ?? 1 / Math.sqrt(headWidth),
    softcap: optionalNumber(layer, "softcap"),
    dropout: optionalNumber(layer, "dropout") ?? 0,
  };
}

export const attention: LayerBuilder = (layer, at, building) => {
  const made = headsOf(layer, at, building, widthOf(building, layer));
  const causal = flagArgument(layer, "causal", false);
  const window = causal ? optionalNumber(layer, "window") : null;
  const { rotary } = building;
  if (rotary !== null && made.spec.width % 2 !== 0)
    throw new ArchitectureError("rotary positions need heads of an even width");
  const index = causal ? building.caches.push(made.spec) - 1 : -1;
  return {
    apply: (run, x) => {
      const query = turned(run, rotary, split(run, made.query, x, made.heads));
      const fresh: KeysValues = {
        key: turned(run, rotary, split(run, made.key, x, made.spec.heads)),
        value: split(run, made.value, x, made.spec.heads),
      };
      if (run.cache !== null) {
        if (!causal)
          throw new ArchitectureError("attention that is not causal cannot be decoded from a cache");
        run.cache.present[index] = fresh;
        return joined(run, made, withPast(run, made, query, fresh, run.cache.past[index]!, window));
      }
      const masks: Value[] = run.mask === null ? [] : [paddingMask(run.b, run.mask)];
      // The plain causal mask is the builder's own, which engines may know.
      if (window !== null) masks.push(causalMask(run.b, x.shape[1]!, window));
      return joined(run, made, attended(run, made, query, fresh, masks, causal && window === null));
    },
  };
};

export const crossAttention: LayerBuilder = (layer, at, building) => {
  const made = headsOf(layer, at, building, building.sourceWidth);
  const keysValues = (run: Run, memory: Value): KeysValues => ({
    key: split(run, made.key, memory, made.spec.heads),
    value: split(run, made.value, memory, made.spec.heads),
  });
  const index = building.crosses.push({ spec: made.spec, keysValues }) - 1;
  return {
    apply: (run, x) => {
      const { memory, cache } = run;
      const seen =
        cache === null ? (memory === null ? null : keysValues(run, memory.hidden)) : cache.cross[index]!;
      if (seen === null) throw new ArchitectureError("cross_attention needs a source");
      const query = split(run, made.query, x, made.heads);
      const mask = memory?.mask ?? null;
      const masks = mask === null ? [] : [paddingMask(run.b, mask)];
      return joined(run, made, attended(run, made, query, seen, masks, false));
    },
  };
};

/** [B, T, width] → [B, heads, T, head width] */
function split(run: Run, projection: Linear, x: Value, heads: number): Value {
  const { b } = run;
  const [batch, tokens] = x.shape as [number, number, number];
  return b.transpose(b.reshape(applyLinear(run, projection, x), [batch, tokens, heads, -1]), [0, 2, 1, 3]);
}

/** [B, heads, T, head width] → [B, T, width] */
function joined(run: Run, { output }: Heads, x: Value): Value {
  const [batch, heads, tokens, width] = x.shape as [number, number, number, number];
  const flat = run.b.reshape(run.b.transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * width]);
  return applyLinear(run, output, flat);
}

const sum = (b: GraphBuilder, masks: readonly Value[]): Value | null =>
  masks.length === 0 ? null : masks.reduce((all, mask) => b.add(all, mask));

function attended(
  run: Run,
  made: Heads,
  query: Value,
  { key, value }: KeysValues,
  masks: readonly Value[],
  causal: boolean,
): Value {
  const { b } = run;
  const { scale, softcap, dropout } = made;
  if (softcap === null && (dropout === 0 || !run.training)) {
    const mask = sum(b, masks);
    return b.attention(query, key, value, { causal, scale, ...(mask === null ? {} : { mask }) });
  }
  const all = causal ? [...masks, causalMask(b, query.shape[2]!, null)] : masks;
  const scores = hidden(b, capped(b, products(b, query, key, scale), softcap), sum(b, all));
  return mixed(b, dropped(run, b.softmax(scores), dropout), value);
}

/** Scores of new tokens over what a cache holds and over themselves, without copying the cache. */
function withPast(
  run: Run,
  made: Heads,
  query: Value,
  fresh: KeysValues,
  past: KeysValues,
  window: number | null,
): Value {
  const { b } = run;
  const { scale, softcap } = made;
  const tokens = query.shape[2]!;
  const capacity = past.key.shape[2]!;
  const before = hidden(
    b,
    capped(b, products(b, query, past.key, scale), softcap),
    pastMask(b, run.cache!, tokens, capacity, window),
  );
  const own = hidden(
    b,
    capped(b, products(b, query, fresh.key, scale), softcap),
    tokens === 1 ? null : causalMask(b, tokens, window),
  );
  const weights = b.softmax(b.concat([before, own], 3));
  return b.add(
    mixed(b, b.slice(weights, 3, 0, capacity), past.value),
    mixed(b, b.slice(weights, 3, capacity, capacity + tokens), fresh.value),
  );
}

/** [B, H, T, D] by [B, Hkv, S, D] → [B, H, T, S]; heads that share keys are more rows of one product. */
function products(b: GraphBuilder, query: Value, key: Value, scale: number): Value {
  const [batch, heads, tokens, width] = query.shape as [number, number, number, number];
  const [, shared, keys] = key.shape as [number, number, number];
  const rows = b.reshape(query, [batch, shared, (heads / shared) * tokens, width]);
  return b.reshape(b.matmul(rows, key, { transposeB: true, scale }), [batch, heads, tokens, keys]);
}

/** [B, H, T, S] by [B, Hkv, S, D] → [B, H, T, D] */
function mixed(b: GraphBuilder, weights: Value, value: Value): Value {
  const [batch, heads, tokens, keys] = weights.shape as [number, number, number, number];
  const [, shared, , width] = value.shape as [number, number, number, number];
  const rows = b.reshape(weights, [batch, shared, (heads / shared) * tokens, keys]);
  return b.reshape(b.matmul(rows, value), [batch, heads, tokens, width]);
}

const capped = (b: GraphBuilder, scores: Value, softcap: number | null): Value =>
  softcap === null ? scores : b.mul(b.tanh(b.mul(scores, 1 / softcap)), softcap);

const hidden = (b: GraphBuilder, scores: Value, mask: Value | null): Value =>
  mask === null ? scores : b.add(scores, mask);

export const attentionLayers: Readonly<Record<string, LayerBuilder>> = {
  attention,
  cross_attention: crossAttention,
};

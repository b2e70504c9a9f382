/** Scaled dot-product attention in terms of products and a softmax, so that its gradient follows from theirs. */
import type { GraphBuilder } from "../builder.ts";
import type { Value } from "../graph.ts";
import { broadcastShapes, sameShape, shapeText } from "../ops/rule.ts";

export interface AttentionOptions {
  /** Position t of the queries sees positions up to t + S − T of the keys. */
  readonly causal?: boolean;
  /** Added to the scores; broadcasts to [B, H, T, S]. */
  readonly mask?: Value;
  /** 1 / √D unless given. */
  readonly scale?: number;
}

/** Low enough that its exponential is 0 beside any real score, and finite, so that nothing turns into NaN. */
const HIDDEN = -1e9;

/** What no query of a block may see is not computed: blocks have so many queries at least, and there are so many at most. */
const BLOCK = 64;
const BLOCKS = 4;

/** See `GraphBuilder.attention`. */
export function attention(b: GraphBuilder, q: Value, k: Value, v: Value, options: AttentionOptions): Value {
  const [batch, heads, queries, width] = fourAxes(b, q, "queries [B, H, T, D]");
  const [, shared, keys] = fourAxes(b, k, "keys [B, Hkv, S, D]");
  const valueWidth = fourAxes(b, v, "values [B, Hkv, S, E]")[3];
  if (!sameShape(k.shape, [batch, shared, keys, width]) || heads % shared !== 0) {
    b.fail("attention", `has keys ${shapeText(k.shape)} for queries ${shapeText(q.shape)}`);
  }
  if (!sameShape(v.shape, [batch, shared, keys, valueWidth])) {
    b.fail("attention", `has values ${shapeText(v.shape)} for keys ${shapeText(k.shape)}`);
  }
  const blocks = Math.min(BLOCKS, Math.floor(queries / BLOCK));
  if (options.causal !== true || options.mask !== undefined || queries !== keys || blocks < 2)
    return whole(b, q, k, v, options);
  const ends = Array.from({ length: blocks }, (_, at) => Math.round(((at + 1) * queries) / blocks));
  const parts = ends.map((end, at) => {
    const upTo = (x: Value): Value => (end === keys ? x : b.slice(x, 2, 0, end));
    return whole(b, b.slice(q, 2, ends[at - 1] ?? 0, end), upTo(k), upTo(v), options);
  });
  return b.concat(parts, 2);
}

/** Every query with every key; the shapes go together. */
function whole(
  b: GraphBuilder,
  q: Value,
  k: Value,
  v: Value,
  { causal = false, mask, scale }: AttentionOptions,
): Value {
  const [batch, heads, queries, width] = q.shape as [number, number, number, number];
  const [, shared, keys] = k.shape as [number, number, number];
  const valueWidth = v.shape[3]!;
  const full = [batch, heads, queries, keys];
  // Heads that share keys are more rows of one product.
  const rows = b.reshape(q, [batch, shared, (heads / shared) * queries, width]);
  let scores = b.reshape(b.matmul(rows, k, { transposeB: true, scale: scale ?? 1 / Math.sqrt(width) }), full);
  if (mask !== undefined) {
    const both = broadcastShapes(mask.shape, full);
    if (both === null || !sameShape(both, full)) {
      b.fail("attention", `has a mask ${shapeText(mask.shape)} for scores ${shapeText(full)}`);
    }
    scores = b.add(scores, mask);
  }
  if (causal) scores = b.add(scores, causalMask(b, queries, keys));
  const weights = b.reshape(b.softmax(scores), [batch, shared, (heads / shared) * queries, keys]);
  return b.reshape(b.matmul(weights, v), [batch, heads, queries, valueWidth]);
}

function fourAxes(b: GraphBuilder, x: Value, what: string): [number, number, number, number] {
  const [first, second, third, fourth] = x.shape;
  if (x.shape.length !== 4) b.fail("attention", `takes ${what}, not ${shapeText(x.shape)}`);
  return [first!, second!, third!, fourth!];
}

/** [T, S]: 0 where a query may look, else hidden. All layers of a graph share it. */
function causalMask(b: GraphBuilder, queries: number, keys: number): Value {
  const mask = new Float32Array(queries * keys);
  for (let t = 0; t < queries; t++)
    mask.fill(HIDDEN, t * keys + Math.max(0, t + keys - queries + 1), (t + 1) * keys);
  return b.shared(`causal ${queries} ${keys}`, () => b.constant(mask, [queries, keys]));
}

/** Where tokens stand: tables of sines and cosines, turning, and who may see whom. */
import type { GraphBuilder } from "../../graph/builder.ts";
import type { Value } from "../../graph/graph.ts";
import type { CacheRun, Rotary, Run } from "../module.ts";

/** Low enough that its exponential is 0 beside any real score, and finite, so that nothing turns into NaN. */
export const HIDDEN = -1e9;

/** [length, width]: sines in even places, cosines in odd ones (Vaswani et al. 2017, 3.5). */
export function sinusoids(length: number, width: number, base: number): Float32Array {
  const table = new Float32Array(length * width);
  for (let place = 0; place < length; place++) {
    for (let i = 0; i < width; i++) {
      const angle = place / base ** ((i - (i % 2)) / width);
      table[place * width + i] = i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return table;
}

/** Angles [length, half] of rotary embeddings, in single precision as the published models' are. */
function angles(length: number, half: number, base: number, of: (angle: number) => number): Float32Array {
  const table = new Float32Array(length * half);
  for (let i = 0; i < half; i++) {
    const frequency = Math.fround(1 / Math.fround(base ** Math.fround(i / half)));
    for (let place = 0; place < length; place++) {
      table[place * half + i] = of(Math.fround(place * frequency));
    }
  }
  return table;
}

/** int32 [B, n]: the places of new tokens behind a cache; none beyond the last of `length`, where padding may fall. */
export function newPositions(b: GraphBuilder, cache: CacheRun, tokens: number, length: number): Value {
  const batch = cache.position.shape[0]!;
  const places = b.add(b.reshape(cache.position, [batch, 1]), counting(b, tokens));
  return b.minimum(places, b.constant([length - 1], [], "int32"));
}

/** int32 [n]: 0, 1, … */
const counting = (b: GraphBuilder, count: number): Value =>
  b.shared(`counting ${count}`, () =>
    b.constant(
      Int32Array.from({ length: count }, (_, i) => i),
      [count],
    ),
  );

/** Turns queries or keys [B, H, T, D] by where their tokens stand (Su et al. 2021). */
export function turned(run: Run, rotary: Rotary | null, x: Value): Value {
  if (rotary === null) return x;
  const { b, cache } = run;
  const [batch, heads, tokens, width] = x.shape as [number, number, number, number];
  const half = width / 2;
  const { length, base } = rotary;
  const tableOf = (name: "cos" | "sin"): Value => {
    const rows = cache === null ? tokens : length;
    const table = b.shared(`rotary ${name} ${rows} ${half} ${base}`, () =>
      b.constant(angles(rows, half, base, Math[name]), [rows, half]),
    );
    if (cache === null) return table;
    return b.reshape(b.gather(table, newPositions(b, cache, tokens, length)), [batch, 1, tokens, half]);
  };
  const cos = tableOf("cos");
  const sin = tableOf("sin");
  const paired = rotary.pairs === "neighbours" ? b.reshape(x, [batch, heads, tokens, half, 2]) : x;
  const part = (which: 0 | 1): Value =>
    rotary.pairs === "neighbours"
      ? b.reshape(b.slice(paired, 4, which, which + 1), [batch, heads, tokens, half])
      : b.slice(paired, 3, which * half, (which + 1) * half);
  const first = part(0);
  const second = part(1);
  const turnedFirst = b.sub(b.mul(first, cos), b.mul(second, sin));
  const turnedSecond = b.add(b.mul(second, cos), b.mul(first, sin));
  if (rotary.pairs === "halves") return b.concat([turnedFirst, turnedSecond], 3);
  const apart = [batch, heads, tokens, half, 1];
  return b.reshape(b.concat([b.reshape(turnedFirst, apart), b.reshape(turnedSecond, apart)], 4), [
    batch,
    heads,
    tokens,
    width,
  ]);
}

/** Additive [1, 1, 1, S] or [B, 1, 1, S] of a mask [B, S] of ones and zeros. */
export function paddingMask(b: GraphBuilder, mask: Value): Value {
  const [batch, keys] = mask.shape as [number, number];
  return b.reshape(b.mul(b.sub(mask, 1), -HIDDEN), [batch, 1, 1, keys]);
}

/** Additive [T, T]: a token sees itself and those before it, `window` of them at most. */
export function causalMask(b: GraphBuilder, tokens: number, window: number | null): Value {
  return b.shared(`seen ${tokens} ${window}`, () => {
    const mask = new Float32Array(tokens * tokens).fill(HIDDEN);
    for (let t = 0; t < tokens; t++) {
      const first = window === null ? 0 : Math.max(0, t - window + 1);
      mask.fill(0, t * tokens + first, t * tokens + t + 1);
    }
    return b.constant(mask, [tokens, tokens]);
  });
}

/** Additive [B, 1, n, capacity]: which filled places of a cache each new token sees. */
export function pastMask(
  b: GraphBuilder,
  cache: CacheRun,
  tokens: number,
  capacity: number,
  window: number | null,
): Value {
  const batch = cache.position.shape[0]!;
  const place = b.reshape(counting(b, capacity), [1, 1, 1, capacity]);
  const filled = b.less(place, b.reshape(cache.position, [batch, 1, 1, 1]));
  if (window === null) return b.where(filled, 0, HIDDEN);
  const newest = b.add(
    b.reshape(cache.position, [batch, 1, 1, 1]),
    b.reshape(counting(b, tokens), [1, 1, tokens, 1]),
  );
  const near = b.greater(place, b.sub(newest, b.constant([window], [], "int32")));
  return b.where(b.and(filled, near), 0, HIDDEN);
}

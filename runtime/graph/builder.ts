/** Tensor graphs in words: each method adds operations and gives their result. Shapes are checked at once. */
import { type AttentionOptions, attention } from "./composite/attention.ts";
import { averagePool2d } from "./composite/pooling.ts";
import { GraphCore } from "./core.ts";
import { type DType, type Shape, sizeOf, type Value } from "./graph.ts";
import { axisOf, Mismatch, sameShape } from "./ops/rule.ts";

/** A number stands for a scalar of the other operand's type. */
export type Operand = Value | number;

export interface MatmulOptions {
  /** Swaps the last two axes of the first operand. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Multiplies the product; 1 unless given. */
  readonly scale?: number;
}

export interface WindowOptions {
  readonly stride?: number;
  readonly padding?: number;
}

export interface PoolOptions extends WindowOptions {
  readonly size: number;
}

/**
 * Builds a graph of static shapes.
 * @throws {ShapeError} from every method, when tensors do not go together; it names the layer (`within`) and shapes
 */
export class GraphBuilder extends GraphCore {
  /** A float of no axes. */
  scalar(value: number): Value {
    return this.constant([value], []);
  }

  // Two operands broadcast as numpy's do.
  add(a: Operand, b: Operand): Value {
    const [x, y] = this.#both(a, b);
    if (this.#neutral(y, 0, x)) return x;
    if (this.#neutral(x, 0, y)) return y;
    return this.op("add", [x, y]);
  }
  sub(a: Operand, b: Operand): Value {
    const [x, y] = this.#both(a, b);
    return this.#neutral(y, 0, x) ? x : this.op("sub", [x, y]);
  }
  mul(a: Operand, b: Operand): Value {
    const [x, y] = this.#both(a, b);
    if (this.#neutral(y, 1, x)) return x;
    if (this.#neutral(x, 1, y)) return y;
    return this.op("mul", [x, y]);
  }
  div(a: Operand, b: Operand): Value {
    const [x, y] = this.#both(a, b);
    return this.#neutral(y, 1, x) ? x : this.op("div", [x, y]);
  }
  maximum(a: Operand, b: Operand): Value {
    return this.op("maximum", this.#both(a, b));
  }
  minimum(a: Operand, b: Operand): Value {
    return this.op("minimum", this.#both(a, b));
  }
  pow(a: Operand, b: Operand): Value {
    return this.op("pow", this.#both(a, b));
  }

  neg(x: Value): Value {
    return this.op("neg", [x]);
  }
  exp(x: Value): Value {
    return this.op("exp", [x]);
  }
  log(x: Value): Value {
    return this.op("log", [x]);
  }
  sqrt(x: Value): Value {
    return this.op("sqrt", [x]);
  }
  reciprocal(x: Value): Value {
    return this.op("reciprocal", [x]);
  }
  tanh(x: Value): Value {
    return this.op("tanh", [x]);
  }
  erf(x: Value): Value {
    return this.op("erf", [x]);
  }
  sigmoid(x: Value): Value {
    return this.op("sigmoid", [x]);
  }
  relu(x: Value): Value {
    return this.op("relu", [x]);
  }
  abs(x: Value): Value {
    return this.op("abs", [x]);
  }
  /** −1, 0 or 1. */
  sign(x: Value): Value {
    return this.op("sign", [x]);
  }
  square(x: Value): Value {
    return this.op("square", [x]);
  }
  sin(x: Value): Value {
    return this.op("sin", [x]);
  }
  cos(x: Value): Value {
    return this.op("cos", [x]);
  }
  /** Gaussian error linear unit (Hendrycks and Gimpel 2016), exact or by GPT-2's tanh. */
  gelu(x: Value, approximate: "none" | "tanh" = "none"): Value {
    return this.op("gelu", [x], { approximate });
  }
  /** x · sigmoid(x), also called swish. */
  silu(x: Value): Value {
    return this.mul(x, this.sigmoid(x));
  }

  less(a: Operand, b: Operand): Value {
    return this.op("less", this.#both(a, b));
  }
  greater(a: Operand, b: Operand): Value {
    return this.op("greater", this.#both(a, b));
  }
  equal(a: Operand, b: Operand): Value {
    return this.op("equal", this.#both(a, b));
  }
  not(x: Value): Value {
    return this.op("not", [x]);
  }
  and(a: Value, b: Value): Value {
    return this.op("and", [a, b]);
  }
  or(a: Value, b: Value): Value {
    return this.op("or", [a, b]);
  }
  /** `a` where the condition holds, else `b`; the three broadcast. */
  where(condition: Value, a: Operand, b: Operand): Value {
    return this.op("where", [condition, ...this.#both(a, b)]);
  }
  /** Floats are cut towards zero on the way to whole numbers; all but 0 is true. */
  cast(x: Value, type: DType): Value {
    return x.type === type ? x : this.op("cast", [x], { type });
  }

  /** scale · a · b over the last two axes; the axes before them broadcast as numpy's do. */
  matmul(a: Value, b: Value, options: MatmulOptions = {}): Value {
    const { transposeA = false, transposeB = false, scale = 1 } = options;
    if (b.shape.length === 2 && a.shape.length > 2 && !transposeA) {
      // One large product instead of a stack of small ones; its gradient is one product too.
      const width = a.shape[a.shape.length - 1]!;
      const product = this.op("matmul", [this.reshape(a, [-1, width]), b], { transposeA, transposeB, scale });
      return this.reshape(product, [...a.shape.slice(0, -1), product.shape[1]!]);
    }
    return this.op("matmul", [a, b], { transposeA, transposeB, scale });
  }
  /** Axis i of the result is axis `order[i]` of `x`. */
  transpose(x: Value, order: readonly number[]): Value {
    return order.every((from, axis) => from === axis) && order.length === x.shape.length
      ? x
      : this.op("transpose", [x], { order });
  }
  /** The same elements in the same order under another shape; one size may be −1, which is then computed. */
  reshape(x: Value, shape: Shape): Value {
    const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const full = shape.map((size) => (size === -1 ? sizeOf(x.shape) / known : size));
    if (sameShape(x.shape, full)) return x;
    if (full.some((size) => !Number.isInteger(size)) || shape.filter((size) => size === -1).length > 1) {
      this.fail("reshape", `cannot read [${x.shape.join(", ")}] as [${shape.join(", ")}]`);
    }
    const maker = this.maker(x);
    const from = maker?.op === "reshape" ? this.value(maker.inputs[0]!) : x;
    return sameShape(from.shape, full) ? from : this.op("reshape", [from], { shape: full });
  }
  /** Elements `start` to before `end` along an axis; a negative end counts from the back. */
  slice(x: Value, axis: number, start: number, end: number): Value {
    const at = this.#axis("slice", axis, x);
    const size = x.shape[at]!;
    const stop = end < 0 ? end + size : end;
    if (start === 0 && stop === size) return x;
    return this.op("slice", [x], { axis: at, start, end: stop });
  }
  /** Joins along an axis. */
  concat(xs: readonly Value[], axis: number): Value {
    const [first] = xs;
    if (first === undefined) this.fail("concat", "needs at least one tensor");
    return xs.length === 1 ? first : this.op("concat", xs, { axis: this.#axis("concat", axis, first) });
  }
  /** Zeros before and after along an axis. */
  pad(x: Value, axis: number, before: number, after: number): Value {
    if (before === 0 && after === 0) return x;
    return this.op("pad", [x], { axis: this.#axis("pad", axis, x), before, after });
  }
  broadcastTo(x: Value, shape: Shape): Value {
    return sameShape(x.shape, shape) ? x : this.op("broadcastTo", [x], { shape });
  }

  /** Sum over `axes` (all when left out), which are dropped unless `keep`. */
  sum(x: Value, axes?: readonly number[], keep = false): Value {
    return this.#reduce("sum", x, axes, keep);
  }
  mean(x: Value, axes?: readonly number[], keep = false): Value {
    return this.#reduce("mean", x, axes, keep);
  }
  max(x: Value, axes?: readonly number[], keep = false): Value {
    return this.#reduce("max", x, axes, keep);
  }
  /** Over the last axis. */
  softmax(x: Value): Value {
    return this.op("softmax", [x]);
  }
  /** Over the last axis. */
  logSoftmax(x: Value): Value {
    return this.op("logSoftmax", [x]);
  }
  /** Over the last axis W (Ba, Kiros and Hinton 2016): `gamma` [W], `beta` [W] or null. */
  layerNorm(x: Value, gamma: Value, beta: Value | null, epsilon: number): Value {
    return this.op("layerNorm", beta === null ? [x, gamma] : [x, gamma, beta], { epsilon });
  }
  /** Over the last axis W (Zhang and Sennrich 2019): `gamma` [W]. */
  rmsNorm(x: Value, gamma: Value, epsilon: number): Value {
    return this.op("rmsNorm", [x, gamma], { epsilon });
  }

  /** Rows of `table` [V, ...] by `ids` int32 [...]: [...ids, ...]. Ids must be in the table. */
  gather(table: Value, ids: Value): Value {
    return this.op("gather", [table, ids]);
  }
  /** One element of each last axis: `x` [..., V], `ids` int32 [...] → [...]. */
  gatherLast(x: Value, ids: Value): Value {
    return this.op("gatherLast", [x, ids]);
  }
  /** ids [...] → float32 [..., depth]; an id outside gives zeros. */
  oneHot(ids: Value, depth: number): Value {
    return this.op("oneHot", [ids], { depth });
  }
  /** Adds each part of `x` [...ids, W...] to the row that its id names: [rows, W...]. */
  scatterAdd(ids: Value, x: Value, rows: number): Value {
    return this.op("scatterAdd", [ids, x], { rows });
  }
  /** −log softmax(logits)[target] of each row, in nats: logits [N, V], targets int32 [N] → [N]. */
  crossEntropy(logits: Value, targets: Value): Value {
    return this.op("crossEntropy", [logits, targets]);
  }

  /** x [N, C, H, W], w [O, C, h, w] → [N, O, H', W']. */
  conv2d(x: Value, w: Value, { stride = 1, padding = 0 }: WindowOptions = {}): Value {
    return this.op("conv2d", [x, w], { stride, padding });
  }
  /** The largest of each window; the stride is the window's size unless given. */
  maxPool2d(x: Value, { size, stride = size, padding = 0 }: PoolOptions): Value {
    return this.op("maxPool2d", [x], { size, stride, padding });
  }
  /** The mean of each window, padding counted as zeros; the stride is the window's size unless given. */
  averagePool2d(x: Value, { size, stride = size, padding = 0 }: PoolOptions): Value {
    return averagePool2d(this, x, { size, stride, padding });
  }

  /**
   * softmax(scale · q kᵀ + mask) v (Vaswani et al. 2017).
   * @param q [B, H, T, D]
   * @param k [B, Hkv, S, D]; each of its heads serves H / Hkv heads of `q` (Ainslie et al. 2023)
   * @param v [B, Hkv, S, E]
   * @returns [B, H, T, E]
   */
  attention(q: Value, k: Value, v: Value, options: AttentionOptions): Value {
    return attention(this, q, k, v, options);
  }

  #reduce(name: string, x: Value, axes: readonly number[] | undefined, keep: boolean): Value {
    const all = axes?.map((axis) => this.#axis(name, axis, x)) ?? x.shape.map((_, axis) => axis);
    if (all.length === 0) return x;
    return this.op(name, [x], { axes: all.toSorted((a, b) => a - b), keep });
  }

  #axis(op: string, axis: number, x: Value): number {
    try {
      return axisOf(axis, x.shape.length);
    } catch (error) {
      if (error instanceof Mismatch) this.fail(op, `${error.message}: [${x.shape.join(", ")}]`);
      throw error;
    }
  }

  #both(a: Operand, b: Operand): [Value, Value] {
    const type = typeof a === "number" ? (typeof b === "number" ? "float32" : b.type) : a.type;
    const value = (x: Operand): Value => (typeof x === "number" ? this.constant([x], [], type) : x);
    return [value(a), value(b)];
  }

  /** Whether combining with this scalar changes nothing of `other`. */
  #neutral(scalar: Value, neutral: number, other: Value): boolean {
    return this.scalarOf(scalar) === neutral && scalar.type === other.type;
  }
}

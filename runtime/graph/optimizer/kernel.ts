/** The arithmetic of optimizers over float32 in memory, in WebAssembly with SIMD: one pass instead of a dozen. */
import {
  assemble,
  type Code,
  F32,
  F64,
  f64,
  f64x2,
  get,
  I32,
  i32,
  loop,
  set,
  tee,
  V128,
  v128,
  type WasmFunction,
} from "../../wasm/assembler.ts";

/** Bytes of a vector of four numbers; every length here is a multiple of it. */
const LANE = 16;

/** All of the first arguments are addresses, `end` that of the end of the first. */
export interface OptimizerKernel {
  /** In double precision. */
  sumSquares(from: number, end: number): number;
  /** into += from */
  accumulate(into: number, from: number, end: number): void;
  /**
   * AdamW (Loshchilov and Hutter 2019): g is scaled by `scale`; `pace` is the rate over 1 − β1ᵗ, `root` is
   * 1 / √(1 − β2ᵗ), `keep` is 1 − rate · decay.
   */
  adamw(
    p: number,
    g: number,
    m: number,
    v: number,
    end: number,
    scale: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    pace: number,
    root: number,
    epsilon: number,
    keep: number,
  ): void;
  /** Gradient descent with momentum: v = momentum · v + scale · g + decay · p; p −= rate · v. */
  sgd(
    p: number,
    g: number,
    v: number,
    end: number,
    scale: number,
    momentum: number,
    rate: number,
    decay: number,
  ): void;
}

/** Memory that ONNX Runtime and the kernel both see. */
export interface Memory {
  readonly buffer: ArrayBuffer;
}

const { WebAssembly: wasm } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => Memory;
    readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
    readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  };
};

const PAGE = 65_536;

/** New memory of at least so many bytes, and the kernel over it. */
export function openMemory(bytes: number): { readonly memory: Memory; readonly kernel: OptimizerKernel } {
  const pages = Math.max(1, Math.ceil(bytes / PAGE));
  const memory = new wasm.Memory({ initial: pages, maximum: pages });
  const module = new wasm.Module(assemble([sumSquares(), accumulate(), adamw(), sgd()], pages, false));
  const { exports } = new wasm.Instance(module, { env: { memory } });
  return { memory, kernel: exports as OptimizerKernel }; // what is assembled here
}

/** Adds a vector's bytes to an address. */
const step = (address: number): Code => [...get(address), ...i32.const(LANE), ...i32.add, ...set(address)];
/** Runs over vectors from the address in `at` to that in `end`; `body` does not move `at`. */
const each = (at: number, end: number, ...body: readonly Code[]): Code =>
  loop(...body, [...get(at), ...i32.const(LANE), ...i32.add, ...tee(at), ...get(end), ...i32.sub]);
const load = (address: number): Code => [...get(address), ...v128.load(0)];
const store = (address: number, ...value: readonly Code[]): Code => [
  ...get(address),
  ...value.flat(),
  ...v128.store(0),
];
const product = (a: Code, b: Code): Code => [...a, ...b, ...v128.mul];
/** Copies numbers into all lanes of vectors. */
const splats = (pairs: readonly (readonly [number, number])[]): Code =>
  pairs.flatMap(([from, to]) => [...get(from), ...v128.splat, ...set(to)]);

function sumSquares(): WasmFunction {
  const [from, end, x, lower, upper] = [0, 1, 2, 3, 4];
  const add = (total: number, half: Code): Code => [
    ...get(total),
    ...half,
    ...f64x2.promote,
    ...tee(x),
    ...get(x),
    ...f64x2.mul,
    ...f64x2.add,
    ...set(total),
  ];
  return {
    name: "sumSquares",
    parameters: [I32, I32],
    result: F64,
    locals: [V128, V128, V128],
    body: [
      each(
        from,
        end,
        add(lower, load(from)),
        add(upper, [...load(from), ...tee(x), ...get(x), ...v128.upper]),
      ),
      [...get(lower), ...get(upper), ...f64x2.add, ...tee(lower), ...f64x2.lane(0)],
      [...get(lower), ...f64x2.lane(1), ...f64.add],
    ],
  };
}

function accumulate(): WasmFunction {
  const [into, from, end] = [0, 1, 2];
  return {
    name: "accumulate",
    parameters: [I32, I32, I32],
    result: null,
    locals: [],
    body: [each(into, end, store(into, load(into), load(from), v128.add), step(from))],
  };
}

function adamw(): WasmFunction {
  const [p, g, m, v, end] = [0, 1, 2, 3, 4];
  const numbers = [5, 6, 7, 8, 9, 10, 11, 12, 13];
  const [scale, beta1, rest1, beta2, rest2, pace, root, epsilon, keep] = numbers.map((at) => get(at + 9));
  const [gradient, mean, variance] = [23, 24, 25];
  return {
    name: "adamw",
    parameters: [I32, I32, I32, I32, I32, ...numbers.map(() => F32 as typeof F32)],
    result: null,
    locals: new Array<typeof V128>(12).fill(V128),
    body: [
      splats(numbers.map((at) => [at, at + 9])),
      each(
        p,
        end,
        [...product(load(g), scale!), ...set(gradient)],
        [...product(load(m), beta1!), ...product(get(gradient), rest1!), ...v128.add, ...set(mean)],
        [
          ...product(load(v), beta2!),
          ...product(product(get(gradient), get(gradient)), rest2!),
          ...v128.add,
          ...set(variance),
        ],
        store(m, get(mean)),
        store(v, get(variance)),
        store(
          p,
          product(load(p), keep!),
          product(get(mean), pace!),
          product([...get(variance), ...v128.sqrt], root!),
          epsilon!,
          v128.add,
          v128.div,
          v128.sub,
        ),
        step(g),
        step(m),
        step(v),
      ),
    ],
  };
}

function sgd(): WasmFunction {
  const [p, g, v, end] = [0, 1, 2, 3];
  const numbers = [4, 5, 6, 7];
  const [scale, momentum, rate, decay] = numbers.map((at) => get(at + 4));
  const velocity = 12;
  return {
    name: "sgd",
    parameters: [I32, I32, I32, I32, ...numbers.map(() => F32 as typeof F32)],
    result: null,
    locals: new Array<typeof V128>(5).fill(V128),
    body: [
      splats(numbers.map((at) => [at, at + 4])),
      each(
        p,
        end,
        [...product(load(v), momentum!), ...product(load(g), scale!), ...v128.add],
        [...product(load(p), decay!), ...v128.add, ...set(velocity)],
        store(v, get(velocity)),
        store(p, load(p), product(get(velocity), rate!), v128.sub),
        step(g),
        step(v),
      ),
    ],
  };
}

/** The arithmetic of word2vec on rows of float32, in WebAssembly with SIMD. */
import {
  assemble,
  type Code,
  F32,
  f32,
  get,
  I32,
  i32,
  loop,
  set,
  tee,
  V128,
  v128,
} from "../../wasm/assembler.ts";
import { type SharedMemory, type WasmModule, wasm } from "./webassembly.ts";

/** Bytes of a vector of four numbers. */
const LANE = 16;
/** σ and −log σ are looked up in this many steps over [−REACH, REACH], beyond which they are those of the ends. */
export const STEPS = 4096;
export const REACH = 8;
/** Places of the two tables in memory. */
export const SIGMOID_AT = 64;
export const LOSS_AT = SIGMOID_AT + 4 * STEPS;
export const TABLES_END = LOSS_AT + 4 * STEPS;

/** All arguments but `rate` and `scale` are addresses of rows or of lists of them, or counts. */
export interface Kernel {
  /**
   * One step of negative sampling (Mikolov et al. 2013, eq. 4): each of `count` outputs, listed at `outputs` as its
   * address, plus 1 where it is a true one, is moved; `work` becomes what `hidden` must be moved by.
   * @returns the sum of −log σ(±output · hidden), before the step
   */
  learn(hidden: number, outputs: number, count: number, rate: number, work: number): number;
  /** into = scale × the sum of the `count` rows listed at `rows`. */
  sum(rows: number, count: number, scale: number, into: number): void;
  /** Adds `row` to each of the `count` rows listed at `rows`. */
  addToAll(rows: number, count: number, row: number): void;
  /** row += scale × the sum over the `count` rows listed at `rows` of (that row − row). */
  merge(row: number, rows: number, count: number, scale: number, work: number): void;
  copy(from: number, to: number): void;
}

/** The two tables: σ(x), and −log σ(x), at the middle of each step. */
export function fillTables(memory: SharedMemory): void {
  const sigmoid = new Float32Array(memory.buffer, SIGMOID_AT, STEPS);
  const loss = new Float32Array(memory.buffer, LOSS_AT, STEPS);
  for (let i = 0; i < STEPS; i += 1) {
    const x = ((i + 0.5) / STEPS) * 2 * REACH - REACH;
    sigmoid[i] = 1 / (1 + Math.exp(-x));
    loss[i] = Math.log1p(Math.exp(-x));
  }
}

/** Compiles the arithmetic for rows of `rowBytes`, a multiple of 16. */
export function compileKernel(rowBytes: number, pages: number): WasmModule {
  const offsets = Array.from({ length: rowBytes / LANE }, (_, i) => i * LANE);
  return new wasm.Module(
    assemble([learn(offsets), sum(offsets), addToAll(offsets), merge(offsets), copy(offsets)], pages),
  );
}

export async function openKernel(module: WasmModule, memory: SharedMemory): Promise<Kernel> {
  const { exports } = await wasm.instantiate(module, { env: { memory } });
  return exports as unknown as Kernel; // what `compileKernel` exports
}

/** Adds `step` to a local and leaves its new value. */
const advance = (local: number, step: number): Code =>
  [...get(local), ...i32.const(step), ...i32.add, ...tee(local)].flat();
/** Turns the list's length in `count` into the address of its end. */
const endOf = (list: number, count: number): Code =>
  [...get(count), ...i32.const(2), ...i32.shl, ...get(list), ...i32.add, ...set(count)].flat();
const untilEnd = (list: number, end: number): Code => [...advance(list, 4), ...get(end), ...i32.sub];

function learn(offsets: readonly number[]) {
  const [hidden, outputs, count, rate, work] = [0, 1, 2, 3, 4];
  const [row, label, place, x, loss, g] = [5, 6, 7, 8, 9, 10];
  // Four sums, so that an addition need not wait for the one before it.
  const sums = [11, 12, 13, 14].slice(0, Math.min(4, offsets.length));
  const dot = offsets.map((offset, i): Code => {
    const into = sums[i % sums.length]!;
    const product = [...get(hidden), ...v128.load(offset), ...get(row), ...v128.load(offset), ...v128.mul];
    return i < sums.length
      ? [...product, ...set(into)]
      : [...get(into), ...product, ...v128.add, ...set(into)];
  });
  const total: Code = [
    ...get(sums[0]!),
    ...sums.slice(1).flatMap((one) => [...get(one), ...v128.add]),
    ...set(sums[0]!),
    ...[0, 1, 2, 3].flatMap((lane) => [...get(sums[0]!), ...v128.lane(lane), ...(lane === 0 ? [] : f32.add)]),
  ];
  const scale = STEPS / (2 * REACH);
  const lookUp: Code = [
    ...[...f32.const(scale), ...f32.mul, ...f32.const(STEPS / 2), ...f32.add],
    ...[...f32.const(0), ...f32.max, ...f32.const(STEPS - 1), ...f32.min],
    ...[...i32.fromFloat, ...i32.const(2), ...i32.shl, ...set(place)],
  ];
  // −log σ(x) of a true output, −log σ(−x) of another: the table read from its other end.
  const addLoss: Code = [
    ...get(loss),
    ...[...get(place), ...i32.const(4 * (STEPS - 1)), ...get(place), ...i32.sub, ...get(label), 0x1b],
    ...[...f32.load(LOSS_AT), ...f32.add, ...set(loss)],
  ];
  const step: Code = [
    ...[...get(label), ...f32.fromInt, ...get(place), ...f32.load(SIGMOID_AT), ...f32.sub],
    ...[...get(rate), ...f32.mul, ...tee(x), ...v128.splat, ...set(g)],
  ];
  const update = offsets.map(
    (offset): Code => [
      ...[...get(work), ...get(work), ...v128.load(offset)],
      ...[...get(row), ...v128.load(offset), ...tee(sums[0]!), ...get(g), ...v128.mul, ...v128.add],
      ...v128.store(offset),
      ...[...get(row), ...get(sums[0]!), ...get(hidden), ...v128.load(offset), ...get(g), ...v128.mul],
      ...[...v128.add, ...v128.store(offset)],
    ],
  );
  return {
    name: "learn",
    parameters: [I32, I32, I32, F32, I32],
    result: F32,
    locals: [I32, I32, I32, F32, F32, V128, V128, V128, V128, V128],
    body: [
      endOf(outputs, count),
      ...offsets.map((offset): Code => [...get(work), ...v128.zero, ...v128.store(offset)]),
      loop(
        [...get(outputs), ...i32.load(0), ...tee(row), ...i32.const(1), ...i32.and, ...tee(label)],
        [...set(place), ...get(row), ...get(label), ...i32.sub, ...set(row)],
        ...dot,
        total,
        lookUp,
        addLoss,
        step,
        ...update,
        untilEnd(outputs, count),
      ),
      get(loss),
    ],
  } as const;
}

function sum(offsets: readonly number[]) {
  const [rows, count, scale, into, row, factor] = [0, 1, 2, 3, 4, 5];
  return {
    name: "sum",
    parameters: [I32, I32, F32, I32],
    result: null,
    locals: [I32, V128],
    body: [
      endOf(rows, count),
      [...get(scale), ...v128.splat, ...set(factor)],
      ...offsets.map((offset): Code => [...get(into), ...v128.zero, ...v128.store(offset)]),
      loop(
        [...get(rows), ...i32.load(0), ...set(row)],
        ...offsets.map(
          (offset): Code => [
            ...[...get(into), ...get(into), ...v128.load(offset), ...get(row), ...v128.load(offset)],
            ...[...v128.add, ...v128.store(offset)],
          ],
        ),
        untilEnd(rows, count),
      ),
      ...offsets.map(
        (offset): Code => [
          ...[...get(into), ...get(into), ...v128.load(offset), ...get(factor), ...v128.mul],
          ...v128.store(offset),
        ],
      ),
    ],
  } as const;
}

function addToAll(offsets: readonly number[]) {
  const [rows, count, added, row] = [0, 1, 2, 3];
  return {
    name: "addToAll",
    parameters: [I32, I32, I32],
    result: null,
    locals: [I32],
    body: [
      endOf(rows, count),
      loop(
        [...get(rows), ...i32.load(0), ...set(row)],
        ...offsets.map(
          (offset): Code => [
            ...[...get(row), ...get(row), ...v128.load(offset), ...get(added), ...v128.load(offset)],
            ...[...v128.add, ...v128.store(offset)],
          ],
        ),
        untilEnd(rows, count),
      ),
    ],
  } as const;
}

function merge(offsets: readonly number[]) {
  const [base, rows, count, scale, work, row, factor] = [0, 1, 2, 3, 4, 5, 6];
  return {
    name: "merge",
    parameters: [I32, I32, I32, F32, I32],
    result: null,
    locals: [I32, V128],
    body: [
      endOf(rows, count),
      [...get(scale), ...v128.splat, ...set(factor)],
      ...offsets.map((offset): Code => [...get(work), ...v128.zero, ...v128.store(offset)]),
      loop(
        [...get(rows), ...i32.load(0), ...set(row)],
        ...offsets.map(
          (offset): Code => [
            ...[...get(work), ...get(work), ...v128.load(offset), ...get(row), ...v128.load(offset)],
            ...[...get(base), ...v128.load(offset), ...v128.sub, ...v128.add, ...v128.store(offset)],
          ],
        ),
        untilEnd(rows, count),
      ),
      ...offsets.map(
        (offset): Code => [
          ...[...get(base), ...get(base), ...v128.load(offset), ...get(work), ...v128.load(offset)],
          ...[...get(factor), ...v128.mul, ...v128.add, ...v128.store(offset)],
        ],
      ),
    ],
  } as const;
}

function copy(offsets: readonly number[]) {
  const [from, to] = [0, 1];
  return {
    name: "copy",
    parameters: [I32, I32],
    result: null,
    locals: [],
    body: offsets.map(
      (offset): Code => [...[...get(to), ...get(from), ...v128.load(offset), ...v128.store(offset)]],
    ),
  } as const;
}

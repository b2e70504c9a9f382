/**
 * WebAssembly modules made in memory: as much of the binary format (WebAssembly Core 2.0, chapter 5) as loops over
 * vectors of float32 need. JavaScript has no SIMD of its own; four numbers at a time is where the speed is.
 */

/** Opcodes and their immediates, as bytes. */
export type Code = readonly number[];

export const I32 = 0x7f;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const V128 = 0x7b;
export type ValueType = typeof I32 | typeof F32 | typeof F64 | typeof V128;

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit number. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const vector = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const name = (text: string): number[] => [...unsigned(text.length), ...Buffer.from(text, "latin1")];
const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number): Code => [0x21, ...unsigned(local)];
export const tee = (local: number): Code => [0x22, ...unsigned(local)];

/** Addresses are of multiples of 4 (`i32`, `f32`) or 16 bytes (`v128`). */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  load: (offset: number): Code => [0x28, 2, ...unsigned(offset)],
  add: [0x6a] as Code,
  sub: [0x6b] as Code,
  and: [0x71] as Code,
  shl: [0x74] as Code,
  eqz: [0x45] as Code,
  /** Toward zero; what is beyond the range is its nearest end, and NaN is 0. */
  fromFloat: [0xfc, 0x00] as Code,
} as const;

const float = Buffer.alloc(4);
export const f32 = {
  const: (value: number): Code => {
    float.writeFloatLE(value);
    return [0x43, ...float];
  },
  load: (offset: number): Code => [0x2a, 2, ...unsigned(offset)],
  add: [0x92] as Code,
  sub: [0x93] as Code,
  mul: [0x94] as Code,
  min: [0x96] as Code,
  max: [0x97] as Code,
  fromInt: [0xb2] as Code,
} as const;

function upperHalf(): number[] {
  return [8, 9, 10, 11, 12, 13, 14, 15];
}

export const v128 = {
  load: (offset: number): Code => [...simd(0x00), 4, ...unsigned(offset)],
  store: (offset: number): Code => [...simd(0x0b), 4, ...unsigned(offset)],
  zero: [...simd(0x0c), ...new Array<number>(16).fill(0)] as Code,
  splat: simd(0x13),
  lane: (lane: number): Code => [...simd(0x1f), lane],
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
  sqrt: simd(0xe3),
  /** The upper two of four numbers, twice. */
  upper: [...simd(0x0d), ...upperHalf(), ...upperHalf()] as Code,
} as const;

export const f64 = { add: [0xa0] as Code } as const;

/** Two numbers of double precision. */
export const f64x2 = {
  /** Of the lower two of four single ones. */
  promote: simd(0x5f),
  lane: (lane: number): Code => [...simd(0x21), lane],
  add: simd(0xf0),
  mul: simd(0xf2),
} as const;

/** Runs `body`, and again while the i32 that it leaves is not 0. */
export const loop = (...body: readonly Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0d, 0, 0x0b];
/** Runs `body` where the i32 before it is not 0. */
export const when = (...body: readonly Code[]): Code => [0x04, 0x40, ...body.flat(), 0x0b];

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | null;
  /** Further locals, numbered after the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: readonly Code[];
}

/** A module over one imported memory of so many pages, `env.memory`; shared between threads unless told otherwise. */
export function assemble(
  functions: readonly WasmFunction[],
  pages: number,
  shared = true,
): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: readonly number[]): number[] => [
    id,
    ...unsigned(content.length),
    ...content,
  ];
  const types = functions.map(({ parameters, result }) => [
    0x60,
    ...vector(parameters.map((type) => [type])),
    ...vector(result === null ? [] : [[result]]),
  ]);
  const limits = [shared ? 0x03 : 0x01, ...unsigned(pages), ...unsigned(pages)];
  const memory = [...name("env"), ...name("memory"), 0x02, ...limits];
  const bodies = functions.map(({ locals, body }) => {
    const code = [...vector(locals.map((type) => [1, type])), ...body.flat(), 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.map((one, index) => [...name(one.name), 0x00, ...unsigned(index)]))),
    ...section(10, vector(bodies)),
  ]);
}

/**
 * fast.bin: a portable model as a JSON header and typed arrays, little-endian, each array at a multiple of 8 bytes.
 * Bytes: `MLOPSFB1`, u32 length of the header, u32 CRC-32 of all that follows it, the header padded with spaces to
 * 8 bytes, the arrays.
 */
import { crc32 } from "node:zlib";
import type { Learner, LinearLearner, NetworkLearner, PortableModel, TreeLearner } from "./form.ts";

const MAGIC = Buffer.from("MLOPSFB1", "latin1");
const PREFIX = 16;

/** A model's file that is not what was written. */
export class DamagedModel extends Error {
  readonly file: string;
  readonly problem: string;
  constructor(problem: string, file = "fast.bin") {
    super(`${file} is damaged: ${problem}`);
    this.name = "DamagedModel";
    this.file = file;
    this.problem = problem;
  }
}

const TYPES = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  u8: Uint8Array,
} as const;
type TypeName = keyof typeof TYPES;
type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

const TREE_ARRAYS = {
  base: "f64",
  roots: "i32",
  output: "i32",
  feature: "i32",
  threshold: "f64",
  set: "i32",
  setWords: "i32",
  sets: "u32",
  left: "i32",
  right: "i32",
  missingLeft: "u8",
  value: "f64",
  gain: "f64",
  cover: "f64",
} as const satisfies Partial<Record<keyof TreeLearner, TypeName>>;
const LINEAR_ARRAYS = { intercept: "f64", weights: "f64" } as const satisfies Partial<
  Record<keyof LinearLearner, TypeName>
>;
const NETWORK_ARRAYS = {
  parameters: "f32",
  order: "i32",
  offset: "f64",
  factor: "f64",
  outOffset: "f64",
  outFactor: "f64",
} as const satisfies Partial<Record<keyof NetworkLearner, TypeName>>;

const ARRAYS: Readonly<Record<Learner["is"], Readonly<Record<string, TypeName>>>> = {
  trees: TREE_ARRAYS,
  linear: LINEAR_ARRAYS,
  network: NETWORK_ARRAYS,
};

interface Header {
  readonly model: Omit<PortableModel, "learner"> & { readonly learner: Readonly<Record<string, unknown>> };
  readonly arrays: Readonly<Record<string, { readonly offset: number; readonly length: number }>>;
}

const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** Encodes a model. The same model gives the same bytes. */
export function writeFastBin(model: PortableModel): Uint8Array {
  const arrays: Record<string, { offset: number; length: number }> = {};
  const parts: Buffer[] = [];
  let offset = 0;
  const scalars: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(model.learner)) {
    if (!ArrayBuffer.isView(value)) {
      scalars[name] = value;
      continue;
    }
    arrays[name] = { offset, length: (value as Numbers).length };
    const part = Buffer.alloc(padded(value.byteLength));
    part.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    parts.push(part);
    offset += part.length;
  }
  const header: Header = { model: { ...model, learner: scalars }, arrays };
  const text = Buffer.from(JSON.stringify(header));
  const json = Buffer.alloc(padded(text.length), " ");
  text.copy(json);
  const body = Buffer.concat([json, ...parts]);
  const prefix = Buffer.alloc(PREFIX);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(json.length, 8);
  prefix.writeUInt32LE(crc32(body), 12);
  return Buffer.concat([prefix, body]);
}

/** Decodes a model; throws `DamagedModel`. The arrays are views of `bytes` where its alignment allows. */
export function readFastBin(bytes: Uint8Array): PortableModel {
  // Node's small buffers stand anywhere in a shared pool; typed arrays need 8-byte places.
  const aligned = bytes.buffer instanceof ArrayBuffer && bytes.byteOffset % 8 === 0;
  const buffer = aligned ? (bytes.buffer as ArrayBuffer) : new Uint8Array(bytes).buffer;
  const from = aligned ? bytes.byteOffset : 0;
  const view = Buffer.from(buffer, from, bytes.byteLength);
  if (view.length < PREFIX || !view.subarray(0, 8).equals(MAGIC))
    throw new DamagedModel("it does not begin as one");
  const headerLength = view.readUInt32LE(8);
  if (PREFIX + headerLength > view.length) throw new DamagedModel("it ends within its header");
  if (crc32(view.subarray(PREFIX)) !== view.readUInt32LE(12)) throw new DamagedModel("its checksum differs");
  const header = JSON.parse(view.toString("utf8", PREFIX, PREFIX + headerLength)) as Header;
  if (header.model?.format !== 1)
    throw new DamagedModel(`its format is ${String(header.model?.format)}, not 1`);
  const start = from + PREFIX + headerLength;
  const array = (name: string, type: TypeName): Numbers => {
    const place = header.arrays[name];
    if (place === undefined) throw new DamagedModel(`it has no ${name}`);
    const size = place.length * TYPES[type].BYTES_PER_ELEMENT;
    if (place.offset % 8 !== 0 || start + place.offset + size > from + bytes.byteLength) {
      throw new DamagedModel(`${name} is not within it`);
    }
    return new TYPES[type](buffer, start + place.offset, place.length);
  };
  const kind = String(header.model.learner["is"]);
  if (!Object.hasOwn(ARRAYS, kind)) throw new DamagedModel(`no ${kind} is known here`);
  const names = ARRAYS[kind as Learner["is"]];
  const arrays = Object.fromEntries(Object.entries(names).map(([name, type]) => [name, array(name, type)]));
  // The header was written by `writeFastBin` from this very type, and its checksum holds.
  const learner = { ...header.model.learner, ...arrays } as unknown as Learner;
  return { ...header.model, learner };
}

/**
 * The safetensors format (https://github.com/huggingface/safetensors#format): eight bytes with the header's length,
 * a JSON header of `{name: {dtype, shape, data_offsets}}`, and the tensors' bytes, little-endian and row-major.
 */
import { type Shape, sizeOf, type TensorData } from "../graph/graph.ts";
import { halvesToFloats, upperHalvesToFloats, wholeNumbers } from "./numbers.ts";

/** Bytes that are not a safetensors file, or tensors that cannot be read here; `reason` is the end of a sentence. */
export class TensorFileError extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`not a readable safetensors file: ${reason}`);
    this.name = "TensorFileError";
    this.reason = reason;
  }
}

export interface TensorFile {
  readonly tensors: Map<string, TensorData>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** One tensor as a file's header names it. */
export interface TensorHeader {
  readonly name: string;
  /** `F32`, `BF16`, `I64`… */
  readonly dtype: string;
  readonly shape: Shape;
  /** First byte and the one after the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** As the format's own library: no header is longer. */
const LONGEST_HEADER = 100_000_000;
const METADATA = "__metadata__";
const WRITTEN = { float32: "F32", int32: "I32", bool: "BOOL" } as const;
const BYTES: Readonly<Record<string, number>> = {
  F64: 8,
  I64: 8,
  F32: 4,
  I32: 4,
  F16: 2,
  BF16: 2,
  BOOL: 1,
  U8: 1,
};

/**
 * The file of these tensors, in the order of their names (conditions last, so that every number stays aligned):
 * equal tensors give equal bytes.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorData>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const ordered = [...tensors].sort(
    ([name, { type }], [other, { type: otherType }]) =>
      Number(type === "bool") - Number(otherType === "bool") || compare(name, other),
  );
  const entries: string[] = [];
  const notes = Object.keys(metadata).sort(compare);
  if (notes.length > 0) {
    const pairs = notes.map((name) => `${JSON.stringify(name)}:${JSON.stringify(metadata[name])}`);
    entries.push(`"${METADATA}":{${pairs.join(",")}}`);
  }
  let at = 0;
  for (const [name, { type, shape, data }] of ordered) {
    if (name === METADATA) throw new Error(`no tensor may be called ${METADATA}`);
    if (data.length !== sizeOf(shape))
      throw new Error(`${name} holds ${data.length} numbers, not [${shape}]`);
    const end = at + data.byteLength;
    const about = { dtype: WRITTEN[type], shape, data_offsets: [at, end] };
    entries.push(`${JSON.stringify(name)}:${JSON.stringify(about)}`);
    at = end;
  }
  const json = Buffer.from(`{${entries.join(",")}}`);
  const header = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + header + at);
  new DataView(file.buffer).setBigUint64(0, BigInt(header), true);
  file.fill(0x20, 8, 8 + header);
  file.set(json, 8);
  let offset = 8 + header;
  for (const [, { data }] of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

/**
 * Reads F32, F16, BF16 and F64 as float32, I32, I64 and U8 as int32, BOOL as bool; the tensors are copies.
 * @param wanted which tensors to read; the others may be of any type
 * @throws TensorFileError for what is no such file, a type that is not read here, an I64 beyond 32 bits
 */
export function readSafetensors(
  bytes: Uint8Array,
  wanted: (name: string) => boolean = () => true,
): TensorFile {
  const { headers, metadata, start } = readSafetensorsHeader(bytes);
  const tensors = new Map<string, TensorData>();
  for (const header of headers) {
    if (!wanted(header.name)) continue;
    // A copy of its own, aligned for any type (a Buffer's own `slice` would share its memory).
    const data = new Uint8Array(bytes.subarray(start + header.begin, start + header.end)).buffer;
    tensors.set(header.name, tensorOf(header, data));
  }
  return { tensors, metadata };
}

/** What the file holds, without its tensors; `start` is where their bytes begin. Needs the whole file's bytes. */
export function readSafetensorsHeader(bytes: Uint8Array): {
  readonly headers: readonly TensorHeader[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly start: number;
} {
  if (bytes.length < 8) throw new TensorFileError(`it has ${bytes.length} bytes, not even a header's length`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > LONGEST_HEADER)
    throw new TensorFileError("what should be its header's length is no such number");
  const start = 8 + length;
  if (start > bytes.length) throw new TensorFileError(`it ends within its header of ${length} bytes`);
  const { [METADATA]: notes, ...entries } = parsed(bytes.subarray(8, start));
  const headers = Object.entries(entries).map(([name, value]) => headerOf(name, value));
  checkLayout(headers, bytes.length - start);
  return { headers, metadata: metadataOf(notes), start };
}

function parsed(header: Uint8Array): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(header));
  } catch {
    throw new TensorFileError("its header is not JSON");
  }
  if (!isObject(json)) throw new TensorFileError("its header is no JSON object");
  return json;
}

function metadataOf(notes: unknown): Record<string, string> {
  if (notes === undefined) return {};
  if (isObject(notes) && Object.values(notes).every((note) => typeof note === "string"))
    return notes as Record<string, string>;
  throw new TensorFileError(`its ${METADATA} is no table of texts`);
}

function headerOf(name: string, value: unknown): TensorHeader {
  const wrong = (what: string) => new TensorFileError(`${what} of ${name} is not right`);
  if (!isObject(value)) throw wrong("the entry");
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string") throw wrong("the dtype");
  if (!isSizes(shape)) throw wrong("the shape");
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) throw wrong("data_offsets");
  const [begin, end] = offsets as [number, number];
  const size = BYTES[dtype];
  if (size !== undefined && end - begin !== sizeOf(shape) * size)
    throw new TensorFileError(`${name} is ${dtype} [${shape.join(", ")}] in ${end - begin} bytes`);
  return { name, dtype, shape, begin, end };
}

/** The format allows neither holes nor shared bytes: a file that was cut short shows here. */
function checkLayout(headers: readonly TensorHeader[], bytes: number): void {
  let at = 0;
  for (const { name, begin, end } of [...headers].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) throw new TensorFileError(`${name} begins at byte ${begin} of the data, not at ${at}`);
    at = end;
  }
  if (at !== bytes) throw new TensorFileError(`its tensors take ${at} bytes and it holds ${bytes}`);
}

function tensorOf({ name, dtype, shape }: TensorHeader, data: ArrayBuffer): TensorData {
  const float = (values: Float32Array): TensorData => ({ type: "float32", shape, data: values });
  switch (dtype) {
    case "F32":
      return float(new Float32Array(data));
    case "F64":
      return float(Float32Array.from(new Float64Array(data)));
    case "F16":
      return float(halvesToFloats(new Uint16Array(data)));
    case "BF16":
      return float(upperHalvesToFloats(new Uint16Array(data)));
    case "I32":
      return { type: "int32", shape, data: new Int32Array(data) };
    case "U8":
      return { type: "int32", shape, data: Int32Array.from(new Uint8Array(data)) };
    case "BOOL":
      return { type: "bool", shape, data: new Uint8Array(data) };
    case "I64": {
      const whole = wholeNumbers(new BigInt64Array(data));
      if (whole === null) throw new TensorFileError(`${name} has whole numbers beyond 32 bits`);
      return { type: "int32", shape, data: whole };
    }
    default:
      throw new TensorFileError(`${name} is of type ${dtype}, which is not read here`);
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

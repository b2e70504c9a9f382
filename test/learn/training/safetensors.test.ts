import { describe, expect, it } from "vitest";
import type { TensorData } from "../../../runtime/graph/graph.ts";
import { readSafetensors, TensorFileError, writeSafetensors } from "../../../runtime/network/safetensors.ts";

const floats = (shape: number[], ...data: number[]): TensorData => ({
  type: "float32",
  shape,
  data: Float32Array.from(data),
});

/** A file with this header and these bytes behind it. */
function fileOf(header: string | object, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

const entry = (dtype: string, shape: number[], bytes: number) => ({
  x: { dtype, shape, data_offsets: [0, bytes] },
});

describe("safetensors", () => {
  const tensors = new Map<string, TensorData>([
    ["b.weight", floats([2, 3], 1, -2, 3.5, 0, -0, 1e-45)],
    ["mask", { type: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) }],
    ["a.bias", floats([1], Number.NaN)],
    ["ids", { type: "int32", shape: [2], data: Int32Array.of(-1, 2_000_000_000) }],
    ["scalar", floats([], 7)],
    ["empty", floats([0, 4])],
  ]);

  it("reads what it wrote, bit for bit", () => {
    const read = readSafetensors(writeSafetensors(tensors, { alpha: "16", note: 'say "é"' }));
    expect(read.metadata).toEqual({ alpha: "16", note: 'say "é"' });
    expect(read.tensors.size).toBe(tensors.size);
    for (const [name, { type, shape, data }] of tensors) {
      const other = read.tensors.get(name)!;
      expect(other.type).toBe(type);
      expect(other.shape).toEqual(shape);
      expect(Buffer.from(other.data.buffer)).toEqual(Buffer.from(data.buffer));
    }
  });

  it("gives equal bytes whatever the order, in a header of whole eights", () => {
    const bytes = writeSafetensors(tensors, { a: "1", b: "2" });
    expect(writeSafetensors(new Map([...tensors].reverse()), { b: "2", a: "1" })).toEqual(bytes);
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  it("reads halves, doubles and long whole numbers", () => {
    const half = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x3555);
    const read = (dtype: string, data: ArrayBufferView, shape: number[]) =>
      readSafetensors(fileOf(entry(dtype, shape, data.byteLength), new Uint8Array(data.buffer))).tensors.get(
        "x",
      )!.data;
    expect([...read("F16", half, [6])]).toEqual([1, -2, 65504, 2 ** -24, Infinity, 0.333251953125]);
    expect([...read("BF16", Uint16Array.of(0x3f80, 0xc049), [2])]).toEqual([1, -3.140625]);
    expect([...read("F64", Float64Array.of(0.5, 1 / 3), [2])]).toEqual([0.5, Math.fround(1 / 3)]);
    expect([...read("I64", BigInt64Array.of(-3n, 2n ** 31n - 1n), [1, 2])]).toEqual([-3, 2 ** 31 - 1]);
    expect([...read("U8", Uint8Array.of(0, 255), [2])]).toEqual([0, 255]);
  });

  it("leaves unread what is not wanted, of whatever type", () => {
    const header = {
      a: { dtype: "F8_E4M3", shape: [4], data_offsets: [0, 4] },
      b: { dtype: "F32", shape: [1], data_offsets: [4, 8] },
    };
    const file = fileOf(header, new Uint8Array(8));
    expect([...readSafetensors(file, (name) => name === "b").tensors.keys()]).toEqual(["b"]);
    expect(() => readSafetensors(file)).toThrow(/a is of type F8_E4M3/);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(0), /0 bytes/],
    ["another format", Buffer.from("PK\u0003\u0004 not tensors at all"), /no such number/],
    ["a cut header", fileOf(entry("F32", [1], 4)).subarray(0, 20), /ends within its header/],
    ["no JSON", fileOf("{x"), /not JSON/],
    ["a list", fileOf("[]"), /no JSON object/],
    ["cut data", fileOf(entry("F32", [2], 8), new Uint8Array(4)), /take 8 bytes and it holds 4/],
    ["a wrong size", fileOf(entry("F32", [3], 8), new Uint8Array(8)), /x is F32 \[3\] in 8 bytes/],
    ["a negative size", fileOf(entry("F32", [-1], 4), new Uint8Array(4)), /the shape of x/],
    [
      "a hole",
      fileOf({ x: { dtype: "U8", shape: [1], data_offsets: [3, 4] } }, new Uint8Array(4)),
      /begins at byte 3/,
    ],
    ["notes that are numbers", fileOf({ __metadata__: { a: 1 } }), /no table of texts/],
    ["huge whole numbers", fileOf(entry("I64", [1], 8), new Uint8Array(8).fill(0x7f)), /beyond 32 bits/],
  ])("refuses %s, and says why", (_, bytes, reason) => {
    expect(() => readSafetensors(bytes)).toThrow(TensorFileError);
    expect(() => readSafetensors(bytes)).toThrow(reason);
  });
});

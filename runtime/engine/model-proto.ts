/** ONNX messages (onnx.proto, IR version 10) as protobuf bytes, as far as models here need them. */
import protobuf from "protobufjs/minimal.js";

type Writer = protobuf.Writer;

export const DATA_TYPE = {
  float: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  double: 11,
} as const;
export type DataType = keyof typeof DATA_TYPE;

export interface Tensor {
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly values: Float64Array | Float32Array | Int32Array | Uint8Array | BigInt64Array | readonly string[];
}

export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly tensor: Tensor }
  | { readonly ints: ArrayLike<number> }
  | { readonly strings: readonly string[] };

export interface Node {
  /** For errors and profiles. */
  readonly name?: string;
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A graph input or output; a string among the dimensions names a free one. */
export interface Value {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly (number | string)[];
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly nodes: readonly Node[];
}

const IR_VERSION = 10;
const VARINT = 0;
const FIXED32 = 5;
const BYTES = 2;

/**
 * Encodes a model.
 * @param opsets version by domain; the empty domain is ONNX's own
 */
export function encodeModel(graph: Graph, opsets: Readonly<Record<string, number>>): Uint8Array {
  const writer = protobuf.Writer.create();
  int(writer, 1, IR_VERSION);
  text(writer, 2, "mlops");
  message(writer, 7, () => writeGraph(writer, graph));
  for (const [domain, version] of Object.entries(opsets)) {
    message(writer, 8, () => {
      text(writer, 1, domain);
      int(writer, 2, version);
    });
  }
  return writer.finish();
}

function int(writer: Writer, field: number, value: number): void {
  writer.uint32((field << 3) | VARINT).int64(value);
}

function text(writer: Writer, field: number, value: string): void {
  writer.uint32((field << 3) | BYTES).string(value);
}

function bytes(writer: Writer, field: number, value: Uint8Array): void {
  writer.uint32((field << 3) | BYTES).bytes(value);
}

function message(writer: Writer, field: number, write: () => void): void {
  writer.uint32((field << 3) | BYTES).fork();
  write();
  writer.ldelim();
}

function writeGraph(writer: Writer, graph: Graph): void {
  for (const node of graph.nodes) message(writer, 1, () => writeNode(writer, node));
  text(writer, 2, graph.name);
  for (const [name, tensor] of graph.constants) message(writer, 5, () => writeTensor(writer, tensor, name));
  for (const value of graph.inputs) message(writer, 11, () => writeValue(writer, value));
  for (const value of graph.outputs) message(writer, 12, () => writeValue(writer, value));
}

function writeNode(writer: Writer, node: Node): void {
  for (const name of node.inputs) text(writer, 1, name);
  for (const name of node.outputs) text(writer, 2, name);
  if (node.name !== undefined) text(writer, 3, node.name);
  text(writer, 4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    message(writer, 5, () => writeAttribute(writer, name, attribute));
  }
  if (node.domain !== "") text(writer, 7, node.domain);
}

function writeAttribute(writer: Writer, name: string, attribute: Attribute): void {
  text(writer, 1, name);
  let type: number;
  if ("int" in attribute) {
    int(writer, 3, attribute.int);
    type = 2;
  } else if ("float" in attribute) {
    writer.uint32((2 << 3) | FIXED32).float(attribute.float);
    type = 1;
  } else if ("string" in attribute) {
    text(writer, 4, attribute.string);
    type = 3;
  } else if ("tensor" in attribute) {
    message(writer, 5, () => writeTensor(writer, attribute.tensor, name));
    type = 4;
  } else if ("ints" in attribute) {
    bytes(writer, 8, packed(attribute.ints));
    type = 7;
  } else {
    for (const value of attribute.strings) text(writer, 9, value);
    type = 8;
  }
  int(writer, 20, type);
}

function writeTensor(writer: Writer, tensor: Tensor, name: string): void {
  for (const size of tensor.dims) int(writer, 1, size);
  int(writer, 2, DATA_TYPE[tensor.type]);
  text(writer, 8, name);
  const { values } = tensor;
  if (ArrayBuffer.isView(values)) {
    // Little-endian, as every machine that Node runs on is.
    bytes(writer, 9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  } else {
    for (const value of values) text(writer, 6, value);
  }
}

function writeValue(writer: Writer, value: Value): void {
  text(writer, 1, value.name);
  message(writer, 2, () =>
    message(writer, 1, () => {
      int(writer, 1, DATA_TYPE[value.type]);
      message(writer, 2, () => {
        for (const size of value.dims) {
          message(writer, 1, () => (typeof size === "number" ? int(writer, 1, size) : text(writer, 2, size)));
        }
      });
    }),
  );
}

/** Varints one after the other. Trees have hundreds of thousands, too many for a writer's call each. */
function packed(values: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(values.length * 10);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    let value = values[i]!;
    if (value < 0 || value > 0x7fff_ffff) throw new Error(`${value} does not fit a tree's index`);
    while (value > 0x7f) {
      out[at++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    out[at++] = value;
  }
  return out.subarray(0, at);
}

/** TensorFlow's C interface, as @tensorflow/tfjs-node binds it: operations run at once, on tensors known by number. */
import { createRequire } from "node:module";
import util from "node:util";
import type { DType, Shape, TensorData } from "../graph.ts";

type Data = Float32Array | Int32Array | Uint8Array;

interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  createTensor(shape: readonly number[], type: number, data: Data): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Data;
  executeOp(
    op: string,
    attributes: readonly { name: string; type: number; value: unknown }[],
    inputs: readonly number[],
    outputs: number,
  ): readonly { readonly id: number }[];
}

/** What is used of the package, which brings its own types only with its install step. */
export interface Tensorflow {
  tensor1d(values: readonly number[]): { mul(by: number): { data(): Promise<ArrayLike<number>> } };
  ready(): Promise<void>;
  backend(): { readonly binding: Binding };
}

/** Loads the package; throws the loader's own error when it cannot. */
export function loadTensorflow(): Tensorflow {
  // tfjs-node 4.22 calls functions that Node 23 removed.
  const old = util as unknown as Record<string, unknown>;
  old["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  old["isArray"] ??= Array.isArray;
  // It announces itself on standard error while it is required.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  process.env["TF_ENABLE_ONEDNN_OPTS"] ??= "1";
  return createRequire(import.meta.url)("@tensorflow/tfjs-node") as Tensorflow;
}

/** A tensor in TensorFlow's memory. */
export type Handle = number;

export type AttributeValue =
  | number
  | boolean
  | string
  | readonly number[]
  | { readonly type: DType }
  | { readonly float: number };

/** Runs operations, and frees what they made. */
export class TensorflowOps {
  readonly #binding: Binding;
  readonly #constants = new Map<string, Handle>();
  #made: Handle[] = [];

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** One operation's results; the last argument but one tells how many there are. */
  all(
    op: string,
    inputs: readonly Handle[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    outputs = 1,
  ): Handle[] {
    const given = Object.entries(attributes).map(([name, value]) => this.#attribute(name, value));
    const results = this.#binding.executeOp(op, given, inputs, outputs).map(({ id }) => id);
    this.#made.push(...results);
    return results;
  }

  run(op: string, inputs: readonly Handle[], attributes?: Readonly<Record<string, AttributeValue>>): Handle {
    return this.all(op, inputs, attributes)[0]!;
  }

  /** An operation on floats. */
  float(op: string, ...inputs: readonly Handle[]): Handle {
    return this.run(op, inputs, { T: { type: "float32" } });
  }

  /** A float, kept until the end. */
  scalar(value: number): Handle {
    return this.#constant(`${value}`, () => ({ type: "float32", shape: [], data: Float32Array.of(value) }));
  }

  int(value: number): Handle {
    return this.#constant(`int ${value}`, () => ({ type: "int32", shape: [], data: Int32Array.of(value) }));
  }

  /** A vector of whole numbers or a matrix of them, kept until the end: shapes, axes, paddings. */
  ints(values: readonly number[], shape: Shape = [values.length]): Handle {
    return this.#constant(`ints ${shape.join()} ${values.join()}`, () => ({
      type: "int32",
      shape,
      data: Int32Array.from(values),
    }));
  }

  put({ type, shape, data }: TensorData): Handle {
    return this.#binding.createTensor(shape, this.#type(type), data);
  }

  get(type: DType, shape: Shape, id: Handle): TensorData {
    const data = this.#binding.tensorDataSync(id);
    // Results are views of TensorFlow's memory, which goes with the tensor.
    if (type === "float32") return { type, shape, data: Float32Array.from(data) };
    if (type === "int32") return { type, shape, data: Int32Array.from(data) };
    return { type, shape, data: Uint8Array.from(data) };
  }

  free(ids: Iterable<Handle>): void {
    for (const id of new Set(ids)) this.#binding.deleteTensor(id);
  }

  /** Runs a rule and frees all that it made but its result. */
  keeping(rule: () => Handle): Handle {
    const before = this.#made;
    this.#made = [];
    const result = rule();
    this.free(this.#made.filter((id) => id !== result));
    this.#made = before;
    return result;
  }

  release(): void {
    this.free(this.#constants.values());
    this.#constants.clear();
  }

  #constant(name: string, tensor: () => TensorData): Handle {
    let id = this.#constants.get(name);
    if (id === undefined) {
      id = this.put(tensor());
      this.#constants.set(name, id);
    }
    return id;
  }

  #type(type: DType): number {
    const { TF_FLOAT, TF_INT32, TF_BOOL } = this.#binding;
    return type === "float32" ? TF_FLOAT : type === "int32" ? TF_INT32 : TF_BOOL;
  }

  #attribute(name: string, value: AttributeValue): { name: string; type: number; value: unknown } {
    const { TF_ATTR_STRING, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_TYPE } = this.#binding;
    if (typeof value === "boolean") return { name, type: TF_ATTR_BOOL, value };
    if (typeof value === "string") return { name, type: TF_ATTR_STRING, value };
    if (typeof value === "number") return { name, type: TF_ATTR_INT, value };
    if ("type" in value) return { name, type: TF_ATTR_TYPE, value: this.#type(value.type) };
    if ("float" in value) return { name, type: TF_ATTR_FLOAT, value: value.float };
    return { name, type: TF_ATTR_INT, value };
  }
}

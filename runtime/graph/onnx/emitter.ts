/** An ONNX graph under construction. */
import type { Attribute, DataType, Graph, Node, Tensor, Value } from "../../engine/model-proto.ts";
import type { DType, Shape, TensorData } from "../graph.ts";

/** The name that ONNX has for a type. */
export const ONNX_TYPE: Readonly<Record<DType, DataType>> = {
  float32: "float",
  int32: "int32",
  bool: "bool",
};

/** Operators that ONNX Runtime adds to ONNX's own. */
export const MICROSOFT = "com.microsoft";

export type AttributeValue = number | string | readonly number[] | { readonly float: number };

export interface EmitOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly domain?: string;
  /** How many results there are. */
  readonly outputs?: number;
}

export class Emitter {
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Tensor>();
  readonly #known = new Map<string, readonly string[]>();
  readonly #byProducts = new Map<string, string>();
  #scope = "";

  /** Nodes emitted from now on belong to this layer. */
  enter(scope: string): void {
    this.#scope = scope;
  }

  /** Adds a node and gives its first result; the same node twice is one. */
  emit(op: string, inputs: readonly string[], options: EmitOptions = {}): string {
    return this.emitAll(op, inputs, options)[0]!;
  }

  /** Adds a node and gives all its results. */
  emitAll(op: string, inputs: readonly string[], options: EmitOptions = {}): readonly string[] {
    const { attributes = {}, domain = "", outputs = 1 } = options;
    const key = JSON.stringify([op, domain, inputs, attributes, outputs]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = this.#nodes.length;
    const results = Array.from({ length: outputs }, (_, index) => `${op}_${number}_${index}`);
    this.#nodes.push({
      name: `${this.#scope === "" ? "" : `${this.#scope}/`}${op}_${number}`,
      op,
      domain,
      inputs,
      outputs: results,
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)]),
      ),
    });
    this.#known.set(key, results);
    return results;
  }

  /** A constant tensor, under its own name. */
  constant(name: string, tensor: TensorData): string {
    this.#constants.set(name, {
      type: ONNX_TYPE[tensor.type],
      dims: tensor.shape,
      values: tensor.data,
    });
    return name;
  }

  /** A float that is the same wherever it is used. */
  float(value: number): string {
    return this.#small(`float ${value}`, { type: "float", dims: [], values: Float32Array.of(value) });
  }

  int(value: number): string {
    return this.#small(`int ${value}`, { type: "int32", dims: [], values: Int32Array.of(value) });
  }

  /** Shapes, axes and positions: what ONNX takes as a vector of int64. */
  longs(values: readonly number[]): string {
    const tensor: Tensor = {
      type: "int64",
      dims: [values.length],
      values: BigInt64Array.from(values, BigInt),
    };
    return this.#small(`longs ${values.join(" ")}`, tensor);
  }

  /** Keeps a by-product of a node for whoever may need it. */
  remember(what: string, name: string): void {
    this.#byProducts.set(what, name);
  }

  recall(what: string): string | null {
    return this.#byProducts.get(what) ?? null;
  }

  reshape(x: string, shape: Shape): string {
    return this.emit("Reshape", [x, this.longs(shape)]);
  }

  /** The graph so far. */
  graph(name: string, inputs: readonly Value[], outputs: readonly Value[]): Graph {
    return { name, inputs, outputs, constants: this.#constants, nodes: this.#nodes };
  }

  #small(name: string, tensor: Tensor): string {
    if (!this.#constants.has(name)) this.#constants.set(name, tensor);
    return name;
  }
}

function attributeOf(value: AttributeValue): Attribute {
  if (typeof value === "number") return { int: value };
  if (typeof value === "string") return { string: value };
  return "float" in value ? value : { ints: value };
}

/** Builds an ONNX graph node by node: operators of opset 21 and ai.onnx.ml 5, numbers in double throughout. */
import { type Attribute, encodeModel, type Node, type Tensor, type Value } from "../../engine/model-proto.ts";

export const OPSETS = { "": 21, "ai.onnx.ml": 5, "com.microsoft": 1 } as const;

export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Tensor>();
  readonly #shared = new Map<string, string>();
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #domains = new Set<keyof typeof OPSETS>([""]);
  #next = 0;

  input(value: Value): string {
    this.#inputs.push(value);
    return value.name;
  }

  /** Names a value as an output of the graph. */
  output(value: Value, from: string): void {
    this.#nodes.push({ op: "Identity", domain: "", inputs: [from], outputs: [value.name], attributes: {} });
    this.#outputs.push(value);
  }

  /** Adds an operator with one output and returns that output's name. */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain: keyof typeof OPSETS = "",
  ): string {
    const output = `v${this.#next++}`;
    this.#nodes.push({ op, domain, inputs, outputs: [output], attributes });
    this.#domains.add(domain);
    return output;
  }

  constant(tensor: Tensor): string {
    const name = `c${this.#constants.size}`;
    this.#constants.set(name, tensor);
    return name;
  }

  /** A double without dimensions, shared by all who ask for it. */
  number(value: number): string {
    return this.#share(`number ${Object.is(value, -0) ? "-0" : value}`, {
      type: "double",
      dims: [],
      values: Float64Array.of(value),
    });
  }

  /** A string without dimensions. */
  text(value: string): string {
    return this.#share(`text ${value}`, { type: "string", dims: [], values: [value] });
  }

  /** [values.length] doubles. */
  numbers(values: readonly number[]): string {
    return this.constant({ type: "double", dims: [values.length], values: Float64Array.from(values) });
  }

  /** [values.length] int64. */
  integers(values: readonly number[]): string {
    return this.#share(`integers ${values.join()}`, {
      type: "int64",
      dims: [values.length],
      values: BigInt64Array.from(values, BigInt),
    });
  }

  /** An int64 without dimensions. */
  integer(value: number): string {
    return this.#share(`integer ${value}`, {
      type: "int64",
      dims: [],
      values: BigInt64Array.of(BigInt(value)),
    });
  }

  /** The model's bytes. Only the opsets of domains in use are imported. */
  finish(name: string): Uint8Array {
    const opsets = Object.fromEntries(
      Object.entries(OPSETS).filter(([domain]) => this.#domains.has(domain as keyof typeof OPSETS)),
    );
    const graph = {
      name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      constants: this.#constants,
      nodes: this.#nodes,
    };
    return encodeModel(graph, opsets);
  }

  #share(key: string, tensor: Tensor): string {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const name = this.constant(tensor);
    this.#shared.set(key, name);
    return name;
  }
}

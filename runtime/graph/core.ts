/** A graph under construction: values, operations, constants, names. `builder.ts` puts words on it. */
import type { DType, Graph, GraphInput, Op, OpAttribute, Shape, TensorData, Value } from "./graph.ts";
import { sizeOf } from "./graph.ts";
import { Mismatch } from "./ops/rule.ts";
import { OPERATIONS } from "./ops/table.ts";
import { ShapeError } from "./shape-error.ts";

/** What a constant may be given as; numbers are float32 unless a type says otherwise. */
export type ConstantData = readonly number[] | Float32Array | Int32Array | Uint8Array;

export class GraphCore {
  readonly #values: Value[] = [];
  readonly #ops: Op[] = [];
  readonly #inputs: GraphInput[] = [];
  readonly #constants = new Map<number, TensorData>();
  readonly #outputs = new Map<string, number>();
  /** What has been computed already, so that the same is not computed twice. */
  readonly #known = new Map<string, Value>();
  /** The operation that made a value; inputs and constants have none. */
  readonly #makers = new Map<number, Op>();
  #scope = "";

  /** Where construction stands: the names of the layers around it, joined by dots. */
  get scope(): string {
    return this.#scope;
  }

  /** Builds inside a layer: errors and profiles then name it. Layers nest: `within("2", …within("attention", …))`. */
  within<T>(name: string, build: () => T): T {
    const before = this.#scope;
    this.#scope = before === "" ? name : `${before}.${name}`;
    try {
      return build();
    } finally {
      this.#scope = before;
    }
  }

  /** Builds as if in that very layer, whatever is around it now. */
  at<T>(scope: string, build: () => T): T {
    const before = this.#scope;
    this.#scope = scope;
    try {
      return build();
    } finally {
      this.#scope = before;
    }
  }

  /** What whoever runs the graph feeds by this name. */
  input(name: string, type: DType, shape: Shape): Value {
    return this.#declare(name, type, shape, false);
  }

  /** Uniform numbers in [0, 1) that whoever runs the graph draws from the step's seed. */
  random(name: string, shape: Shape): Value {
    return this.#declare(name, "float32", shape, true);
  }

  /**
   * A tensor that never changes.
   * @throws {ShapeError} when `data` has another number of elements than `shape`
   */
  constant(data: ConstantData, shape: Shape, type?: DType): Value {
    const tensor = tensorOf(data, shape, type);
    if (tensor.data.length !== sizeOf(shape)) {
      this.fail("constant", `has ${tensor.data.length} elements for [${shape.join(", ")}]`);
    }
    const key =
      tensor.data.length <= 16 ? `constant ${tensor.type} ${shape.join(",")} ${tensor.data.join(",")}` : null;
    const known = key === null ? undefined : this.#known.get(key);
    if (known !== undefined) return known;
    const value = this.#value(tensor.type, shape);
    this.#constants.set(value.id, tensor);
    if (key !== null) this.#known.set(key, value);
    return value;
  }

  /** What `make` gives, made once a graph: for constants too large to compare. */
  shared(name: string, make: () => Value): Value {
    const key = `shared ${name}`;
    const value = this.#known.get(key) ?? make();
    this.#known.set(key, value);
    return value;
  }

  /** Names a result. */
  output(name: string, value: Value): void {
    if (this.#outputs.has(name)) this.fail("output", `${name} is named twice`);
    this.#outputs.set(name, value.id);
  }

  /** The graph so far; what nothing named depends on is left out. */
  graph(): Graph {
    const needed = new Set(this.#outputs.values());
    for (const op of this.#ops.toReversed()) {
      if (needed.has(op.output)) for (const input of op.inputs) needed.add(input);
    }
    return {
      values: [...this.#values],
      ops: this.#ops.filter((op) => needed.has(op.output)),
      inputs: [...this.#inputs],
      constants: new Map([...this.#constants].filter(([id]) => needed.has(id))),
      outputs: new Map(this.#outputs),
    };
  }

  /**
   * Adds an operation of `OPERATIONS`; the same one on the same inputs is not added again.
   * @throws {ShapeError} when it cannot take such inputs
   */
  op(name: string, inputs: readonly Value[], attributes: Readonly<Record<string, OpAttribute>> = {}): Value {
    const rule = OPERATIONS.get(name);
    if (rule === undefined) throw new Error(`there is no operation ${name}`);
    const ids = inputs.map((input) => this.#own(input, name));
    const key = `${name} ${ids.join(",")} ${JSON.stringify(attributes)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { type, shape } = this.#checked(name, () => rule(inputs, attributes));
    const value = this.#value(type, shape);
    const op: Op = { op: name, inputs: ids, output: value.id, attributes, scope: this.#scope };
    this.#ops.push(op);
    this.#makers.set(value.id, op);
    this.#known.set(key, value);
    return value;
  }

  /** The operations so far, each after what it reads. */
  get ops(): readonly Op[] {
    return this.#ops;
  }

  /** A value by its id. */
  value(id: number): Value {
    return this.#values[id]!;
  }

  /** The number that a constant scalar is; null when the value is anything else. */
  scalarOf(value: Value): number | null {
    const constant = this.#constants.get(value.id);
    return constant !== undefined && constant.shape.length === 0 ? Number(constant.data[0]) : null;
  }

  /** The operation that makes a value; null for inputs and constants. */
  maker(value: Value): Op | null {
    return this.#makers.get(value.id) ?? null;
  }

  fail(op: string, problem: string): never {
    throw new ShapeError(this.#scope, op, problem);
  }

  #checked<T>(op: string, rule: () => T): T {
    try {
      return rule();
    } catch (error) {
      if (error instanceof Mismatch) this.fail(op, error.message);
      throw error;
    }
  }

  #own(value: Value, op: string): number {
    if (this.#values[value.id] !== value) throw new Error(`${op} is given a value of another graph`);
    return value.id;
  }

  #declare(name: string, type: DType, shape: Shape, random: boolean): Value {
    if (this.#inputs.some((input) => input.name === name)) this.fail("input", `${name} is declared twice`);
    const value = this.#value(type, shape);
    this.#inputs.push({ name, value: value.id, random });
    return value;
  }

  #value(type: DType, shape: Shape): Value {
    if (shape.some((size) => !Number.isInteger(size) || size < 1)) {
      this.fail("a tensor", `needs whole sizes of 1 or more, not [${shape.join(", ")}]`);
    }
    const value: Value = { id: this.#values.length, type, shape: [...shape] };
    this.#values.push(value);
    return value;
  }
}

function tensorOf(data: ConstantData, shape: Shape, type: DType | undefined): TensorData {
  const kind =
    type ?? (data instanceof Int32Array ? "int32" : data instanceof Uint8Array ? "bool" : "float32");
  switch (kind) {
    case "float32":
      return { type: kind, shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
    case "int32":
      return { type: kind, shape, data: data instanceof Int32Array ? data : Int32Array.from(data) };
    case "bool":
      return { type: kind, shape, data: data instanceof Uint8Array ? data : Uint8Array.from(data) };
  }
}

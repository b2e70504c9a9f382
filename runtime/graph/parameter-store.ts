/** The parameters of a training, trained and frozen, and the optimizer's memory of them. */
import { type Shape, sizeOf, type TensorData } from "./graph.ts";
import { type BlockParameter, ParameterBlock, type Update } from "./optimizer/block.ts";
import { MOMENTS, type OptimizerSpec } from "./optimizer.ts";

/** Bytes of one region of a block, about: WebAssembly's memory ends at 4 GiB, and a block has up to five regions. */
const BLOCK = 2 ** 29;

/** Between a moment's name and its parameter's. */
const BESIDE = ":";
const STEP = "optimizer:step";

export class ParameterStore {
  readonly #blocks: readonly ParameterBlock[];
  readonly #frozen = new Map<string, TensorData>();
  readonly #order: readonly string[];
  readonly #moments: readonly string[];
  #step = 0;

  /**
   * @param values first values; those of trained parameters are copied
   * @param accumulate whether gradients of several batches are added up
   */
  constructor(
    parameters: readonly BlockParameter[],
    values: ReadonlyMap<string, TensorData>,
    trainable: (name: string) => boolean,
    optimizer: OptimizerSpec,
    accumulate: boolean,
  ) {
    this.#order = parameters.map(({ name }) => name);
    this.#moments = MOMENTS[optimizer.is];
    this.#blocks = packed(parameters.filter(({ name }) => trainable(name))).map(
      (part) => new ParameterBlock(part, optimizer, accumulate),
    );
    for (const { name, shape } of parameters) {
      const value = floats(values, name, shape);
      if (!trainable(name)) this.#frozen.set(name, value);
    }
    this.#fill(this.#region(0), values);
  }

  /** Updates done. */
  get step(): number {
    return this.#step;
  }

  /** Values by name, in the order given at first; trained ones are views that the next update changes. */
  parameters(): Map<string, TensorData> {
    const trained = this.#region(0);
    return new Map(this.#order.map((name) => [name, trained.get(name) ?? this.#frozen.get(name)!]));
  }

  /** Where a batch's gradients belong, by parameter. */
  gradients(first: boolean): Map<string, TensorData> {
    return new Map(this.#blocks.flatMap((block) => [...block.view(first ? 1 : block.spare)]));
  }

  /** Adds what a further batch left to the gradients. */
  accumulate(): void {
    for (const block of this.#blocks) block.accumulate();
  }

  /** Euclidean norm of all gradients together. */
  norm(): number {
    return Math.sqrt(this.#blocks.reduce((sum, block) => sum + block.sumSquares(), 0));
  }

  update(update: Omit<Update, "step">): void {
    this.#step += 1;
    for (const block of this.#blocks) block.update({ ...update, step: this.#step });
  }

  /** Everything that the next update depends on: trained parameters, moments as `mean:NAME`, and the counter. */
  state(): Map<string, TensorData> {
    const state = this.#region(0);
    for (const [at, moment] of this.#moments.entries()) {
      for (const [name, tensor] of this.#region(2 + at)) state.set(`${moment}${BESIDE}${name}`, tensor);
    }
    state.set(STEP, { type: "int32", shape: [], data: Int32Array.of(this.#step) });
    return state;
  }

  /** @throws {Error} when the state is of other parameters or of another optimizer */
  load(state: ReadonlyMap<string, TensorData>): void {
    this.#fill(this.#region(0), state);
    for (const [at, moment] of this.#moments.entries()) {
      this.#fill(
        new Map([...this.#region(2 + at)].map(([name, tensor]) => [`${moment}${BESIDE}${name}`, tensor])),
        state,
      );
    }
    const step = state.get(STEP);
    if (step?.type !== "int32") throw new Error(`the state has no ${STEP}`);
    this.#step = step.data[0]!;
  }

  #region(region: number): Map<string, TensorData> {
    return new Map(this.#blocks.flatMap((block) => [...block.view(region)]));
  }

  #fill(places: ReadonlyMap<string, TensorData>, values: ReadonlyMap<string, TensorData>): void {
    for (const [name, place] of places) place.data.set(floats(values, name, place.shape).data);
  }
}

function floats(values: ReadonlyMap<string, TensorData>, name: string, shape: Shape): TensorData {
  const value = values.get(name);
  if (value === undefined) throw new Error(`the parameter ${name} has no value`);
  if (value.type !== "float32" || value.data.length !== sizeOf(shape)) {
    throw new Error(
      `the parameter ${name} is ${value.type} [${value.shape.join(", ")}], not [${shape.join(", ")}]`,
    );
  }
  return { ...value, shape };
}

/** Parts of at most a block's size each, in order. */
function packed(parameters: readonly BlockParameter[]): BlockParameter[][] {
  const parts: BlockParameter[][] = [];
  let left = 0;
  for (const parameter of parameters) {
    const bytes = 4 * sizeOf(parameter.shape) + 64;
    if (bytes > left || parts.length === 0) {
      parts.push([]);
      left = Math.max(BLOCK, bytes);
    }
    parts[parts.length - 1]!.push(parameter);
    left -= bytes;
  }
  return parts;
}

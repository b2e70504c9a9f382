/** What fitted steps read and write, and which of them stand before the graph. */
import type { IrExpression } from "../../language/ir/expression.ts";
import type { InputColumn, PortableModel, TransformStep } from "./form.ts";
import { isNumeric } from "./input.ts";
import { isExpressible } from "./onnx/expression.ts";

/** Columns that an expression reads. */
export function columnsOf(expression: IrExpression): string[] {
  switch (expression.is) {
    case "column":
      return [expression.name];
    case "call":
      return [...expression.args, ...Object.values(expression.named)].flatMap(columnsOf);
    case "unary":
      return columnsOf(expression.operand);
    case "binary":
      return [...columnsOf(expression.left), ...columnsOf(expression.right)];
    case "if":
      return [expression.condition, expression.then, expression.else].flatMap(columnsOf);
    case "list":
      return expression.items.flatMap(columnsOf);
    default:
      return [];
  }
}

/** Columns that a step reads. */
export function readsOf(step: TransformStep): string[] {
  return step.op === "derive" ? columnsOf(step.expression) : [step.column];
}

/** Columns that a step writes. */
export function writesOf(step: TransformStep): string[] {
  switch (step.op) {
    case "impute_number":
    case "impute_string":
      return [step.column];
    case "one_hot":
      return step.other === null ? [...step.outputs] : [...step.outputs, step.other.output];
    default:
      return [step.output];
  }
}

/** A column of the graph's `num` or `str` input. */
export interface GraphInput {
  readonly name: string;
  /** `row`: the caller's column of this name; `before`: what the signature's `before` steps leave under it. */
  readonly from: "row" | "before";
  readonly column: string;
  /** Lower-cased before the graph. */
  readonly lower: boolean;
}

export interface GraphLayout {
  readonly num: readonly GraphInput[];
  readonly str: readonly GraphInput[];
  /** Steps that no ONNX operator computes alike everywhere, with those they read from: run before the graph. */
  readonly before: readonly TransformStep[];
  /** Places in the model's steps of those that the learner depends on. */
  readonly needed: ReadonlySet<number>;
  /** Place in the model's steps of each that a graph input replaces, and that input's name. */
  readonly replaced: ReadonlyMap<number, string>;
  /** Place in the model's steps of each tfidf step, and the name of the input with its lower-cased text. */
  readonly texts: ReadonlyMap<number, string>;
}

/** Divides a model between what runs before the graph and the graph. */
export function layGraph(model: PortableModel): GraphLayout {
  const { steps, inputs } = model;
  const types = columnTypes(inputs, steps);
  const outside = (step: TransformStep, i: number): boolean =>
    step.op === "derive" && !isExpressible(step.expression, (column) => types[i]?.get(column) ?? "number");
  // Backwards from the learner: which columns are read later decides which steps the graph needs.
  const live = new Set(model.features.map((feature) => feature.name));
  const needed = new Set<number>();
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i]!;
    const writes = writesOf(step);
    if (!writes.some((name) => live.has(name))) continue;
    needed.add(i);
    for (const name of writes) live.delete(name);
    if (step.op !== "tfidf" && !outside(step, i)) for (const name of readsOf(step)) live.add(name);
  }

  const early = new Set<number>();
  const need = (column: string, end: number): void => {
    const writer = lastWriter(steps, column, end);
    if (writer < 0 || early.has(writer)) return;
    early.add(writer);
    for (const read of readsOf(steps[writer]!)) need(read, writer);
  };
  const replaced = new Map<number, string>();
  const texts = new Map<number, string>();
  const extra: (GraphInput & { readonly type: "number" | "string" })[] = [];
  for (const i of [...needed].sort((a, b) => a - b)) {
    const step = steps[i]!;
    if (step.op === "derive" && outside(step, i)) {
      need(step.output, i + 1);
      const name = `before:${step.output}`;
      replaced.set(i, name);
      extra.push({ name, from: "before", column: step.output, lower: false, type: step.type });
    }
    if (step.op === "tfidf") {
      const computed = lastWriter(steps, step.column, i) >= 0;
      if (computed) need(step.column, i);
      const name = `lower:${step.column}`;
      texts.set(i, name);
      if (!extra.some((input) => input.name === name)) {
        extra.push({
          name,
          from: computed ? "before" : "row",
          column: step.column,
          lower: true,
          type: "string",
        });
      }
    }
  }
  const plain = (input: InputColumn): GraphInput => ({
    name: input.name,
    from: "row",
    column: input.name,
    lower: false,
  });
  const used = inputs.filter((input) => live.has(input.name));
  return {
    num: [...used.filter(isNumeric).map(plain), ...strip(extra, "number")],
    str: [...used.filter((input) => !isNumeric(input)).map(plain), ...strip(extra, "string")],
    before: steps.filter((_, i) => early.has(i)),
    needed,
    replaced,
    texts,
  };
}

function strip(inputs: readonly (GraphInput & { readonly type: string })[], type: string): GraphInput[] {
  return inputs.filter((input) => input.type === type).map(({ type: _, ...input }) => input);
}

/** The last step before `end` that writes the column; −1 when it is the caller's. */
function lastWriter(steps: readonly TransformStep[], column: string, end: number): number {
  for (let i = end - 1; i >= 0; i--) if (writesOf(steps[i]!).includes(column)) return i;
  return -1;
}

/** For each step, the types of the columns it finds. */
function columnTypes(
  inputs: readonly InputColumn[],
  steps: readonly TransformStep[],
): ReadonlyMap<string, "number" | "string">[] {
  const types = new Map<string, "number" | "string">(
    inputs.map((input) => [input.name, isNumeric(input) ? "number" : "string"]),
  );
  return steps.map((step) => {
    const found = new Map(types);
    const isText = step.op === "impute_string" || (step.op === "derive" && step.type === "string");
    for (const name of writesOf(step)) types.set(name, isText ? "string" : "number");
    return found;
  });
}

/**
 * Reverse-mode differentiation on the graph: the gradients are operations of the same graph, which every engine can
 * compute and which differ from the forward ones in nothing (Griewank and Walther 2008, chapter 3).
 */
import type { GraphBuilder } from "./builder.ts";
import type { Node } from "./gradients/rule.ts";
import { GRADIENTS } from "./gradients/table.ts";
import type { Op, Value } from "./graph.ts";
import { sameShape, whole } from "./ops/rule.ts";

/** What follows a layer's name in the scope of operations that compute its gradient. */
export const GRADIENT_SCOPE = ":gradient";

/**
 * The gradients of a scalar.
 * @param loss float32 []
 * @param of values that `loss` may depend on
 * @returns one for each of `of`, of its shape; zeros where the loss does not depend on it
 * @throws {ShapeError} when `loss` is no scalar, or passes through an operation that has no gradient
 */
export function gradients(b: GraphBuilder, loss: Value, of: readonly Value[]): Value[] {
  if (loss.shape.length !== 0 || loss.type !== "float32") {
    b.fail("gradients", `are taken of a float32 scalar, not of ${loss.type} [${loss.shape.join(", ")}]`);
  }
  const ops = [...b.ops];
  const wanted = new Set(of.map((value) => value.id));
  const leading = depending(ops, wanted);
  const readers = onlyReaders(ops);
  const parts = new Map<number, Value[]>([[loss.id, [b.scalar(1)]]]);
  const done = new Map<number, Value>();
  const gradientOf = (id: number): Value | null => {
    const known = done.get(id);
    if (known !== undefined) return known;
    const contributions = parts.get(id);
    if (contributions === undefined) return null;
    const total = joined(b, contributions) ?? contributions.reduce((sum, part) => b.add(sum, part));
    done.set(id, total);
    return total;
  };
  for (const op of ops.toReversed()) {
    if (!leading.has(op.output) || !parts.has(op.output)) continue;
    b.at(`${op.scope}${GRADIENT_SCOPE}`, () => {
      const g = gradientOf(op.output)!;
      const inputs = op.inputs.map((id) => b.value(id));
      const reader = readers.get(op.output) ?? null;
      const node = { inputs, output: b.value(op.output), attributes: op.attributes, g, reader, gradientOf };
      const contributions = contribute(b, op.op, node, leading);
      for (const [id, part] of contributions) parts.set(id, [...(parts.get(id) ?? []), part]);
    });
  }
  return of.map((value) => gradientOf(value.id) ?? b.broadcastTo(b.scalar(0), value.shape));
}

/** Every value that depends on one of `wanted`, and these themselves. */
function depending(ops: readonly Op[], wanted: ReadonlySet<number>): Set<number> {
  const found = new Set(wanted);
  for (const op of ops) if (op.inputs.some((input) => found.has(input))) found.add(op.output);
  return found;
}

/** The operation that reads a value, for values that one operation alone reads. */
function onlyReaders(ops: readonly Op[]): Map<number, Op | null> {
  const readers = new Map<number, Op | null>();
  for (const op of ops) {
    for (const input of op.inputs) readers.set(input, readers.has(input) ? null : op);
  }
  return readers;
}

function contribute(
  b: GraphBuilder,
  op: string,
  node: Node,
  leading: ReadonlySet<number>,
): readonly (readonly [number, Value])[] {
  const rule = GRADIENTS.get(op);
  if (rule === undefined) b.fail(op, "has no gradient");
  const parts = rule(b, node);
  return node.inputs.flatMap((input, index) => {
    const part = parts[index];
    if (!leading.has(input.id) || part === null || part === undefined) return [];
    const gradient = part();
    if (!sameShape(gradient.shape, input.shape)) {
      b.fail(op, `has a gradient [${gradient.shape.join(", ")}] of [${input.shape.join(", ")}]`);
    }
    return [[input.id, gradient] as const];
  });
}

/** Slices that together cover a tensor: their gradients side by side, rather than padded and added. */
function joined(b: GraphBuilder, parts: readonly Value[]): Value | null {
  if (parts.length < 2) return null;
  const pads = parts.map((part) => b.maker(part));
  if (!pads.every((pad) => pad !== null && pad.op === "pad")) return null;
  const axis = whole(pads[0]!.attributes, "axis");
  const sorted = pads.toSorted((x, y) => whole(x!.attributes, "before") - whole(y!.attributes, "before"));
  let end = 0;
  for (const pad of sorted) {
    if (whole(pad!.attributes, "axis") !== axis || whole(pad!.attributes, "before") !== end) return null;
    end += b.value(pad!.inputs[0]!).shape[axis]!;
  }
  if (end !== parts[0]!.shape[axis]) return null;
  return b.concat(
    sorted.map((pad) => b.value(pad!.inputs[0]!)),
    axis,
  );
}

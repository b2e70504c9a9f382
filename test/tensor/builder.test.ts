import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../runtime/engine/graph-engine.ts";
import { graphFailure } from "../../runtime/engine/graph-failure.ts";
import { gradients } from "../../runtime/graph/autodiff.ts";
import { GraphBuilder } from "../../runtime/graph/builder.ts";
import { type Shape, sizeOf, type Value } from "../../runtime/graph/graph.ts";
import { broadcastShapes } from "../../runtime/graph/ops/rule.ts";
import { interpret } from "../../runtime/graph/reference.ts";
import { LearnFailure } from "../../runtime/learn/fit.ts";

const size = fc.integer({ min: 1, max: 4 });
const shape = fc.array(size, { maxLength: 4 });
/** Two shapes that broadcast to the first. */
const broadcasting = shape.chain((full) =>
  fc.tuple(
    fc.constant(full),
    fc
      .nat({ max: full.length })
      .chain((cut) => fc.tuple(...full.slice(cut).map((side) => fc.constantFrom(side, 1)))),
  ),
);
const filled = (of: Shape): { data: number[] } => ({
  data: Array.from({ length: sizeOf(of) }, (_, at) => Math.sin(at + 1)),
});

describe("shape rules", () => {
  it("broadcast as numpy does, in either order", () => {
    fc.assert(
      fc.property(broadcasting, ([full, part]) => {
        const b = new GraphBuilder();
        const [x, y] = [b.input("x", "float32", full), b.input("y", "float32", part)];
        expect(b.mul(x, y).shape).toEqual(full);
        expect(b.sub(y, x).shape).toEqual(full);
        expect(broadcastShapes(part, full)).toEqual(full);
      }),
    );
  });

  it("give every result as many elements as the reference computes", () => {
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.boolean(),
        (full, pick, keep) => {
          const b = new GraphBuilder();
          const x = b.input("x", "float32", full);
          const axis = pick % full.length;
          const order = full.map((_, at) => (at + axis) % full.length);
          const results: Record<string, Value> = {
            sum: b.sum(x, [axis], keep),
            max: b.max(x, [axis - full.length], keep),
            transposed: b.transpose(x, order),
            joined: b.concat([x, x], axis),
            cut: b.slice(x, axis, full[axis]! - 1, full[axis]!),
            padded: b.pad(x, axis, 1, 2),
            flat: b.reshape(x, [-1]),
            softmax: b.softmax(x),
          };
          for (const [name, value] of Object.entries(results)) b.output(name, value);
          const found = interpret(b.graph(), { x: filled(full) });
          for (const [name, value] of Object.entries(results)) {
            expect(found[name]!.data.length, name).toBe(sizeOf(value.shape));
            expect(found[name]!.data.every(Number.isFinite), name).toBe(true);
          }
        },
      ),
    );
  });

  it("give gradients of the inputs' shapes, whatever was broadcast", () => {
    fc.assert(
      fc.property(broadcasting, ([full, part]) => {
        const b = new GraphBuilder();
        const [x, y] = [b.input("x", "float32", full), b.input("y", "float32", part)];
        const slopes = gradients(b, b.sum(b.mul(b.tanh(x), y)), [x, y]);
        expect(slopes.map((slope) => slope.shape)).toEqual([full, part]);
        // y's gradient is tanh(x), summed over what was broadcast.
        b.output("dy", slopes[1]!);
        const { dy } = interpret(b.graph(), { x: filled(full), y: filled(part) });
        const total = filled(full).data.reduce((sum, value) => sum + Math.tanh(value), 0);
        expect(dy!.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(total, 9);
      }),
    );
  });

  it.each([
    [
      "matmul",
      (b: GraphBuilder, x: Value) => b.matmul(x, b.constant(new Float32Array(12), [3, 4])),
      "[8, 4] by [3, 4]",
    ],
    [
      "add",
      (b: GraphBuilder, x: Value) => b.add(x, b.constant([1, 2, 3], [3])),
      "float32 [8, 4] with float32 [3]",
    ],
    ["reshape", (b: GraphBuilder, x: Value) => b.reshape(x, [5, -1]), "[8, 4] as [5, -1]"],
    ["gather", (b: GraphBuilder, x: Value) => b.gather(x, x), "int32 as input number 2"],
    [
      "layerNorm",
      (b: GraphBuilder, x: Value) => b.layerNorm(x, b.constant([1], [1]), null, 0),
      "[8, 4], not [1]",
    ],
    ["slice", (b: GraphBuilder, x: Value) => b.slice(x, 1, 2, 9), "2 to 9 of axis 1 of [8, 4]"],
    ["sum", (b: GraphBuilder, x: Value) => b.sum(x, [2]), "no axis 2 of 2"],
    ["conv2d", (b: GraphBuilder, x: Value) => b.conv2d(x, x), "images [N, C, H, W]"],
    [
      "crossEntropy",
      (b: GraphBuilder, x: Value) => b.crossEntropy(x, b.constant([1], [1], "int32")),
      "targets [N]",
    ],
    ["attention", (b: GraphBuilder, x: Value) => b.attention(x, x, x, {}), "queries [B, H, T, D]"],
    ["gradients", (b: GraphBuilder, x: Value) => gradients(b, x, [x]), "float32 scalar"],
  ] as const)("refuse what does not go together: %s", (op, build, told) => {
    const b = new GraphBuilder();
    const x = b.input("x", "float32", [8, 4]);
    const wrong = (): void => b.within("2", () => b.within("attention", () => void build(b, x)));
    expect(wrong).toThrow(`2.attention: ${op} `);
    expect(wrong).toThrow(told);
    expect(b.scope).toBe("");
  });
});

describe("a graph", () => {
  it("computes the same thing once, and nothing that nobody asks for", () => {
    const b = new GraphBuilder();
    const x = b.input("x", "float32", [2, 3]);
    const y = b.tanh(b.mul(x, 1));
    b.exp(y);
    expect(b.tanh(x)).toBe(y);
    b.output("y", b.add(y, 0));
    expect(b.graph().ops.map((op) => op.op)).toEqual(["tanh"]);
  });

  it("refuses values of another graph and names given twice", () => {
    const b = new GraphBuilder();
    const x = b.input("x", "float32", [2]);
    expect(() => b.input("x", "float32", [2])).toThrow("declared twice");
    b.output("y", x);
    expect(() => b.output("y", x)).toThrow("named twice");
    expect(() => new GraphBuilder().exp(x)).toThrow("another graph");
  });
});

describe("what a user can mend", () => {
  it("is a finding", () => {
    const b = new GraphBuilder();
    const shapes = (() => {
      try {
        return b.within("3.dense", () => b.matmul(b.scalar(1), b.scalar(2)));
      } catch (error) {
        return graphFailure(error);
      }
    })();
    expect(shapes).toBeInstanceOf(LearnFailure);
    expect((shapes as LearnFailure).finding).toMatchObject({ code: "ML5211", values: { layer: "3.dense" } });
    const engine = graphFailure(new EngineError("onnxruntime-node: it is not installed"));
    expect((engine as LearnFailure).finding).toMatchObject({ code: "ML5210" });
    expect((engine as LearnFailure).finding).not.toHaveProperty("pointer");
    const asked = graphFailure(new EngineError("onnxruntime-web: it is not installed"), "wasm");
    expect((asked as LearnFailure).finding.pointer).toBe("/engine");
    const other = new Error("else");
    expect(graphFailure(other)).toBe(other);
  });
});

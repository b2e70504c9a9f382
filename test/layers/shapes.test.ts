import { describe, expect, it } from "vitest";
import type { Layer } from "../../language/vocabulary/layer.ts";
import { GraphBuilder } from "../../runtime/graph/builder.ts";
import { sizeOf } from "../../runtime/graph/graph.ts";
import { compileArchitecture } from "../../runtime/network/network.ts";
import { memoryOf } from "../../stdlib/layers/memory.ts";
import { numberOf, textOf } from "../../stdlib/layers/shapes/count.ts";
import { architectureFacts, architectureKind } from "../../stdlib/layers/shapes.ts";
import { gpt, layersOf, SEQ2SEQ } from "../network/spec.ts";

/** Layers as the checker lowers them, defaults left out where the rules have them. */
const layer = (name: string, args: Layer["args"] = {}, layers?: readonly Layer[]): Layer => ({
  layer: name,
  args,
  ...(layers === undefined ? {} : { layers }),
});
const found = (layers: readonly Layer[]) =>
  architectureFacts(layers).problems.map(({ code, pointer }) => [code, pointer]);

const embedding = layer("embedding", { vocabulary: 50, width: 32 });
const positions = layer("positions", { length: 24, kind: "learned" });
const attention = (args: Layer["args"] = {}): Layer =>
  layer("attention", { heads: 4, causal: true, bias: true, ...args });
const logits = layer("logits", { tied: true });

describe("shapes", () => {
  it("are sums of products while a tokenizer has not run", () => {
    const facts = architectureFacts([
      layer("embedding", { vocabulary: { ref: "tokenizer.pieces", part: "size" }, width: 32 }),
      positions,
      layer("logits", { tied: false, bias: true }),
    ]);
    expect(textOf(facts.parameters)).toBe("768 + 65·pieces.size");
    expect(facts.output).toBe("time × pieces.size");
    expect(facts.problems).toEqual([]);
    expect(numberOf(facts.parameters)).toBeNull();
  });

  it("follow every layer, by its pointer", () => {
    const { layers, context, kind } = architectureFacts(layersOf(gpt()));
    expect(kind).toBe("decoder");
    expect(numberOf(context!)).toBe(24);
    expect(layers.map(({ pointer, output, parameters }) => [pointer, output, numberOf(parameters)])).toEqual([
      ["/layers/0", "time × 32", 1600],
      ["/layers/1", "time × 32", 768],
      ["/layers/2", "time × 32", 2 * (64 + 4224 + 64 + 2112 + 2080)],
      ["/layers/2/layers/0", "time × 32", 64 + 4224],
      ["/layers/2/layers/0/layers/0", "time × 32", 64],
      ["/layers/2/layers/0/layers/1", "time × 32", 4224],
      ["/layers/2/layers/1", "time × 32", 64 + 2112 + 2080],
      ["/layers/2/layers/1/layers/0", "time × 32", 64],
      ["/layers/2/layers/1/layers/1", "time × 64", 2112],
      ["/layers/2/layers/1/layers/2", "time × 32", 2080],
      ["/layers/3", "time × 32", 64],
      ["/layers/4", "time × 50", 0],
    ]);
  });

  it("tell what an architecture is", () => {
    expect(architectureKind(layersOf(SEQ2SEQ))).toBe("encoder_decoder");
    expect(architectureKind([embedding, positions, attention()])).toBe("encoder");
    expect(architectureKind([layer("dense", { units: 4 })])).toBe("features");
  });
});

describe("problems", () => {
  const sound = [embedding, positions, layer("residual", {}, [attention()]), logits];
  it.each<[string, readonly Layer[], readonly (readonly [string, string])[]]>([
    ["none", sound, []],
    ["heads", [embedding, positions, attention({ heads: 5 }), logits], [["ML3100", "/layers/2/args/heads"]]],
    ["heads of their own width", [embedding, positions, attention({ heads: 5, head_width: 4 }), logits], []],
    [
      "shared heads",
      [embedding, positions, attention({ kv_heads: 3 }), logits],
      [["ML3101", "/layers/2/args/kv_heads"]],
    ],
    [
      "behind the logits",
      [...sound, layer("dense", { units: 4 }), logits],
      [
        ["ML3102", "/layers/4"],
        ["ML3102", "/layers/5"],
      ],
    ],
    [
      "in a repeat",
      [embedding, positions, layer("repeat", { count: 2 }, [layer("dense", { units: 16 })]), logits],
      [
        ["ML3110", "/layers/2"],
        ["ML3119", "/layers/3"],
      ],
    ],
    [
      "in a repeat, once",
      [embedding, positions, layer("repeat", { count: 1 }, [layer("dense", { units: 16 })])],
      [],
    ],
    [
      "a look ahead",
      [
        embedding,
        positions,
        layer("residual", {}, [attention({ causal: false })]),
        layer("conv1d", { filters: 32, size: 3, padding: "same", bias: true }),
        logits,
      ],
      [
        ["ML3105", "/layers/2/layers/0"],
        ["ML3105", "/layers/3"],
      ],
    ],
    [
      "a shorter sequence",
      [embedding, positions, layer("conv1d", { filters: 32, size: 3, stride: 2, padding: "causal" }), logits],
      [["ML3112", "/layers/3"]],
    ],
    ["no positions", [embedding, attention(), logits], [["ML3113", "/layers/1"]]],
    [
      "a window beyond the context",
      [embedding, positions, attention({ window: 24 }), logits],
      [["ML3120", "/layers/2/args/window"]],
    ],
    [
      "an odd head for rotary",
      [embedding, layer("positions", { length: 24, kind: "rotary" }), attention({ head_width: 3 }), logits],
      [["ML3115", "/layers/2"]],
    ],
    [
      "cross-attention of one part",
      [embedding, positions, layer("cross_attention", { heads: 4 }), logits],
      [["ML3104", "/layers/2"]],
    ],
  ])("%s", (_, layers, problems) => {
    expect(found(layers)).toEqual(problems);
  });

  it("are not said of what a symbol may turn out to be", () => {
    const size = { ref: "tokenizer.pieces", part: "size" } as const;
    expect(found([embedding, positions, attention({ heads: size }), logits])).toEqual([]);
  });

  it("know an image's size when a model says it", () => {
    const layers = [
      layer("conv2d", { filters: 2, size: 3, stride: 1, padding: "valid", bias: true }),
      layer("max_pool", { size: 2 }),
      layer("conv2d", { filters: 2, size: 3, stride: 1, padding: "valid", bias: true }),
    ];
    expect(architectureFacts(layers, { channels: 1, height: 6, width: 9 }).problems).toEqual([
      { code: "ML3111", values: { layer: "conv2d", size: "3", length: "2" }, pointer: "/layers/2" },
    ]);
    expect(architectureFacts(layers).problems).toEqual([]);
  });
});

describe("memory", () => {
  it.each([
    ["GPT-2's", gpt()],
    [
      "Llama's",
      gpt({
        positions: "positions(24, rotary)",
        attention: "4, bias = false",
        norm: "rms_norm()",
        feed: "swiglu(48)",
        logits: "logits()",
      }),
    ],
  ])("is about what a graph's forward pass computes, %s", (_, spec) => {
    const layers = layersOf(spec);
    const network = compileArchitecture({ layers });
    const b = new GraphBuilder();
    const p = new Map(network.parameters.map(({ name, shape }) => [name, b.input(name, "float32", shape)]));
    b.output("logits", network.forward(b, p, { ids: b.input("ids", "int32", [4, 24]) }));
    const graph = b.graph();
    // What only lays the same numbers out anew is no result of its own.
    const computed = graph.ops.filter(({ op }) => !["reshape", "transpose", "slice", "concat"].includes(op));
    const bytes = computed.reduce((total, { output }) => total + 4 * sizeOf(graph.values[output]!.shape), 0);
    const { activations, weights, learning } = memoryOf(architectureFacts(layers), new Map(), 4)!;
    expect(activations / bytes).toBeGreaterThan(0.5);
    expect(activations / bytes).toBeLessThan(1.5);
    expect(weights).toBe(4 * network.parameters.reduce((total, { shape }) => total + sizeOf(shape), 0));
    expect(learning).toBe(4 * weights);
  });

  it("is not known before a tokenizer's size is", () => {
    const facts = architectureFacts([
      layer("embedding", { vocabulary: { ref: "tokenizer.pieces", part: "size" }, width: 32 }),
      positions,
      logits,
    ]);
    expect(memoryOf(facts, new Map(), 2)).toBeNull();
    expect(memoryOf(facts, new Map([["pieces.size", 10]]), 2)?.weights).toBe(4 * (320 + 768));
  });
});

import { describe, expect, it } from "vitest";
import { GraphBuilder } from "../../runtime/graph/builder.ts";
import { sizeOf } from "../../runtime/graph/graph.ts";
import { compileArchitecture, initialise } from "../../runtime/network/network.ts";
import { numberOf } from "../../stdlib/layers/shapes/count.ts";
import { architectureFacts } from "../../stdlib/layers/shapes.ts";
import { apart, computed, ids, logitsOf } from "./apply.ts";
import { gpt, layersOf, SEQ2SEQ } from "./spec.ts";

const DECODERS: readonly (readonly [string, string])[] = [
  ["GPT-2's", gpt()],
  [
    "Llama's",
    gpt({
      positions: "positions(24, rotary)",
      attention: "4, kv_heads = 2, bias = false",
      norm: "rms_norm()",
      feed: "swiglu(48)",
      logits: "logits()",
    }),
  ],
  ["with neighbours turned", gpt({ positions: "positions(24, rotary, pairs = neighbours)" })],
  [
    "Gemma 2's",
    gpt({
      positions: "positions(24, rotary)",
      attention: "4, kv_heads = 1, head_width = 6, window = 5, softcap = 3, scale = 0.3",
      norm: "rms_norm()",
      feed: "gated(48, gelu_tanh)",
      logits: "logits(tied = true, softcap = 2)",
    }),
  ],
  ["with a window", gpt({ attention: "4, window = 3" })],
  [
    "with sinusoids and a causal convolution",
    gpt({ positions: "positions(24, sinusoidal)", feed: "conv1d(32, 3, padding = causal)" }),
  ],
];

const TEXT = [3, 14, 15, 9, 26, 5, 35, 8, 9, 7];

describe.each(DECODERS)("a decoder, %s", (_, spec) => {
  const network = compileArchitecture({ layers: layersOf(spec) });
  const weights = initialise(network, 7);
  const logits = logitsOf(network, weights, [TEXT]);

  it("has as many parameters as the shapes say", () => {
    const tensors = [...weights.values()].reduce((total, { data }) => total + data.length, 0);
    expect(tensors).toBe(network.parameters.reduce((total, { shape }) => total + sizeOf(shape), 0));
    expect(numberOf(architectureFacts(layersOf(spec)).parameters)).toBe(tensors);
  });

  it("shows no future token to a past logit", () => {
    for (let changed = 1; changed < TEXT.length; changed++) {
      const other = TEXT.map((id, at) => (at >= changed ? (id + 1 + at) % 50 : id));
      const seen = logitsOf(network, weights, [other]);
      expect(apart(seen.subarray(0, changed * 50), logits.subarray(0, changed * 50))).toBe(0);
      expect(apart(seen.subarray(changed * 50), logits.subarray(changed * 50))).toBeGreaterThan(1e-4);
    }
  });

  it("begins by knowing nothing: a loss of about ln V", () => {
    let loss = 0;
    for (let at = 0; at + 1 < TEXT.length; at++) {
      const row = logits.subarray(at * 50, at * 50 + 50);
      loss += Math.log(row.reduce((total, x) => total + Math.exp(x), 0)) - row[TEXT[at + 1]!]!;
    }
    expect(loss / (TEXT.length - 1)).toBeCloseTo(Math.log(50), 0.5);
  });
});

describe.each(DECODERS.filter(([, spec]) => !spec.includes("conv1d")))("a decoder's cache, %s", (_, spec) => {
  const network = compileArchitecture({ layers: layersOf(spec) });
  const weights = initialise(network, 3);

  /** Logits of each token, fed in pieces behind a cache of 16 places that begins with rubbish. */
  const inPieces = (pieces: readonly (readonly number[])[]): number[] => {
    const capacity = 16;
    const caches = network.caches.map(({ heads, width }) => ({
      heads,
      width,
      key: new Float32Array(heads * capacity * width).fill(9),
      value: new Float32Array(heads * capacity * width).fill(-9),
    }));
    const all: number[] = [];
    let position = 0;
    for (const piece of pieces) {
      const made = computed(
        network,
        weights,
        (b, p) => {
          const past = network.caches.map(({ heads, width }, at) => ({
            key: b.input(`past.${at}.key`, "float32", [1, heads, capacity, width]),
            value: b.input(`past.${at}.value`, "float32", [1, heads, capacity, width]),
          }));
          const given = b.input("ids", "int32", [1, piece.length]);
          const { logits, present } = network.decode(b, p, {
            ids: given,
            position: b.input("position", "int32", [1]),
            past,
          });
          b.output("logits", logits);
          present.forEach(({ key, value }, at) => {
            b.output(`key.${at}`, key);
            b.output(`value.${at}`, value);
          });
        },
        {
          ids: ids(piece),
          position: ids([position]),
          ...Object.fromEntries(
            caches.flatMap(({ key, value }, at) => [
              [`past.${at}.key`, { data: key }],
              [`past.${at}.value`, { data: value }],
            ]),
          ),
        },
      );
      caches.forEach((cache, at) => {
        for (let head = 0; head < cache.heads; head++)
          for (let token = 0; token < piece.length; token++)
            for (let i = 0; i < cache.width; i++) {
              const to = (head * capacity + position + token) * cache.width + i;
              const from = (head * piece.length + token) * cache.width + i;
              cache.key[to] = made[`key.${at}`]!.data[from]!;
              cache.value[to] = made[`value.${at}`]!.data[from]!;
            }
      });
      all.push(...Array.from(made["logits"]!.data));
      position += piece.length;
    }
    return all;
  };

  it("gives the logits of the whole text", () => {
    const whole = logitsOf(network, weights, [TEXT]);
    const pieces = [TEXT.slice(0, 6), TEXT.slice(6, 7), TEXT.slice(7, 8), TEXT.slice(8)];
    expect(apart(inPieces(pieces), whole)).toBeLessThan(1e-6);
  });
});

it("refuses to decode what looks at neighbours, of which a cache keeps nothing", () => {
  const network = compileArchitecture({ layers: layersOf(DECODERS[5]![1]) });
  const b = new GraphBuilder();
  const p = new Map(network.parameters.map(({ name, shape }) => [name, b.input(name, "float32", shape)]));
  const past = network.caches.map(({ heads, width }, at) => ({
    key: b.input(`key.${at}`, "float32", [1, heads, 4, width]),
    value: b.input(`value.${at}`, "float32", [1, heads, 4, width]),
  }));
  const input = { ids: b.input("ids", "int32", [1, 1]), position: b.input("position", "int32", [1]), past };
  expect(() => network.decode(b, p, input)).toThrow("conv1d");
});

describe("an encoder-decoder", () => {
  const layers = layersOf(SEQ2SEQ);
  const network = compileArchitecture({ layers });
  const weights = initialise(network, 11);
  const source = [5, 6, 7, 0, 0];
  const target = [1, 2, 3, 4];

  const forward = (from: readonly number[], mask: readonly number[]): ArrayLike<number> =>
    computed(
      network,
      weights,
      (b, p) => {
        const input = {
          ids: b.input("ids", "int32", [1, target.length]),
          source: b.input("source", "int32", [1, from.length]),
          sourceMask: b.input("mask", "float32", [1, from.length]),
        };
        b.output("logits", network.forward(b, p, input));
      },
      { ids: ids(target), source: ids(from), mask: { data: mask } },
    )["logits"]!.data;

  it("has as many parameters as the shapes say, one table for both ends", () => {
    const count = network.parameters.reduce((total, { shape }) => total + sizeOf(shape), 0);
    expect(numberOf(architectureFacts(layers).parameters)).toBe(count);
    expect(network.parameters.filter(({ shape }) => shape[0] === 40)).toHaveLength(1);
    expect(network.kind).toBe("encoder_decoder");
  });

  it("does not see the padding of its source", () => {
    const masked = forward(source, [1, 1, 1, 0, 0]);
    expect(apart(masked, forward(source.slice(0, 3), [1, 1, 1]))).toBeLessThan(1e-7);
    expect(apart(masked, forward([5, 6, 7, 9, 9], [1, 1, 1, 0, 0]))).toBe(0);
    expect(apart(masked, forward([5, 6, 8, 0, 0], [1, 1, 1, 0, 0]))).toBeGreaterThan(1e-6);
  });

  it("decodes behind a cache and an encoded source as it computes the whole", () => {
    const mask = [1, 1, 1, 0, 0];
    const encoded = computed(
      network,
      weights,
      (b, p) => {
        const input = {
          source: b.input("source", "int32", [1, 5]),
          sourceMask: b.input("mask", "float32", [1, 5]),
        };
        network.encode(b, p, input).cross.forEach(({ key, value }, at) => {
          b.output(`cross.${at}.key`, key);
          b.output(`cross.${at}.value`, value);
        });
      },
      { source: ids(source), mask: { data: mask } },
    );
    const made = computed(
      network,
      weights,
      (b, p) => {
        const pairs = (name: string, specs: typeof network.caches, places: number) =>
          specs.map(({ heads, width }, at) => ({
            key: b.input(`${name}.${at}.key`, "float32", [1, heads, places, width]),
            value: b.input(`${name}.${at}.value`, "float32", [1, heads, places, width]),
          }));
        const { logits } = network.decode(b, p, {
          ids: b.input("ids", "int32", [1, target.length]),
          position: b.input("position", "int32", [1]),
          past: pairs("past", network.caches, 8),
          cross: pairs("cross", network.crosses, 5),
          sourceMask: b.input("mask", "float32", [1, 5]),
          only: b.input("only", "int32", [1]),
        });
        b.output("logits", logits);
      },
      {
        ids: ids(target),
        position: ids([0]),
        only: ids([2]),
        mask: { data: mask },
        ...encoded,
        ...Object.fromEntries(
          network.caches.flatMap(({ heads, width }, at) =>
            ["key", "value"].map((part) => [
              `past.${at}.${part}`,
              { data: new Float32Array(heads * 8 * width) },
            ]),
          ),
        ),
      },
    )["logits"]!;
    expect(made.shape).toEqual([1, 1, 40]);
    const whole = Array.from(forward(source, mask));
    expect(apart(made.data, whole.slice(80, 120))).toBeLessThan(1e-7);
  });
});

describe("an encoder", () => {
  const network = compileArchitecture({
    layers: layersOf(`
      embedding(50, 16, scaled = true)
      positions(12)
      token_types(2)
      layer_norm(epsilon = 1e-12)
      repeat 2 {
        residual { attention(4) }
        layer_norm()
        residual { dense(32, gelu), dense(16) }
        layer_norm()
      }`),
  });
  const weights = initialise(network, 5);
  const vectors = (text: readonly number[], mask: readonly number[], pooling: "mean" | "cls") =>
    computed(
      network,
      weights,
      (b, p) => {
        const input = {
          ids: b.input("ids", "int32", [1, text.length]),
          mask: b.input("mask", "float32", [1, text.length]),
        };
        b.output("vector", network.pooled(b, p, input, pooling));
      },
      { ids: ids(text), mask: { data: mask } },
    )["vector"]!;

  it.each(["mean", "cls"] as const)("makes the same vector whatever the padding (%s)", (pooling) => {
    const alone = vectors([4, 8, 2], [1, 1, 1], pooling);
    expect(alone.shape).toEqual([1, 16]);
    expect(apart(alone.data, vectors([4, 8, 2, 30, 31], [1, 1, 1, 0, 0], pooling).data)).toBeLessThan(1e-7);
    expect(apart(alone.data, vectors([4, 8, 3], [1, 1, 1], pooling).data)).toBeGreaterThan(1e-3);
    expect(network.kind).toBe("encoder");
  });
});

describe("a network over images", () => {
  const layers = layersOf(`
    conv2d(4, 3, activation = relu)
    max_pool(2)
    conv2d(6, 2, stride = 2, padding = same, activation = tanh)
    average_pool(2, stride = 1)
    flatten()
    dense(5)`);
  const network = compileArchitecture({ layers }, { channels: 2, height: 8, width: 10 });

  it("has the shapes and parameters that the checker says", () => {
    const facts = architectureFacts(layers, { channels: 2, height: 8, width: 10 });
    expect(facts.problems).toEqual([]);
    expect(numberOf(facts.parameters)).toBe(
      network.parameters.reduce((total, { shape }) => total + sizeOf(shape), 0),
    );
    expect(facts.layers.map(({ output }) => output)).toEqual([
      "4 × 8 × 10",
      "4 × 4 × 5",
      "6 × 2 × 3",
      "6 × 1 × 2",
      "12",
      "5",
    ]);
  });

  it("reads pixels row by row as it reads channel by channel", () => {
    const weights = initialise(network, 2);
    const planes = Float32Array.from({ length: 160 }, (_, i) => Math.sin(i * 1.7));
    const pixels = Float32Array.from({ length: 160 }, (_, i) => planes[(i % 2) * 80 + Math.floor(i / 2)]!);
    const of = (shape: readonly number[], data: Float32Array) =>
      computed(
        network,
        weights,
        (b, p) => b.output("y", network.forward(b, p, { features: b.input("x", "float32", shape) })),
        { x: { data } },
      )["y"]!;
    expect(of([1, 160], pixels).shape).toEqual([1, 5]);
    expect(apart(of([1, 160], pixels).data, of([1, 2, 8, 10], planes).data)).toBe(0);
  });
});

describe("a convolution over a text", () => {
  it("gives each place the filter's sum over its neighbours", () => {
    const layers = layersOf("embedding(9, 2)\nconv1d(1, 3, stride = 2, bias = false)\nmax_pool(2)");
    const network = compileArchitecture({ layers });
    const weights = initialise(network, 1);
    const made = computed(
      network,
      weights,
      (b, p) => b.output("y", network.forward(b, p, { ids: b.input("ids", "int32", [1, 7]) })),
      { ids: ids([1, 2, 3, 4, 5, 6, 7]) },
    )["y"]!;
    const table = weights.get("0.embedding.weight")!.data;
    const filter = weights.get("1.conv1d.weight")!.data;
    const at = (place: number): number => {
      let total = 0;
      for (let offset = 0; offset < 3; offset++) {
        const id = place + offset - 1;
        if (id < 0 || id > 6) continue;
        for (let i = 0; i < 2; i++) total += table[(id + 1) * 2 + i]! * filter[offset * 2 + i]!;
      }
      return total;
    };
    expect(made.shape).toEqual([1, 2, 1]);
    expect(apart(made.data, [Math.max(at(0), at(2)), Math.max(at(4), at(6))])).toBeLessThan(1e-9);
  });
});

describe("first values", () => {
  it("are GPT-2's: 0.02, and less at the ends of residuals", () => {
    const network = compileArchitecture({ layers: layersOf(gpt()) });
    const weights = initialise(network, 42);
    const deviation = (name: string): number => {
      const data = Array.from(weights.get(name)!.data);
      return Math.sqrt(data.reduce((total, x) => total + x * x, 0) / data.length);
    };
    expect(deviation("0.embedding.weight")).toBeCloseTo(0.02, 2);
    expect(deviation("2.repeat.1.0.residual.1.attention.query.weight")).toBeCloseTo(0.02, 2);
    for (const last of ["0.residual.1.attention.output.weight", "1.residual.2.dense.weight"])
      expect(deviation(`2.repeat.0.${last}`) / (0.02 / Math.sqrt(4))).toBeCloseTo(1, 1);
    expect(network.parameters.filter(({ decay }) => decay).every(({ shape }) => shape.length >= 2)).toBe(
      true,
    );
  });

  it("follow from the seed alone", () => {
    const network = compileArchitecture({ layers: layersOf(gpt()) });
    expect(initialise(network, 1)).toEqual(initialise(network, 1));
    expect(initialise(network, 1)).not.toEqual(initialise(network, 2));
  });
});

describe("dropout", () => {
  const layers = layersOf(
    "embedding(9, 8)\npositions(8)\ndropout(50%)\nresidual { attention(2, dropout = 20%, causal = true) }\nlogits()",
  );
  const network = compileArchitecture({ layers });

  it("draws only while training, once in each scope", () => {
    const drawn = (training: boolean) =>
      computed(
        network,
        initialise(network, 1),
        (b, p) => {
          const given = b.input("ids", "int32", [1, 4]);
          b.within("chosen", () => b.output("a", network.forward(b, p, { ids: given, training })));
          b.within("rejected", () => b.output("b", network.forward(b, p, { ids: given, training })));
          expect(
            b
              .graph()
              .inputs.filter(({ random }) => random)
              .map(({ name }) => name),
          ).toEqual(
            training
              ? [
                  "chosen.2.dropout.drawn",
                  "chosen.3.residual.0.attention.drawn",
                  "rejected.2.dropout.drawn",
                  "rejected.3.residual.0.attention.drawn",
                ]
              : [],
          );
        },
        {
          ids: ids([1, 2, 3, 4]),
          "chosen.2.dropout.drawn": { data: new Float32Array(32).fill(0.6) },
          "rejected.2.dropout.drawn": { data: new Float32Array(32).fill(0.6) },
          "chosen.3.residual.0.attention.drawn": { data: new Float32Array(32).fill(0.9) },
          "rejected.3.residual.0.attention.drawn": { data: new Float32Array(32).fill(0.1) },
        },
      );
    const { a, b } = drawn(true);
    expect(apart(a!.data, b!.data)).toBeGreaterThan(1e-6);
    drawn(false);
  });
});

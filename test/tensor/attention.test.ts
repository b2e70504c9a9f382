import { describe, expect, it } from "vitest";
import { gradients } from "../../runtime/graph/autodiff.ts";
import { GraphBuilder } from "../../runtime/graph/builder.ts";
import { sizeOf } from "../../runtime/graph/graph.ts";
import { interpret } from "../../runtime/graph/reference.ts";
import { random } from "../../runtime/learn/random.ts";

const [HEADS, SHARED, WIDTH] = [2, 1, 3];

/** Attention's result and gradients in float64; with a mask of zeros no part of the scores is left out. */
function attended(tokens: number, masked: boolean) {
  const b = new GraphBuilder();
  const of = (name: string, heads: number) => b.input(name, "float32", [1, heads, tokens, WIDTH]);
  const inputs = [of("q", HEADS), of("k", SHARED), of("v", SHARED)] as const;
  const mask = masked ? { mask: b.constant(new Float32Array(tokens), [1, tokens]) } : {};
  const y = b.attention(...inputs, { causal: true, ...mask });
  const weights = of("weights", HEADS);
  const loss = b.sum(b.mul(y, weights), [0, 1, 2, 3]);
  b.output("y", y);
  gradients(b, loss, inputs).forEach((slope, at) => {
    b.output(`d${at}`, slope);
  });
  const graph = b.graph();
  const feeds = [...inputs, weights].map(({ shape }, at) => {
    const source = random(3, at);
    const data = Float64Array.from({ length: sizeOf(shape) }, () => source.next() - 0.5);
    return [["q", "k", "v", "weights"][at]!, { data }] as const;
  });
  const products = graph.ops.filter(({ op }) => op === "matmul").length;
  return { made: interpret(graph, Object.fromEntries(feeds)), products };
}

describe("causal attention in blocks", () => {
  it.each([127, 128, 131, 300])("of %d tokens is the attention of the whole", (tokens) => {
    const [blocks, whole] = [attended(tokens, false), attended(tokens, true)];
    expect(blocks.products > whole.products).toBe(tokens >= 128);
    for (const name of ["y", "d0", "d1", "d2"]) {
      const [one, other] = [blocks.made[name]!.data, whole.made[name]!.data];
      expect(one.length).toBe(other.length);
      for (let at = 0; at < one.length; at++)
        expect(Math.abs(one[at]! - other[at]!), `${name}[${at}]`).toBeLessThan(1e-12);
    }
  });
});

import { describe, expect, it } from "vitest";
import { compiled } from "../../../runtime/learn/language/compiled.ts";
import { blocksOf, frozenParameters } from "../../../runtime/learn/language/freeze.ts";
import { adapted, isLora, mergedLora } from "../../../runtime/learn/language/lora.ts";
import { modelInTraining, withAdditions } from "../../../runtime/learn/language/model-in-training.ts";
import { random } from "../../../runtime/learn/random.ts";
import { withSizes } from "../../../runtime/network/artifact.ts";
import { compileArchitecture, initialise } from "../../../runtime/network/network.ts";
import { decoder, encoderDecoder } from "./models.ts";

const sized = (layers: ReturnType<typeof decoder>) => withSizes(layers, () => 20);
const layers = sized(decoder(8, 16, 3));
const lora = { rank: 2, alpha: 6, dropout: 0, targets: "all" } as const;

describe("low-rank additions", () => {
  it("begin as nothing, and merged into the weights compute what they compute beside them", async () => {
    const model = modelInTraining({ layers, lora, freeze: null, head: null });
    const weights = initialise(model.network, 3);
    const begun = withAdditions(model, weights, 4);
    const source = random(9);
    const filled = new Map(
      [...begun].map(([name, tensor]) => [
        name,
        isLora(name)
          ? {
              ...tensor,
              type: "float32" as const,
              data: Float32Array.from(tensor.data, () => source.next() - 0.5),
            }
          : tensor,
      ]),
    );
    const ids = {
      type: "int32",
      shape: [2, 8],
      data: Int32Array.from({ length: 16 }, (_, i) => (i * 7) % 20),
    } as const;
    const logits = await compiled(
      { engine: "auto", threads: 1, parameters: model.parameters, inputs: { ids } },
      (b, p, given) => ({
        logits: model.network.forward(b, model.resolve(b, p, false), { ids: given.get("ids")! }),
      }),
    );
    const plain = await compiled(
      { engine: "auto", threads: 1, parameters: model.network.parameters, inputs: { ids } },
      (b, p, given) => ({ logits: model.network.forward(b, p, { ids: given.get("ids")! }) }),
    );
    const run = async (function_: typeof plain, values: typeof begun) =>
      (await function_.run(values, { ids }))["logits"]!.data;
    const base = await run(plain, weights);
    expect(await run(logits, begun)).toEqual(base);
    const beside = await run(logits, filled);
    const merged = await run(plain, mergedLora(weights, filled, lora));
    const apart = Math.max(...beside.map((value, i) => Math.abs(value - merged[i]!)));
    const moved = Math.max(...beside.map((value, i) => Math.abs(value - base[i]!)));
    expect(moved).toBeGreaterThan(0.01);
    expect(apart).toBeLessThan(1e-5 * Math.max(1, moved));
    await logits.release();
    await plain.release();
  });

  it("stand beside attention's matrices, or all of the blocks'", () => {
    const { parameters } = compileArchitecture({ layers: sized(encoderDecoder(8)) });
    const roles = (targets: "attention" | "all") =>
      adapted(parameters, targets).map((name) => name.split(".").slice(-3, -1).join("."));
    const four = (name: string) => ["query", "key", "value", "output"].map((role) => `${name}.${role}`);
    expect(roles("attention").sort()).toEqual(
      [...four("attention"), ...four("attention"), ...four("cross_attention")].sort(),
    );
    const dense = roles("all").filter((role) => role.endsWith(".dense"));
    expect(dense).toHaveLength(4);
    expect(roles("all")).toHaveLength(16);
  });
});

describe("frozen blocks", () => {
  it("are turns of a repeat, in order, with what stands before them", () => {
    const { parameters } = compileArchitecture({ layers });
    expect(blocksOf(parameters)).toEqual(["2.repeat.0", "2.repeat.1", "2.repeat.2"]);
    const left = (blocks: number) => {
      const frozen = frozenParameters(parameters, blocks);
      return new Set(
        parameters
          .filter(({ name }) => !frozen.has(name))
          .map(({ name }) => name.split(".").slice(0, 3).join(".")),
      );
    };
    expect([...left(0)]).toEqual([
      "2.repeat.0",
      "2.repeat.1",
      "2.repeat.2",
      "3.layer_norm.gain",
      "3.layer_norm.bias",
    ]);
    expect([...left(2)]).toEqual(["2.repeat.2", "3.layer_norm.gain", "3.layer_norm.bias"]);
    expect([...left(3)]).toEqual(["3.layer_norm.gain", "3.layer_norm.bias"]);
  });

  it("are residuals where nothing is repeated", () => {
    const [embedding, positions, repeat, ...rest] = layers;
    const flat = compileArchitecture({ layers: [embedding!, positions!, ...repeat!.layers!, ...rest] });
    expect(blocksOf(flat.parameters)).toEqual(["2.residual", "3.residual"]);
  });
});

/** A model of ours, as `transformers` reads it. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { TensorData } from "../../graph/graph.ts";
import { compileArchitecture } from "../network.ts";
import { Config, type ConfigJson } from "./config.ts";
import { FAMILIES } from "./families.ts";
import type { Family } from "./family.ts";
import { difference, first, numberOf, plain } from "./layers.ts";
import { beside, type Pair, plus, transposed } from "./pairs.ts";
import { HuggingFaceProblem } from "./problem.ts";

export interface WrittenModel {
  readonly family: string;
  readonly config: ConfigJson;
  readonly tensors: ReadonlyMap<string, TensorData>;
}

/** @throws HuggingFaceProblem ML5254 where no architecture of theirs is this one; it names the layer that differs first */
export function writtenModel(
  layers: readonly Layer[],
  weights: ReadonlyMap<string, TensorData>,
): WrittenModel {
  const { family, config } = matching(layers);
  const wanted = new Config(config, "");
  // Both declare the same parameters in the same order, whatever their layers' indices.
  const ours = compileArchitecture({ layers }).parameters;
  const names = compileArchitecture({ layers: family.layers(wanted) }).parameters;
  const ourName = new Map(names.map(({ name }, at) => [name, ours[at]!.name]));
  const hasHead = first(layers, "logits") !== null;
  const tensors = new Map(
    family.pairs(wanted).map((one) => {
      const parts = one.ours.map((name) => weights.get(ourName.get(name)!)!);
      const prefix = hasHead && !one.theirs.startsWith("lm_head.") ? family.prefix : "";
      return [prefix + one.theirs, theirTensor(one, parts)];
    }),
  );
  return { family: family.name, config: { ...config, dtype: "float32", torch_dtype: "float32" }, tensors };
}

function theirTensor({ how }: Pair, parts: readonly TensorData[]): TensorData {
  if (parts.length > 1) return beside(parts);
  const [only] = parts as [TensorData];
  if (how === "transposed") return transposed(only);
  return how === "less one" ? plus(only, -1) : only;
}

/** The first family that holds these layers; the error tells of the one that comes nearest. */
function matching(layers: readonly Layer[]): { family: Family; config: ConfigJson } {
  const width = numberOf(first(layers, "embedding"), "width") ?? 1;
  const given = plain(layers, width);
  let nearest: (NonNullable<ReturnType<typeof difference>> & { family: string }) | null = null;
  for (const family of FAMILIES) {
    const config = family.config(layers);
    if (config === null) continue;
    const found = difference(given, candidate(family, config, width));
    if (found === null) return { family, config };
    if (nearest === null || found.at > nearest.at) nearest = { ...found, family: family.name };
  }
  const { layer, pointer, why, family } = nearest ?? {
    layer: layers[0]?.layer ?? "the architecture",
    pointer: "/layers/0",
    why: "it is none of theirs",
    family: "every model that is written",
  };
  throw new HuggingFaceProblem("ML5254", { layer, place: placeOf(layers, pointer), family, why });
}

/** What the family would be; where its config is refused, nothing, which differs from everything. */
function candidate(family: Family, config: ConfigJson, width: number): ReturnType<typeof plain> {
  try {
    return plain(family.layers(new Config(config, "")), width);
  } catch (error) {
    if (error instanceof HuggingFaceProblem) return [];
    throw error;
  }
}

/** `repeat › residual › attention`, for people. */
function placeOf(layers: readonly Layer[], pointer: string): string {
  const names: string[] = [];
  let inside: readonly Layer[] = layers;
  for (const step of pointer.split("/").filter((part) => /^\d+$/.test(part))) {
    const found = inside[Number(step)];
    if (found === undefined) break;
    names.push(found.layer);
    inside = found.layers ?? [];
  }
  return names.join(" › ");
}

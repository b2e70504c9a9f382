/** A model of theirs, in our form. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import { sizeOf, type TensorData } from "../../graph/graph.ts";
import { type Architecture, architectureOf } from "../artifact.ts";
import { compileArchitecture } from "../network.ts";
import { Config, type ConfigJson } from "./config.ts";
import { FAMILIES, KNOWN_TYPES } from "./families.ts";
import type { Family } from "./family.ts";
import { cut, type Pair, plus, transposed } from "./pairs.ts";
import { HuggingFaceProblem } from "./problem.ts";

export interface ReadModel {
  readonly family: string;
  readonly architecture: Architecture;
  readonly weights: ReadonlyMap<string, TensorData>;
}

/**
 * @param path the folder, for messages
 * @param context fewer tokens than the model may read; null for as many as it may
 * @throws HuggingFaceProblem ML5251 for an architecture that is not read, ML5252 for such a setting, ML5253 for tensors
 */
export function modelOf(
  json: ConfigJson,
  tensors: ReadonlyMap<string, TensorData>,
  path: string,
  context: number | null = null,
): ReadModel {
  const config = new Config(json, path);
  const type = String(json["model_type"]);
  const family = FAMILIES.find(({ types }) => types.includes(type));
  if (family === undefined) throw new HuggingFaceProblem("ML5251", { path, type, known: KNOWN_TYPES });
  const layers = family.layers(config);
  const weights = weightsOf(family, config, layers, tensors);
  const { context: whole } = architectureOf(layers);
  if (context === null || context >= whole)
    return { family: family.name, architecture: architectureOf(layers), weights };
  return shortened(family.name, layers, weights, context);
}

function weightsOf(
  family: Family,
  config: Config,
  layers: readonly Layer[],
  tensors: ReadonlyMap<string, TensorData>,
): ReadonlyMap<string, TensorData> {
  const problem = (text: string): never => {
    throw new HuggingFaceProblem("ML5253", { path: config.path, problem: text });
  };
  const shapes = new Map(compileArchitecture({ layers }).parameters.map(({ name, shape }) => [name, shape]));
  const weights = new Map<string, TensorData>();
  const read = new Set<string>();
  for (const one of family.pairs(config)) {
    const name = [one.theirs, family.prefix + one.theirs].find((candidate) => tensors.has(candidate));
    if (name === undefined) return problem(`the tensor ${one.theirs} is missing`);
    read.add(name);
    for (const [ours, tensor] of ourTensors(one, tensors.get(name)!, shapes)) {
      const wanted = shapes.get(ours)!;
      if (String(wanted) !== String(tensor.shape))
        problem(`${name} is [${tensors.get(name)!.shape.join(", ")}], which does not fit its config`);
      weights.set(ours, tensor);
    }
  }
  for (const name of tensors.keys()) {
    const bare = name.startsWith(family.prefix) ? name.slice(family.prefix.length) : name;
    // With tied logits the head may stand there again.
    const tied = bare === "lm_head.weight" && config.flag("tie_word_embeddings", true);
    if (!read.has(name) && !family.ignored.test(bare) && !tied)
      problem(`the tensor ${name} has no place in ${family.name}`);
  }
  return weights;
}

function ourTensors(
  { ours, how }: Pair,
  tensor: TensorData,
  shapes: ReadonlyMap<string, readonly number[]>,
): (readonly [string, TensorData])[] {
  if (ours.length > 1) {
    const widths = ours.map((name) => shapes.get(name)!.at(-1)!);
    const parts =
      widths.reduce((total, width) => total + width, 0) === tensor.shape.at(-1) ? cut(tensor, widths) : null;
    return ours.map((name, at) => [name, parts?.[at] ?? tensor]);
  }
  const [name] = ours as [string];
  if (how === "transposed" && tensor.shape.length === 2) return [[name, transposed(tensor)]];
  return [[name, how === "less one" ? plus(tensor, 1) : tensor]];
}

/** The same model for shorter texts: learned positions lose their rows beyond the context. */
function shortened(
  family: string,
  layers: readonly Layer[],
  weights: ReadonlyMap<string, TensorData>,
  context: number,
): ReadModel {
  const shorter = layers.map((one) =>
    one.layer === "positions" ? { ...one, args: { ...one.args, length: context } } : one,
  );
  const kept = new Map(weights);
  for (const { name, shape } of compileArchitecture({ layers: shorter }).parameters) {
    const tensor = kept.get(name)!;
    if (tensor.type === "float32" && sizeOf(shape) < tensor.data.length)
      kept.set(name, { type: "float32", shape, data: tensor.data.slice(0, sizeOf(shape)) });
  }
  return { family, architecture: architectureOf(shorter), weights: kept };
}

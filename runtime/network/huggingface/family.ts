/** What is known of one architecture of theirs. */
import type { Layer } from "../../../language/vocabulary/layer.ts";
import type { Config, ConfigJson } from "./config.ts";
import type { Pair } from "./pairs.ts";

export interface Family {
  /** As people call it. */
  readonly name: string;
  /** `model_type` of the configs that it reads. */
  readonly types: readonly string[];
  /** What may stand before all names but the head's: `transformer.`. */
  readonly prefix: string;
  /** Tensors that are no parameters, or of parts that are not read. */
  readonly ignored: RegExp;
  /** @throws HuggingFaceProblem ML5252 for settings that no layer expresses */
  layers(config: Config): readonly Layer[];
  /** For those very layers. */
  pairs(config: Config): readonly Pair[];
  /** A config whose layers may be these; null when they lack what such a model has. */
  config(layers: readonly Layer[]): ConfigJson | null;
}

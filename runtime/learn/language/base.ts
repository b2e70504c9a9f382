/** The models that a recipe begins with. */
import type { Reference } from "../../../language/vocabulary/types.ts";
import type { StepContext } from "../../execute/step.ts";
import type { Digest } from "../../store/types.ts";
import { type LanguageModel, loadLanguageModel } from "./load.ts";
import { refusal } from "./refusals.ts";

export interface Base extends LanguageModel {
  readonly files: Readonly<Record<string, Digest>>;
  /** As the spec calls it. */
  readonly name: string;
}

/**
 * @param attribute `base` or `reward`
 * @throws StepFailure ML5271 when this recipe needs a decoder and it is none
 */
export async function loadBase(
  context: StepContext,
  attribute: "base" | "reward",
  needs: readonly LanguageModel["architecture"]["kind"][] = ["decoder"],
): Promise<Base> {
  const { ref } = context.props[attribute] as unknown as Reference; // the checker accepted it as such
  const name = ref.slice(ref.indexOf(".") + 1);
  const result = context.inputs.get(ref);
  if (result === undefined) throw new Error(`no result of ${ref}`);
  const loaded = await loadLanguageModel(context.store, result.outputs);
  const { kind } = loaded.architecture;
  if (!needs.includes(kind)) {
    const variant = context.declaration.variant ?? "";
    throw refusal(context, "ML5271", { variant, model: name, kind: KINDS[kind] }, `/${attribute}`);
  }
  return { ...loaded, files: result.outputs, name };
}

const KINDS = {
  decoder: "a decoder, which continues texts",
  encoder_decoder: "an encoder-decoder, which turns one text into another",
  encoder: "an encoder, which writes nothing",
} as const;

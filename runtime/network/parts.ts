/** The parts of an architecture: its encoder, what stands behind it, and the logits. */
import type { Layer } from "../../language/vocabulary/layer.ts";
import { ArchitectureError, type Module } from "./module.ts";

export interface Part {
  readonly layers: readonly Layer[];
  readonly prefix: string;
}

/** The encoder, what else there is in order, and the logits, which may end the decoder or stand behind it. */
export function partsOf(
  layers: readonly Layer[],
): [Part | null, readonly Part[], { layer: Layer; prefix: string; index: number } | null] {
  let encoder: Part | null = null;
  let logits: { layer: Layer; prefix: string; index: number } | null = null;
  const body: Part[] = [];
  const withoutLogits = (part: Part): Part => {
    const last = part.layers.at(-1);
    if (last?.layer !== "logits") return part;
    const index = part.layers.length - 1;
    logits = { layer: last, prefix: part.prefix, index };
    return { ...part, layers: part.layers.slice(0, index) };
  };
  if (!layers.some(({ layer }) => layer === "decoder"))
    return [null, [withoutLogits({ layers, prefix: "" })], logits];
  layers.forEach((layer, index) => {
    if (layer.layer === "encoder") encoder = { layers: layer.layers ?? [], prefix: `${index}.encoder.` };
    else if (layer.layer === "decoder")
      body.push(withoutLogits({ layers: layer.layers ?? [], prefix: `${index}.decoder.` }));
    else if (layer.layer === "logits") logits = { layer, prefix: "", index };
    else
      throw new ArchitectureError(
        `${layer.layer} stands beside \`encoder\` and \`decoder\`: move it into one`,
      );
  });
  if (encoder === null) throw new ArchitectureError("a `decoder` needs an `encoder` before it");
  return [encoder, body, logits];
}

/** Whether ids come in, which an embedding turns into vectors. */
export const beginsWithText = (layers: readonly Layer[]): boolean => {
  const [first] = layers;
  if (first === undefined) throw new ArchitectureError("the architecture has no layers");
  if (["residual", "repeat", "encoder", "decoder"].includes(first.layer))
    return beginsWithText(first.layers ?? []);
  return first.layer === "embedding";
};

/** The names of the layers around a part, which end in a dot, for errors and profiles. */
export const scoped = (module: Module, prefix: string): Module =>
  prefix === ""
    ? module
    : { apply: (run, x) => run.b.within(prefix.slice(0, -1), () => module.apply(run, x)) };

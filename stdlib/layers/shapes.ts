/**
 * An architecture as a program over shapes. Its layers are walked with sizes that may still be symbols (`time`, a
 * tokenizer's `pieces.size`, an image's `height`); each says what comes out of it, what it learns, and what is wrong.
 */
import type { Objection } from "../../language/vocabulary/kind.ts";
import type { Layer } from "../../language/vocabulary/layer.ts";
import { attentionRules } from "./shapes/attention.ts";
import { convolutionRules } from "./shapes/convolution.ts";
import { type Count, constant, NOTHING, numberOf, sum, symbol, times } from "./shapes/count.ts";
import { denseRules } from "./shapes/dense.ts";
import { tokenRules } from "./shapes/tokens.ts";
import { type Flow, flowText, newPart, ONE, type Part, type Rule, sizeOf, type Walk } from "./shapes/walk.ts";

export type { Count } from "./shapes/count.ts";

/** What a network of features is given, where that is known. */
export type FeatureShape =
  | { readonly features: number }
  | { readonly channels: number; readonly height: number; readonly width: number };

export interface LayerShape {
  /** JSON pointer into the layers: `/layers/2/layers/0`. */
  readonly pointer: string;
  readonly layer: Layer;
  /** How many layers stand around it. */
  readonly depth: number;
  /** What comes out, the batch left out: `time × 128`. */
  readonly output: string;
  /** What it and the layers within it learn; of a `repeat` every time, of layers within one in one of them. */
  readonly parameters: Count;
}

export type ArchitectureKind = "decoder" | "encoder_decoder" | "encoder" | "features";

export interface ArchitectureFacts {
  readonly kind: ArchitectureKind;
  /** Every layer, outer before inner, in the order written. */
  readonly layers: readonly LayerShape[];
  readonly problems: readonly Objection[];
  readonly parameters: Count;
  /** Numbers that training keeps for each token (for each row of features), about. */
  readonly kept: Count;
  /** How many tokens fit; null where no `positions` say. */
  readonly context: Count | null;
  /** What comes out of the last layer. */
  readonly output: string;
}

const RULES: Readonly<Record<string, Rule>> = {
  ...tokenRules,
  ...attentionRules,
  ...denseRules,
  ...convolutionRules,
};

const BLOCKS = new Set(["residual", "repeat", "encoder", "decoder"]);

/** @param input what a network of features is given; symbols stand for it otherwise */
export function architectureFacts(
  layers: readonly Layer[],
  input: FeatureShape | null = null,
): ArchitectureFacts {
  return new Walker().facts(layers, input);
}

export function architectureKind(layers: readonly Layer[]): ArchitectureKind {
  const names = new Set(layersWithin(layers).map(({ layer }) => layer));
  if (names.has("encoder") || names.has("decoder")) return "encoder_decoder";
  if (names.has("logits")) return "decoder";
  return names.has("embedding") ? "encoder" : "features";
}

/** Every layer, outer before inner. */
export const layersWithin = (layers: readonly Layer[]): readonly Layer[] =>
  layers.flatMap((layer) => [layer, ...layersWithin(layer.layers ?? [])]);

class Walker {
  readonly #shapes: LayerShape[] = [];
  readonly #problems: Objection[] = [];
  #part: Part = newPart("network");
  #source: Walk["source"] = null;
  /** The logits that stand before the layer at hand. */
  #logits: string | null = null;
  #context: Count | null = null;

  facts(layers: readonly Layer[], input: FeatureShape | null): ArchitectureFacts {
    const kind = architectureKind(layers);
    const totals = { learned: NOTHING, kept: NOTHING };
    const flow =
      kind === "encoder_decoder"
        ? this.#ends(layers, totals)
        : this.#sequence(layers, startOf(layers, kind, input), "/layers", 0, totals);
    if (kind !== "encoder_decoder") this.#closed();
    return {
      kind,
      layers: this.#shapes,
      problems: this.#problems,
      parameters: totals.learned,
      kept: totals.kept,
      context: this.#context,
      output: flowText(flow),
    };
  }

  /** `encoder { … }`, `decoder { … }`, and logits behind them at most. */
  #ends(layers: readonly Layer[], totals: Totals): Flow {
    let flow: Flow = { is: "ids" };
    const seen = new Set<string>();
    layers.forEach((layer, index) => {
      const pointer = `/layers/${index}`;
      const { layer: name } = layer;
      if (name !== "encoder" && name !== "decoder") {
        if (name === "logits" && seen.has("decoder"))
          flow = this.#sequence([layer], flow, "/layers", 0, totals, index);
        else
          this.#problem(
            "ML3117",
            { problem: `\`${name}\` stands beside them: move it into one of them` },
            pointer,
          );
        return;
      }
      const twice = `there are two of \`${name}\`: take one out`;
      if (seen.has(name)) this.#problem("ML3117", { problem: twice }, pointer);
      if (name === "decoder" && !seen.has("encoder"))
        this.#problem("ML3117", { problem: "a `decoder` needs an `encoder` before it" }, pointer);
      seen.add(name);
      this.#part = newPart(name);
      flow = this.#block(layer, { is: "ids" }, pointer, 0, totals);
      if (name === "encoder") {
        this.#closed();
        const width = flow.is === "tokens" ? flow.width : ONE;
        this.#source = { part: this.#part, width };
      } else if (this.#part.crosses === 0 && this.#source !== null) this.#problem("ML3121", {}, pointer);
    });
    if (!seen.has("decoder")) {
      const problem =
        "an `encoder` needs a `decoder` behind it; a network that only reads is written without either";
      this.#problem("ML3117", { problem }, "/layers/0");
    } else this.#closed();
    return flow;
  }

  #sequence(
    layers: readonly Layer[],
    flow: Flow,
    place: string,
    depth: number,
    totals: Totals,
    from = 0,
  ): Flow {
    return layers.reduce(
      (before, layer, index) => this.#layer(layer, before, `${place}/${index + from}`, depth, totals),
      flow,
    );
  }

  #layer(layer: Layer, flow: Flow, pointer: string, depth: number, totals: Totals): Flow {
    if (this.#logits !== null) {
      this.#problem("ML3102", { layer: layer.layer }, pointer);
      return flow;
    }
    if (BLOCKS.has(layer.layer)) return this.#block(layer, flow, pointer, depth, totals);
    const own = { learned: NOTHING, kept: NOTHING };
    const walk: Walk = {
      layer,
      pointer,
      part: this.#part,
      source: this.#source,
      problem: (code, values = {}, at = pointer) => this.#problem(code, values, at),
      learns: (...counts) => {
        own.learned = sum(own.learned, ...counts);
      },
      keeps: (...counts) => {
        own.kept = sum(own.kept, ...counts);
      },
    };
    const after = RULES[layer.layer]?.(flow, walk) ?? flow;
    if (layer.layer === "logits") this.#logits = pointer;
    this.#context = this.#part.context ?? this.#context;
    add(totals, own, ONE);
    this.#shapes.push({ pointer, layer, depth, output: flowText(after), parameters: own.learned });
    return after;
  }

  #block(layer: Layer, flow: Flow, pointer: string, depth: number, totals: Totals): Flow {
    const { layer: name, layers = [] } = layer;
    const nested = (name === "encoder" || name === "decoder") && depth > 0;
    if (nested)
      this.#problem(
        "ML3117",
        { problem: `\`${name}\` stands within another layer: take it out of it` },
        pointer,
      );
    if (layers.length === 0) this.#problem("ML3116", { layer: name }, pointer);
    const own = { learned: NOTHING, kept: NOTHING };
    const at = this.#shapes.length;
    const after = this.#sequence(layers, flow, `${pointer}/layers`, depth + 1, own);
    const changed = flowText(flow) !== flowText(after) || flow.is !== after.is;
    const count = name === "repeat" ? sizeOf(layer, "count") : ONE;
    const values = { before: flowText(flow), after: flowText(after) };
    if (name === "residual" && changed) this.#problem("ML3109", values, pointer);
    if (name === "repeat" && changed && numberOf(count) !== 1) this.#problem("ML3110", values, pointer);
    // The sum of both ways is kept.
    if (name === "residual" && after.is !== "ids" && after.is !== "image")
      own.kept = sum(own.kept, after.width);
    add(totals, own, count);
    const output = flowText(name === "residual" ? flow : after);
    this.#shapes.splice(at, 0, { pointer, layer, depth, output, parameters: times(count, own.learned) });
    return name === "residual" ? flow : after;
  }

  /** What only the whole of a part tells. */
  #closed(): void {
    const { forward, attentions, context, name } = this.#part;
    if (this.#logits !== null && name !== "encoder")
      for (const { pointer, layer, mend } of forward) this.#problem("ML3105", { layer, mend }, pointer);
    const [first] = attentions;
    if (first !== undefined && context === null) this.#problem("ML3113", {}, first);
  }

  #problem(code: string, values: Readonly<Record<string, string>>, pointer: string): void {
    this.#problems.push({ code, values, pointer });
  }
}

interface Totals {
  learned: Count;
  kept: Count;
}

function add(totals: Totals, { learned, kept }: Totals, count: Count): void {
  totals.learned = sum(totals.learned, times(count, learned));
  totals.kept = sum(totals.kept, times(count, kept));
}

/** What flows into the first layer. */
function startOf(layers: readonly Layer[], kind: ArchitectureKind, input: FeatureShape | null): Flow {
  if (input !== null) {
    if ("features" in input) return { is: "vector", width: constant(input.features) };
    const { channels, height, width } = input;
    return { is: "image", channels: constant(channels), height: constant(height), width: constant(width) };
  }
  if (kind === "encoder_decoder" || layersWithin(layers).some(({ layer }) => layer === "embedding"))
    return { is: "ids" };
  const first = layersWithin(layers).find(({ layer }) => !BLOCKS.has(layer))?.layer ?? "";
  if (["positions", "token_types", "attention", "cross_attention", "conv1d"].includes(first))
    return { is: "ids" };
  if (readsImages(layers))
    return { is: "image", channels: symbol("channels"), height: symbol("height"), width: symbol("width") };
  return { is: "vector", width: symbol("columns") };
}

/** Whether a network of features begins with an image: the first layer that minds reads one. */
export function readsImages(layers: readonly Layer[]): boolean {
  const minding = layersWithin(layers).find(
    ({ layer }) => layer === "dense" || layer === "embedding" || Object.hasOwn(convolutionRules, layer),
  );
  return (
    minding !== undefined && Object.hasOwn(convolutionRules, minding.layer) && minding.layer !== "conv1d"
  );
}

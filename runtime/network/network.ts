/**
 * Architectures over tensor graphs. A network is made once; each of its methods adds it to a graph: for training,
 * for all logits of a text, or for a few more tokens behind a cache of keys and values.
 */
import type { Layer } from "../../language/vocabulary/layer.ts";
import type { GraphBuilder } from "../graph/builder.ts";
import type { Value } from "../graph/graph.ts";
import { buildingOf, scaledResiduals } from "./building.ts";
import { pooled } from "./layers/convolution.ts";
import {
  ArchitectureError,
  type Building,
  type CacheSpec,
  type Extent,
  type KeysValues,
  type Module,
  type Run,
} from "./module.ts";
import type { ParameterSpec } from "./parameters.ts";
import { beginsWithText, partsOf, scoped } from "./parts.ts";

export { initialise } from "./initialise.ts";
export { ArchitectureError, type CacheSpec, type KeysValues } from "./module.ts";
export type { Init, ParameterSpec } from "./parameters.ts";

/**
 * `decoder`: scores each next token. `encoder_decoder`: the same, given a source. `encoder`: vectors of texts.
 * `features`: numbers or an image to numbers.
 */
export type NetworkKind = "decoder" | "encoder_decoder" | "encoder" | "features";

/** What comes into a `features` network: so many numbers, or an image. */
export type FeatureInput =
  | { readonly features: number }
  | { readonly channels: number; readonly height: number; readonly width: number };

type Image = Extract<FeatureInput, { readonly channels: number }>;

export type Parameters = ReadonlyMap<string, Value>;

export interface NetworkInput {
  /** int32 [B, T]: the tokens, of the target in an encoder-decoder. */
  readonly ids?: Value;
  /** 1 or true where a token stands, 0 where padding does [B, T]; needless for padding behind causal attention. */
  readonly mask?: Value;
  /** int32 [B, T]: the segments of `token_types`, all 0 when not given. */
  readonly types?: Value;
  /** int32 [B, S]: the tokens of the source. */
  readonly source?: Value;
  /** [B, S] */
  readonly sourceMask?: Value;
  /** float32 [B, numbers]; of an image row by row, each pixel's channels together, or [B, channels, height, width]. */
  readonly features?: Value;
  /** Dropout drops, by inputs that the builder's `random` declares; false unless given. */
  readonly training?: boolean;
}

/** A few more tokens behind a cache. */
export interface DecodeInput {
  /** int32 [B, n] */
  readonly ids: Value;
  /** int32 [B]: how many positions of each row's cache are filled. */
  readonly position: Value;
  /** By `Network.caches`: [B, heads, capacity, width] each. Places from `position` on are not read. */
  readonly past: readonly KeysValues[];
  /** By `Network.crosses`: what `encode` gave; [B, heads, S, width] each. */
  readonly cross?: readonly KeysValues[];
  /** [B, S], with `cross`. */
  readonly sourceMask?: Value;
  /** int32 [B]: the only one of each row's n tokens whose logits are wanted; all when not given. */
  readonly only?: Value;
}

export interface Decoded {
  /** [B, n, V], or [B, 1, V] with `only`. */
  readonly logits: Value;
  /** Last hidden vectors, [B, n, width] or [B, 1, width]. */
  readonly hidden: Value;
  /**
   * Keys and values of the new tokens, [B, heads, n, width] each: whoever runs the graph writes row b of them into
   * its cache at `position[b]` (`cache.ts`). The cache itself never comes out, so nothing copies it.
   */
  readonly present: readonly KeysValues[];
}

export interface Encoded {
  /** [B, S, width] */
  readonly hidden: Value;
  /** By `Network.crosses`. */
  readonly cross: readonly KeysValues[];
}

export interface Network {
  readonly kind: NetworkKind;
  /** How many tokens fit; 0 where no positions say. */
  readonly context: number;
  /** How many tokens there are; 0 for `features`. */
  readonly vocabulary: number;
  /** Of the last hidden vectors; for `features`, how many numbers come out. */
  readonly width: number;
  readonly parameters: readonly ParameterSpec[];
  /** One for each causal attention of the decoder, in the order in which they are applied. */
  readonly caches: readonly CacheSpec[];
  /** One for each cross-attention. */
  readonly crosses: readonly CacheSpec[];
  /** Logits [B, T, V]; of an `encoder` what `hidden` gives; of `features` [B, width]. */
  forward(b: GraphBuilder, p: Parameters, input: NetworkInput): Value;
  /** The vectors before the logits: [B, T, width]. */
  hidden(b: GraphBuilder, p: Parameters, input: NetworkInput): Value;
  /** One vector a text: the mean of `hidden` over its tokens, or that of its first. [B, width] */
  pooled(b: GraphBuilder, p: Parameters, input: NetworkInput, pooling: "mean" | "cls"): Value;
  /** Of an encoder-decoder: what its decoder looks at. */
  encode(b: GraphBuilder, p: Parameters, input: Pick<NetworkInput, "source" | "sourceMask">): Encoded;
  decode(b: GraphBuilder, p: Parameters, input: DecodeInput): Decoded;
}

/**
 * @param architecture all its sizes numbers (`withSizes` fills in those of tokenizers)
 * @param input of a `features` network: what comes in
 * @throws {ArchitectureError} for layers that do not fit, which the checker says of specs
 */
export function compileArchitecture(
  architecture: { readonly layers: readonly Layer[] },
  input: FeatureInput | null = null,
): Network {
  return new Compiled(architecture.layers, input);
}

class Compiled implements Network {
  readonly kind: NetworkKind;
  readonly context: number;
  readonly vocabulary: number;
  readonly width: number;
  readonly parameters: readonly ParameterSpec[];
  readonly caches: readonly CacheSpec[];
  readonly crosses: readonly CacheSpec[];
  readonly #encoder: Module | null = null;
  readonly #body: Module;
  readonly #logits: Module | null = null;
  readonly #image: Image | null;
  readonly #building: Building;

  constructor(layers: readonly Layer[], input: FeatureInput | null) {
    const text = beginsWithText(layers);
    const parameters = new Map<string, ParameterSpec>();
    const building = buildingOf(parameters, text, text ? null : extentOf(input));
    const [encoder, body, logits] = partsOf(layers);
    if (encoder !== null) {
      this.#encoder = scoped(building.sequence(encoder.layers, encoder.prefix), encoder.prefix);
      Object.assign(building, {
        sourceWidth: building.extent?.width ?? 0,
        encoderTable: building.table,
        extent: null,
        rotary: null,
      });
    }
    const modules = body.map((part) => scoped(building.sequence(part.layers, part.prefix), part.prefix));
    this.#body = { apply: (run, x) => modules.reduce((value, module) => module.apply(run, value), x) };
    const { extent } = building;
    if (logits !== null)
      this.#logits = scoped(building.sequence([logits.layer], logits.prefix, logits.index), logits.prefix);
    this.kind =
      encoder !== null ? "encoder_decoder" : logits !== null ? "decoder" : text ? "encoder" : "features";
    this.context = building.context;
    this.vocabulary = building.table?.vocabulary ?? 0;
    this.width = extent === null ? 0 : extent.is === "image" ? extent.channels : extent.width;
    this.parameters = scaledResiduals([...parameters.values()], building);
    this.caches = building.caches;
    this.crosses = building.crosses.map(({ spec }) => spec);
    this.#building = building;
    this.#image = input !== null && "channels" in input ? input : null;
  }

  forward(b: GraphBuilder, p: Parameters, input: NetworkInput): Value {
    const run = this.#run(b, p, input);
    const hidden = this.#hidden(run, input);
    return this.#logits === null ? hidden : this.#logits.apply(run, hidden);
  }

  hidden(b: GraphBuilder, p: Parameters, input: NetworkInput): Value {
    return this.#hidden(this.#run(b, p, input), input);
  }

  pooled(b: GraphBuilder, p: Parameters, input: NetworkInput, pooling: "mean" | "cls"): Value {
    const run = this.#run(b, p, input);
    const hidden = this.#hidden(run, input);
    if (hidden.shape.length !== 3) return hidden;
    if (pooling === "mean") return pooled(run, hidden, "mean");
    return b.reshape(b.slice(hidden, 1, 0, 1), [hidden.shape[0]!, this.width]);
  }

  encode(
    b: GraphBuilder,
    p: Parameters,
    { source, sourceMask }: Pick<NetworkInput, "source" | "sourceMask">,
  ): Encoded {
    const memory = this.#memory(b, p, { ...(source && { source }), ...(sourceMask && { sourceMask }) });
    if (memory === null) throw new ArchitectureError("only an encoder-decoder encodes a source");
    const run: Run = { b, p, training: false, mask: memory.mask, types: null, memory, cache: null };
    return {
      hidden: memory.hidden,
      cross: this.#building.crosses.map(({ keysValues }) => keysValues(run, memory.hidden)),
    };
  }

  decode(b: GraphBuilder, p: Parameters, input: DecodeInput): Decoded {
    const { ids, position, past, cross = [], sourceMask, only } = input;
    if (this.#logits === null) throw new ArchitectureError("an architecture without logits writes nothing");
    const present: KeysValues[] = [];
    const cache = { position, past, cross, present };
    const mask = sourceMask === undefined ? null : ones(b, sourceMask);
    // Keys and values of the source are given, so its hidden vectors are not read.
    const memory = cross.length === 0 ? null : { hidden: cross[0]!.key, mask };
    const run: Run = { b, p, training: false, mask: null, types: null, memory, cache };
    const all = this.#body.apply(run, ids);
    const hidden = only === undefined ? all : picked(b, all, only);
    return { logits: this.#logits.apply(run, hidden), hidden, present };
  }

  #run(b: GraphBuilder, p: Parameters, input: NetworkInput): Run {
    return {
      b,
      p,
      training: input.training === true,
      mask: input.mask === undefined ? null : ones(b, input.mask),
      types: input.types ?? null,
      memory: this.#memory(b, p, input),
      cache: null,
    };
  }

  #memory(b: GraphBuilder, p: Parameters, input: NetworkInput): Run["memory"] {
    if (this.#encoder === null) return null;
    if (input.source === undefined) throw new ArchitectureError("an encoder-decoder needs a source");
    const run: Run = {
      b,
      p,
      training: input.training === true,
      mask: input.sourceMask === undefined ? null : ones(b, input.sourceMask),
      types: null,
      memory: null,
      cache: null,
    };
    const hidden = this.#encoder.apply(run, input.source);
    return { hidden, mask: run.mask };
  }

  #hidden(run: Run, { ids, features }: NetworkInput): Value {
    const x = this.kind === "features" ? features : ids;
    if (x === undefined)
      throw new ArchitectureError(`the network needs ${this.kind === "features" ? "features" : "ids"}`);
    return this.#body.apply(
      run,
      this.#image === null || x.shape.length === 4 ? x : channelled(run.b, x, this.#image),
    );
  }
}

/** Pixels [B, height · width · channels] → [B, channels, height, width]. */
function channelled(b: GraphBuilder, x: Value, { channels, height, width }: Image): Value {
  return b.transpose(b.reshape(x, [x.shape[0]!, height, width, channels]), [0, 3, 1, 2]);
}

function extentOf(input: FeatureInput | null): Extent {
  if (input === null) throw new ArchitectureError("a network of features must be told what comes in");
  return "features" in input ? { is: "vector", width: input.features } : { is: "image", ...input };
}

const ones = (b: GraphBuilder, mask: Value): Value => b.cast(mask, "float32");

/** Row `only[b]` of each [n, width]: [B, 1, width]. */
function picked(b: GraphBuilder, x: Value, only: Value): Value {
  const [batch, tokens] = x.shape as [number, number, number];
  return b.matmul(b.reshape(b.oneHot(only, tokens), [batch, 1, tokens]), x);
}

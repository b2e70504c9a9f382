/** What a layer becomes: a `Module`, made once for a network, which adds its operations to any graph. */
import type { Layer } from "../../language/vocabulary/layer.ts";
import type { GraphBuilder } from "../graph/builder.ts";
import type { Shape, Value } from "../graph/graph.ts";
import type { Init } from "./parameters.ts";

export interface Module {
  /** Adds the layer behind `x`: tokens [B, T, width], vectors [B, width] or images [B, channels, height, width]. */
  apply(run: Run, x: Value): Value;
}

/** Keys and values of one attention: [B, kv_heads, positions, head width] each. */
export interface KeysValues {
  readonly key: Value;
  readonly value: Value;
}

/** Decoding some more tokens behind those whose keys and values are kept. */
export interface CacheRun {
  /** int32 [B]: how many positions of each row's cache are filled; the new tokens stand behind them. */
  readonly position: Value;
  /** By attention, in the order of `Network.caches`; [B, heads, capacity, width] each. */
  readonly past: readonly KeysValues[];
  /** By cross-attention. */
  readonly cross: readonly KeysValues[];
  /** Filled as the layers are applied: of the new tokens only. */
  readonly present: KeysValues[];
}

/** One application of a network in one graph. */
export interface Run {
  readonly b: GraphBuilder;
  readonly p: ReadonlyMap<string, Value>;
  /** Dropout drops. */
  readonly training: boolean;
  /** float32 [B, T], 1 where a token stands and 0 where padding does; null: no padding. Pooling shortens it. */
  mask: Value | null;
  /** int32 [B, T]: the segments of `token_types`. */
  readonly types: Value | null;
  /** What the encoder made of the source, for cross-attention: [B, S, width], and its mask [B, S]. */
  readonly memory: { readonly hidden: Value; readonly mask: Value | null } | null;
  readonly cache: CacheRun | null;
}

/** What one layer gives to the next. */
export type Extent =
  | { readonly is: "tokens"; readonly width: number }
  | { readonly is: "vector"; readonly width: number }
  | { readonly is: "image"; readonly channels: number; readonly height: number; readonly width: number };

export interface Rotary {
  readonly length: number;
  readonly base: number;
  readonly pairs: "halves" | "neighbours";
}

/** The heads that one attention keeps in a cache. */
export interface CacheSpec {
  readonly heads: number;
  /** Numbers in each head. */
  readonly width: number;
}

/** What is known while the layers are made, from the first to the last. */
export interface Building {
  /** Declares a parameter and gives its name back. */
  parameter(name: string, shape: Shape, init: Init, decay: boolean): string;
  /** What comes into the next layer; null before the ids' embedding. */
  extent: Extent | null;
  rotary: Rotary | null;
  /** The embedding that tied logits use. */
  table: { readonly name: string; readonly vocabulary: number; readonly width: number } | null;
  /** That of the encoder, which a decoder's may share. */
  encoderTable: Building["table"];
  /** The length of the vectors that the encoder makes. */
  sourceWidth: number;
  /** How many tokens fit, as positions say; 0 before they do. */
  context: number;
  /** The matrix that made the last result: a residual's last one begins smaller. */
  projection: string | null;
  readonly residualProjections: string[];
  readonly caches: CacheSpec[];
  readonly crosses: {
    readonly spec: CacheSpec;
    readonly keysValues: (run: Run, memory: Value) => KeysValues;
  }[];
  /** True for networks that begin with an embedding: GPT-2's initial values. */
  readonly text: boolean;
  /** @param from the index of the first of them, where they are not all of a block */
  sequence(layers: readonly Layer[], prefix: string, from?: number): Module;
}

export type LayerBuilder = (layer: Layer, at: string, building: Building) => Module;

/** A layer that cannot be made; what the checker says of a spec, as an error for architectures that come otherwise. */
export class ArchitectureError extends Error {}

export function parameterOf(run: Run, name: string): Value {
  const value = run.p.get(name);
  if (value === undefined) throw new Error(`the parameter ${name} is not given`);
  return value;
}

export function numberArgument(layer: Layer, name: string): number {
  const value = layer.args[name];
  if (typeof value !== "number") throw new ArchitectureError(`${layer.layer} needs a number \`${name}\``);
  return value;
}

export const optionalNumber = (layer: Layer, name: string): number | null =>
  layer.args[name] === undefined ? null : numberArgument(layer, name);

export const flagArgument = (layer: Layer, name: string, fallback: boolean): boolean => {
  const value = layer.args[name];
  return typeof value === "boolean" ? value : fallback;
};

export const wordArgument = (layer: Layer, name: string, fallback: string): string => {
  const value = layer.args[name];
  return typeof value === "string" ? value : fallback;
};

/** The width of the vectors that come in. */
export function widthOf(building: Building, layer: Layer): number {
  const { extent } = building;
  if (extent === null || extent.is === "image")
    throw new ArchitectureError(`${layer.layer} reads vectors, and none come before it`);
  return extent.width;
}

/** The same extent with vectors of another width. */
export const widened = (building: Building, width: number): Extent =>
  building.extent?.is === "vector" ? { is: "vector", width } : { is: "tokens", width };

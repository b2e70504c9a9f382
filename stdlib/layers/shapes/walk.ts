/** What the rules of layers work with: what flows in, and a place for what they find. */
import type { Objection } from "../../../language/vocabulary/kind.ts";
import type { Layer } from "../../../language/vocabulary/layer.ts";
import { type Count, constant, countOf, numberOf, textOf } from "./count.ts";

/** What one layer gives to the next; the batch stands before all of them. */
export type Flow =
  /** Ids, before any embedding. */
  | { readonly is: "ids" }
  | { readonly is: "tokens"; readonly time: Count; readonly width: Count }
  | { readonly is: "vector"; readonly width: Count }
  | { readonly is: "image"; readonly channels: Count; readonly height: Count; readonly width: Count };

export interface Embedded {
  readonly vocabulary: Count;
  readonly width: Count;
}

/** From the first layer of a part (the whole, the encoder, the decoder) to its last. */
export interface Part {
  readonly name: "network" | "encoder" | "decoder";
  embedded: Embedded | null;
  /** By `positions`; null before them. */
  context: Count | null;
  rotary: boolean;
  /** Pointers of layers through which a token sees those after it, and how to mend each. */
  readonly forward: { readonly pointer: string; readonly layer: string; readonly mend: string }[];
  readonly attentions: string[];
  crosses: number;
}

export interface Walk {
  readonly layer: Layer;
  readonly pointer: string;
  readonly part: Part;
  /** The encoder's part and what comes out of it. */
  readonly source: { readonly part: Part; readonly width: Count } | null;
  problem(code: string, values?: Readonly<Record<string, string>>, pointer?: string): void;
  /** Adds parameters to this layer's. */
  learns(...counts: readonly Count[]): void;
  /** Adds numbers that training keeps for each token, or each row of features. */
  keeps(...counts: readonly Count[]): void;
}

export type Rule = (flow: Flow, walk: Walk) => Flow;

export interface Problem extends Objection {}

export const newPart = (name: Part["name"]): Part => ({
  name,
  embedded: null,
  context: null,
  rotary: false,
  forward: [],
  attentions: [],
  crosses: 0,
});

export const ONE = constant(1);

/** An argument as a size; a layer that the checker accepted has it. */
export const sizeOf = (layer: Layer, name: string): Count => countOf(layer.args[name]) ?? ONE;
export const optionalSize = (layer: Layer, name: string): Count | null => countOf(layer.args[name]);
export const isTrue = (layer: Layer, name: string): boolean => layer.args[name] === true;

/** `time × 128`. */
export function flowText(flow: Flow): string {
  switch (flow.is) {
    case "ids":
      return "time";
    case "tokens":
      return `${textOf(flow.time)} × ${textOf(flow.width)}`;
    case "vector":
      return textOf(flow.width);
    case "image":
      return `${textOf(flow.channels)} × ${textOf(flow.height)} × ${textOf(flow.width)}`;
  }
}

/** How a sentence names it. */
export function flowName(flow: Flow): string {
  const what = {
    ids: "ids",
    tokens: "a sequence of vectors",
    vector: "one vector",
    image: "an image",
  } as const;
  return flow.is === "ids" ? what.ids : `${what[flow.is]} (${flowText(flow)})`;
}

/** Vectors come in: their width; said, and null, when something else does. */
export function widthIn(flow: Flow, walk: Walk): Count | null {
  if (flow.is === "tokens" || flow.is === "vector") return flow.width;
  misplaced(flow, walk, "vectors");
  return null;
}

/** A sequence comes in. */
export function tokensIn(flow: Flow, walk: Walk): Extract<Flow, { is: "tokens" }> | null {
  if (flow.is === "tokens") return flow;
  misplaced(flow, walk, "a sequence of vectors");
  return null;
}

export function misplaced(flow: Flow, { layer, problem }: Walk, wanted: string): void {
  if (flow.is === "ids") problem("ML3106", { layer: layer.layer });
  else problem("ML3112", { layer: layer.layer, wanted, found: flowName(flow) });
}

export const withWidth = (flow: Flow, width: Count): Flow =>
  flow.is === "vector" ? { is: "vector", width } : { ...tokensOr(flow), width };

const tokensOr = (flow: Flow): Extract<Flow, { is: "tokens" }> =>
  flow.is === "tokens" ? flow : { is: "tokens", time: countOf(1)!, width: ONE };

/** Numbers in one row of what flows, the batch and the time left out. */
export function sizeOfRow(flow: Flow): readonly Count[] {
  if (flow.is === "ids") return [ONE];
  return flow.is === "image" ? [flow.channels, flow.height, flow.width] : [flow.width];
}

/** Whether one number divides another, as far as both are known. */
export function divides(divisor: Count, whole: Count): boolean {
  const [part, all] = [numberOf(divisor), numberOf(whole)];
  return part === null || all === null || all % part === 0;
}

/** Layers written by programs, and layers made comparable. */
import type { Layer, LayerArgument } from "../../../language/vocabulary/layer.ts";
import { allLayers } from "../../../stdlib/layers/index.ts";

/** A layer with its defaults filled in; arguments that are null are left out. */
export function make(
  name: string,
  args: Readonly<Record<string, LayerArgument | null>> = {},
  layers?: readonly Layer[],
): Layer {
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
  const parsed = allLayers[name]!.args.parse(given) as Record<string, LayerArgument>;
  return { layer: name, args: parsed, ...(layers === undefined ? {} : { layers }) };
}

export const residual = (...layers: readonly Layer[]): Layer => make("residual", {}, layers);

export const repeated = (count: number, layers: readonly Layer[]): Layer => make("repeat", { count }, layers);

/** The first layer of this name, outer before inner; null when there is none. */
export function first(layers: readonly Layer[], name: string): Layer | null {
  for (const layer of layers) {
    if (layer.layer === name) return layer;
    const inner = first(layer.layers ?? [], name);
    if (inner !== null) return inner;
  }
  return null;
}

export const numberOf = (layer: Layer | null, name: string): number | null => {
  const value = layer?.args[name];
  return typeof value === "number" ? value : null;
};

/** One layer of an architecture in its plainest form, and where it was written. */
export interface Plain {
  readonly layer: string;
  readonly args: Readonly<Record<string, LayerArgument>>;
  readonly layers: readonly Plain[];
  readonly pointer: string;
}

/**
 * The same computation in one form: repeats written out, dropout (which changes nothing outside training) taken out,
 * defaults filled in, `swiglu` as `gated`.
 */
export function plain(layers: readonly Layer[], width: number, place = "/layers"): Plain[] {
  return layers.flatMap((one, index): Plain[] => {
    const pointer = `${place}/${index}`;
    const inner = plain(one.layers ?? [], width, `${pointer}/layers`);
    if (one.layer === "dropout") return [];
    if (one.layer === "repeat")
      return Array.from({ length: numberOf(one, "count") ?? 1 }, () => inner).flat();
    return [{ ...plainLayer(one, width), layers: inner, pointer }];
  });
}

function plainLayer(one: Layer, width: number): Pick<Plain, "layer" | "args"> {
  const args = { ...make(one.layer, one.args).args };
  if (one.layer === "swiglu") return { layer: "gated", args: { ...args, activation: "silu" } };
  if (one.layer === "attention" || one.layer === "cross_attention") {
    const heads = args["heads"] as number;
    args["kv_heads"] ??= heads;
    args["head_width"] ??= width / heads;
    args["scale"] ??= 1 / Math.sqrt(args["head_width"] as number);
    delete args["dropout"];
  }
  if (one.layer === "positions" && args["kind"] !== "rotary") delete args["pairs"];
  if (one.layer === "positions" && args["kind"] === "learned") delete args["base"];
  return { layer: one.layer, args };
}

/** Where two differ first; null when they compute the same. */
export function difference(
  given: readonly Plain[],
  wanted: readonly Plain[],
): { readonly at: number; readonly pointer: string; readonly layer: string; readonly why: string } | null {
  let at = 0;
  const walk = (
    ours: readonly Plain[],
    theirs: readonly Plain[],
    around: Plain | null,
  ): ReturnType<typeof difference> => {
    for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
      const own = ours[index];
      const other = theirs[index];
      at += 1;
      if (own === undefined) {
        const place = around ?? ours.at(-1);
        const where = { at, pointer: place?.pointer ?? "/layers", layer: place?.layer ?? "the architecture" };
        return { ...where, why: `\`${other!.layer}\` is missing there` };
      }
      const where = { at, pointer: own.pointer, layer: own.layer };
      if (other === undefined) return { ...where, why: "nothing stands there" };
      if (own.layer !== other.layer) return { ...where, why: `\`${other.layer}\` stands there` };
      for (const name of new Set([...Object.keys(own.args), ...Object.keys(other.args)])) {
        if (own.args[name] === other.args[name]) continue;
        if (other.args[name] === undefined) return { ...where, why: `there is no \`${name}\` there` };
        return { ...where, why: `\`${name}\` is ${String(other.args[name])} there` };
      }
      const inner = walk(own.layers, other.layers, own);
      if (inner !== null) return inner;
    }
    return null;
  };
  return walk(given, wanted, null);
}

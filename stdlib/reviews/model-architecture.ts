/** Whether a model's architecture is of the kind that it learns with, told from the shapes. */
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import type { Layer } from "../../language/vocabulary/layer.ts";
import type { Reference } from "../../language/vocabulary/types.ts";
import { NOTHING, numberOf } from "../layers/shapes/count.ts";
import { architectureFacts, architectureKind, readsImages } from "../layers/shapes.ts";

interface WithArchitecture {
  readonly architecture?: Reference;
  readonly tokenizer?: Reference;
  readonly buckets?: readonly number[];
  readonly image?: { readonly height: number; readonly width: number; readonly channels: number };
}

export function reviewModelArchitecture(
  props: object,
  name: string,
  of: (reference: Reference) => Neighbour | null,
): Objection[] {
  const { architecture, tokenizer, image, buckets = [] } = props as WithArchitecture; // a model of any variant
  const declared = architecture === undefined ? null : of(architecture);
  if (declared === null) return [];
  const layers = declared.props["layers"] as readonly Layer[]; // the checker accepted it as such
  const kind = architectureKind(layers);
  const values = { architecture: declared.name, model: name };
  const objection = (code: string, more: Readonly<Record<string, string>> = {}): Objection[] => [
    { code, values: { ...values, ...more }, pointer: "/architecture" },
  ];
  if (tokenizer !== undefined) {
    const writes = kind === "decoder" || kind === "encoder_decoder";
    if (!writes) return objection("ML3108");
    const context = numberOf(architectureFacts(layers).context ?? NOTHING);
    const longest = Math.max(0, ...buckets);
    if (context === null || context === 0 || longest <= context) return [];
    const [found] = objection("ML3127", { longest: String(longest), context: String(context) });
    return [{ ...found!, pointer: "/buckets" }];
  }
  if (kind !== "features") return objection("ML3124");
  if (readsImages(layers) && image === undefined) return objection("ML3126");
  if (image === undefined) return [];
  const own = new Set(architectureFacts(layers).problems.map(({ code, pointer }) => code + pointer));
  const facts = architectureFacts(layers, image);
  const [found] = facts.problems.filter(({ code, pointer }) => !own.has(code + pointer));
  if (found !== undefined) return [{ ...found, pointer: "/architecture" }];
  return facts.output.includes("×") ? objection("ML3125", { found: facts.output }) : [];
}

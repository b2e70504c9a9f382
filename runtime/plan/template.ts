/** A declaration's meaning with gaps for what it refers to; made once for a spec, filled for every key. */
import { digestBytes } from "../store/hash.ts";
import type { Digest } from "../store/types.ts";

/** Canonical JSON and declaration ids in turn, beginning and ending with JSON. */
export type Template = readonly string[];

/** The meaning with `filling` of each declaration's id in its gaps. */
export function fillTemplate(template: Template, filling: (id: string) => string): string {
  return template.map((part, place) => (place % 2 === 0 ? part : filling(part))).join("");
}

/** The meaning with nothing of what it refers to: the same whatever anything is called. */
export function digestOfGaps(template: Template): Digest {
  return digestBytes(fillTemplate(template, () => ""));
}

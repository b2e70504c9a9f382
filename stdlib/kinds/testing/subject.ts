/** What a test is about, as its reviews look at it. */
import type { Neighbour } from "../../../language/vocabulary/kind.ts";
import type { ColumnSchema, Reference } from "../../../language/vocabulary/types.ts";
import type { Features } from "../features.ts";

export type Of = (reference: Reference) => Neighbour | null;

/** What is known of a test's subject; columns are those of the dataset whose rows it takes. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly neighbour: Neighbour;
  readonly columns: readonly ColumnSchema[];
  /** Null where no features stand between the dataset and the subject. */
  readonly features: Features | null;
}

export const kindOf = (reference: Reference): string => reference.ref.slice(0, reference.ref.indexOf("."));
export const quoted = (names: readonly string[], last = "and"): string => {
  const all = names.map((name) => `\`${name}\``);
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} ${last} ${all.at(-1)}`;
};
export const pointerTo = (...steps: readonly (string | number)[]): string =>
  steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

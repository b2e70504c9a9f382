/** What of an architecture cannot be computed, told from its shapes. */
import type { Objection } from "../../language/vocabulary/kind.ts";
import type { ArchitectureProps } from "../kinds/architecture.ts";

export function reviewArchitecture(props: ArchitectureProps): Objection[] {
  return props.layers.length === 0 ? [{ code: "ML3137", values: {}, pointer: "" }] : [];
}

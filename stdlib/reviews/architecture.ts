/** What of an architecture cannot be computed, told from its shapes. */
import type { Objection } from "../../language/vocabulary/kind.ts";
import type { ArchitectureProps } from "../kinds/architecture.ts";
import { architectureFacts } from "../layers/shapes.ts";

export function reviewArchitecture(props: ArchitectureProps): Objection[] {
  if (props.layers.length === 0) return [{ code: "ML3137", values: {}, pointer: "" }];
  return [...architectureFacts(props.layers).problems];
}

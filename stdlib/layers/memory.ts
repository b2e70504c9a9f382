/** What training a network takes, told from its shapes. */

import { constant, filled, numberOf, times } from "./shapes/count.ts";
import type { ArchitectureFacts } from "./shapes.ts";

export interface Memory {
  /** Bytes of the weights alone, as they are stored and served. */
  readonly weights: number;
  /** Bytes of weights, gradients and AdamW's two moments. */
  readonly learning: number;
  /**
   * Bytes of what the forward pass keeps for the backward one, about: each layer's results, for every token of every
   * row of a batch. Engines reuse some of them and add room to work in.
   */
  readonly activations: number;
}

/** All numbers are single precision. */
const BYTES = 4;

/**
 * @param known sizes by symbol, `pieces.size`
 * @param rows of a batch
 * @returns null while a size is not known
 */
export function memoryOf(
  facts: Pick<ArchitectureFacts, "kind" | "parameters" | "kept" | "context">,
  known: ReadonlyMap<string, number>,
  rows: number,
): Memory | null {
  const parameters = numberOf(filled(facts.parameters, known));
  const context = facts.context === null ? null : numberOf(filled(facts.context, known));
  const tokens = facts.kind === "features" ? 1 : context;
  if (parameters === null || tokens === null) return null;
  const all = new Map([...known, ["time", tokens]]);
  const kept = numberOf(filled(times(facts.kept, constant(rows * tokens)), all));
  if (kept === null) return null;
  return { weights: BYTES * parameters, learning: 4 * BYTES * parameters, activations: BYTES * kept };
}

/** A released model predicts with the one threshold at which it was judged. */
import type { Objection } from "../../language/vocabulary/kind.ts";
import type { Peers } from "../../language/vocabulary/peers.ts";
import type { Evaluation } from "../kinds/evaluation.ts";
import type { Release } from "../kinds/release.ts";

/** The model's own; an evaluation that names it chooses nothing. */
const OWN = 0.5;

export function reviewRelease(props: Release, name: string, peers: Peers): Objection[] {
  const gate = peers.find(props.gate.ref);
  if (gate === undefined || gate.broken) return [];
  const chosen = new Map<string, string>();
  for (const id of gate.refs) {
    const peer = peers.find(id);
    if (peer?.kind !== "evaluation" || peer.broken) continue;
    const judged = peer.props as unknown as Partial<Evaluation>;
    if (judged.model?.ref !== props.model.ref) continue;
    const { threshold, threshold_on: on, cost } = judged;
    if (threshold !== undefined && threshold !== OWN) chosen.set(String(threshold), String(threshold));
    else if (threshold === undefined && on !== undefined && cost !== undefined)
      chosen.set(
        JSON.stringify([on, cost]),
        `the cheapest on ${[on.ref.slice(on.ref.indexOf(".") + 1), on.part].filter(Boolean).join(".")}`,
      );
  }
  if (chosen.size < 2) return [];
  const values = { release: `\`${name}\``, thresholds: [...chosen.values()].join(" and ") };
  return [{ code: "ML6035", values, pointer: "/gate" }];
}

/** What a change touches as a Mermaid flowchart: the changed, and what stands behind them. */
import type { DeclarationDiff, ProgramDiff } from "../../language/diff/model.ts";
import { mermaidId, mermaidText } from "../../language/graph/mermaid.ts";
import { inOrder } from "../../language/ir/order.ts";
import type { Declaration } from "../../language/ir/program.ts";

/** Fill, line and text: readable on a light page and on a dark one. */
const CLASSES = {
  added: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
  removed: "fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:4 3",
  changed: "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
  follows: "fill:#f6f8fa,stroke:#57606a,color:#1f2328",
} as const;

type Class = keyof typeof CLASSES;

/** Arrows point the way results flow. Renamed declarations stand in it as what follows, when something reaches them. */
export function diffMermaid(diff: ProgramDiff): string {
  const status = new Map(diff.declarations.map((one) => [one.id, one.status]));
  const removed = diff.declarations.filter((one) => one.status === "removed");
  const touched = new Set([...diff.reruns.map(({ id }) => id)]);
  const nodes = inOrder(diff.after)
    .filter(({ id }) => touched.has(id))
    .map((one) => node(one, classOf(status.get(one.id))));
  const gone = removed.map(({ before }) => node(before!, "removed", "gone__"));
  const arrows = diff.after.declarations
    .filter(({ id }) => touched.has(id))
    .flatMap(({ id, refs }) =>
      refs.filter((ref) => touched.has(ref)).map((ref) => `  ${mermaidId(ref)} --> ${mermaidId(id)}`),
    );
  const used = new Set<Class>([
    ...[...touched].map((id) => classOf(status.get(id))),
    ...(removed.length > 0 ? (["removed"] as const) : []),
  ]);
  const styles = (Object.keys(CLASSES) as Class[])
    .filter((name) => used.has(name))
    .map((name) => `  classDef ${name} ${CLASSES[name]}`);
  return ["flowchart LR", ...nodes, ...gone, ...arrows, ...styles].join("\n");
}

const classOf = (status: DeclarationDiff["status"] | undefined): Class =>
  status === "added" || status === "changed" ? status : "follows";

function node({ id, kind, name, external }: Declaration, className: Class, prefix = ""): string {
  const outside =
    external === null || external === name ? "" : `<br/>${mermaidText(JSON.stringify(external))}`;
  return `  ${prefix}${mermaidId(id)}["${mermaidText(name)}<br/>${mermaidText(kind)}${outside}"]:::${className}`;
}

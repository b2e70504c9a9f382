/** Pieces of Mermaid flowcharts. */
import { kindText, type View, type ViewNode } from "./view.ts";

/** An id for a node: letters, digits and underscores only, and never a word of Mermaid's own. */
export function mermaidId(id: string): string {
  // Whatever is no plain letter is written by its code point, so that two ids never become one.
  return id.replace(/[^A-Za-z0-9_]/gu, (sign) =>
    sign === "." ? "__" : `_${sign.codePointAt(0)!.toString(16)}_`,
  );
}

/** Text inside of a quoted label. */
export function mermaidText(text: string): string {
  return text.replace(/[&<>"#]/g, (sign) => `#${sign.codePointAt(0)};`);
}

/** The pipeline as a flowchart; arrows point the way results flow, instances of templates are boxes. */
export function graphMermaid({ nodes, edges }: View): string {
  const box = (node: ViewNode): string => {
    const name = node.group === null ? node.name : node.name.slice(node.group.length + 1);
    return `${mermaidId(node.id)}["${mermaidText(name)}<br/>${mermaidText(kindText(node))}"]`;
  };
  const groups = [...new Set(nodes.flatMap(({ group }) => group ?? []))];
  return [
    "flowchart LR",
    ...nodes.filter(({ group }) => group === null).map((node) => `  ${box(node)}`),
    ...groups.flatMap((group) => [
      `  subgraph group_${mermaidId(group)}["${mermaidText(group)}"]`,
      ...nodes.filter((node) => node.group === group).map((node) => `    ${box(node)}`),
      "  end",
    ]),
    ...edges.map(({ from, to }) => `  ${mermaidId(from)} --> ${mermaidId(to)}`),
  ].join("\n");
}

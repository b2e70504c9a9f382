/** The pipeline as a picture: one SVG file that needs nothing beside it, the same bytes for the same program. */
import { type Layout, layOut, type PlacedEdge, type PlacedGroup, type PlacedNode } from "./layout.ts";
import { kindText, type View } from "./view.ts";

/** Line and text on a light page, and on a dark one; the kinds of stdlib in the order of a pipeline. */
const COLORS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  dataset: ["#0969da", "#58a6ff"],
  step: ["#57606a", "#9aa4af"],
  features: ["#0f766e", "#2dd4bf"],
  tokenizer: ["#0e7490", "#22d3ee"],
  embedding: ["#0e7490", "#22d3ee"],
  architecture: ["#6639ba", "#d2a8ff"],
  prompt: ["#953800", "#ffa657"],
  model: ["#8250df", "#bc8cff"],
  evaluation: ["#9a6700", "#e3b341"],
  gate: ["#cf222e", "#ff7b72"],
  release: ["#1a7f37", "#56d364"],
  deployment: ["#116329", "#7ee787"],
  batch: ["#4d7c0f", "#a3e635"],
};
const OTHER = ["#57606a", "#9aa4af"] as const;

export function graphSvg(view: View, title: string): string {
  const layout = layOut(view);
  const { width, height, nodes, edges, groups } = layout;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif">`,
    `<title>${xml(title)}</title>`,
    `<style>${styles(kindsOf(layout))}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0.5 8 4 0 7.5z"/></marker></defs>',
    `<rect class="page" width="${px(width)}" height="${px(height)}"/>`,
    ...groups.map(groupSvg),
    ...edges.map(edgeSvg),
    ...nodes.map(nodeSvg),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function kindsOf({ nodes }: Layout): string[] {
  return [...new Set(nodes.map(({ node }) => node.kind))].sort();
}

/** Every colour is written out for both pages: not all that draws SVG knows variables. */
function styles(kinds: readonly string[]): string {
  const sheet = (side: 0 | 1) => {
    const [page, box, line, text, dim] =
      side === 0
        ? ["#ffffff", "#ffffff", "#8c959f", "#1f2328", "#59636e"]
        : ["#0d1117", "#161b22", "#6e7681", "#e6edf3", "#9198a1"];
    return [
      `.page{fill:${page}}`,
      `.box{fill:${box}}`,
      `.edge{stroke:${line}}`,
      `.tip{fill:${line}}`,
      `.group{stroke:${line}}`,
      `.name{fill:${text}}`,
      `.kind,.label{fill:${dim}}`,
      ...kinds.map((kind) => {
        const color = (COLORS[kind] ?? OTHER)[side];
        return `.${cssName(kind)} .box{stroke:${color}}.${cssName(kind)} .bar{fill:${color}}`;
      }),
    ].join("");
  };
  const shapes = [
    ".box{stroke-width:1.4}",
    ".stateful .box{stroke-dasharray:5 3}",
    ".edge{fill:none;stroke-width:1.4}",
    ".group{fill:none;stroke-dasharray:2 4}",
    ".name{font-size:13px;font-weight:600}",
    ".kind,.label{font-size:11px}",
  ].join("");
  return `${shapes}${sheet(0)}@media(prefers-color-scheme:dark){${sheet(1)}}`;
}

function nodeSvg({ node, name, kind, x, y, width, height }: PlacedNode): string {
  const classes = [cssName(node.kind), ...(node.stateful ? ["stateful"] : [])].join(" ");
  const outside =
    node.external === null || node.external === node.name ? [] : [`outside: "${node.external}"`];
  const told = [
    `${node.name} (${kindText(node)})`,
    ...outside,
    ...(node.doc === null ? [] : [node.doc]),
  ].join("\n");
  return [
    `<g class="${classes}" id="${xml(node.id)}" transform="translate(${px(x)} ${px(y)})"><title>${xml(told)}</title>`,
    `<rect class="box" width="${px(width)}" height="${px(height)}" rx="7"/>`,
    `<rect class="bar" x="5" y="8" width="3" height="${px(height - 16)}" rx="1.5"/>`,
    `<text class="name" x="16" y="19">${xml(name)}</text>`,
    `<text class="kind" x="16" y="34">${xml(kind)}</text></g>`,
  ].join("");
}

function edgeSvg({ edge, start, spans }: PlacedEdge): string {
  const path = spans.map(([from, to]) => {
    const bend = (to.x - from.x) / 2;
    if (from.y === to.y) return `H${px(to.x)}`;
    return `H${px(from.x)}C${px(from.x + bend)} ${px(from.y)} ${px(to.x - bend)} ${px(to.y)} ${px(to.x)} ${px(to.y)}`;
  });
  return `<path class="edge" d="M${px(start.x)} ${px(start.y)}${path.join("")}" marker-end="url(#tip)"><title>${xml(`${edge.from} → ${edge.to}`)}</title></path>`;
}

function groupSvg({ name, label, x, y, width, height }: PlacedGroup): string {
  return `<g><title>${xml(name)}</title><rect class="group" x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="10"/><text class="label" x="${px(x + 12)}" y="${px(y + 15)}">${xml(label)}</text></g>`;
}

/** One decimal at most, so that the last bits of a sum do not show. */
const px = (value: number): string => String(Math.round(value * 10) / 10);

const cssName = (kind: string): string => `kind-${kind.replace(/[^A-Za-z0-9_-]/g, "-")}`;

function xml(text: string): string {
  const escaped = text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
  // XML 1.0 has no control characters, not even escaped ones.
  return escaped.replace(CONTROL, "�");
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

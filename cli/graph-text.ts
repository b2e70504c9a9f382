/** The pipeline as text: as lines for a terminal, and as a Mermaid flowchart. */
import type { Declaration, Program } from "../language/ir/program.ts";

/** Declarations so that each stands after what it needs, in the spec's order where there is a choice. */
export function inOrder(program: Program): Declaration[] {
  const byId = new Map(program.declarations.map((declaration) => [declaration.id, declaration]));
  const done = new Set<string>();
  const order: Declaration[] = [];
  const visit = (declaration: Declaration): void => {
    if (done.has(declaration.id)) return;
    done.add(declaration.id);
    for (const id of declaration.refs) {
      const needed = byId.get(id);
      if (needed !== undefined) visit(needed);
    }
    order.push(declaration);
  };
  for (const declaration of program.declarations) visit(declaration);
  return order;
}

const label = (declaration: Declaration): string =>
  declaration.variant === null ? declaration.kind : `${declaration.kind}: ${declaration.variant}`;

/** One line each: name, kind, and what it needs. */
export function graphText(program: Program): string {
  const order = inOrder(program);
  const names = Math.max(0, ...order.map((declaration) => declaration.name.length));
  const kinds = Math.max(0, ...order.map((declaration) => label(declaration).length));
  return order
    .map((declaration) => {
      const needs = declaration.refs.map((id) => id.slice(id.indexOf(".") + 1)).join(", ");
      const line = `${declaration.name.padEnd(names)}  ${label(declaration).padEnd(kinds)}`;
      return needs === "" ? line.trimEnd() : `${line}  ← ${needs}`;
    })
    .join("\n");
}

/** A Mermaid flowchart; arrows point the way results flow. */
export function graphMermaid(program: Program): string {
  const order = inOrder(program);
  const node = (id: string): string => id.replace(".", "__");
  const boxes = order.map(
    (declaration) => `  ${node(declaration.id)}["${declaration.name}<br/>${label(declaration)}"]`,
  );
  const arrows = order.flatMap((declaration) =>
    declaration.refs.map((id) => `  ${node(id)} --> ${node(declaration.id)}`),
  );
  return ["flowchart LR", ...boxes, ...arrows].join("\n");
}

/** For `--json`: nodes and edges by id. */
export function graphJson(program: Program): object {
  const order = inOrder(program);
  return {
    nodes: order.map(({ id, name, kind, variant, hash }) => ({ id, name, kind, variant, hash })),
    edges: order.flatMap(({ id, refs }) => refs.map((from) => ({ from, to: id }))),
  };
}

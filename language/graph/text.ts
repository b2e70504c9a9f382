/** The pipeline as lines for a terminal, and as nodes and edges for machines. */

import { inOrder, nameOf } from "../ir/order.ts";
import type { Program } from "../ir/program.ts";
import { widthOf } from "./text-width.ts";
import { kindText } from "./view.ts";

type Drawn = Pick<Program, "declarations">;

/** One line each: name, kind, and what it needs. */
export function graphText(program: Drawn): string {
  const order = inOrder(program);
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(widthOf));
  const names = widest(order.map(({ name }) => name));
  const kinds = widest(order.map(kindText));
  const padded = (text: string, width: number) => text + " ".repeat(width - widthOf(text));
  return order
    .map((declaration) => {
      const needs = declaration.refs.map(nameOf).join(", ");
      const line = `${padded(declaration.name, names)}  ${padded(kindText(declaration), kinds)}`;
      return needs === "" ? line.trimEnd() : `${line}  ← ${needs}`;
    })
    .join("\n");
}

/** For `--json`: nodes and edges by id. */
export function graphJson(program: Drawn): object {
  const order = inOrder(program);
  return {
    nodes: order.map(({ id, name, kind, variant, hash }) => ({ id, name, kind, variant, hash })),
    edges: order.flatMap(({ id, refs }) => refs.map((from) => ({ from, to: id }))),
  };
}

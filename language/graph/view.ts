/** A program as a picture sees it: boxes, arrows and the templates' instances around them. */
import { inOrder, reached, usersOf } from "../ir/order.ts";
import type { Declaration, Program } from "../ir/program.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";

export interface ViewNode {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly variant: string | null;
  readonly doc: string | null;
  /** The name outside of stateful kinds. */
  readonly external: string | null;
  readonly stateful: boolean;
  /** The instance of a template that made it: `loans_tr` of `loans_tr.scorer`; null: it stands by itself. */
  readonly group: string | null;
}

/** An arrow the way results flow. */
export interface ViewEdge {
  readonly from: string;
  readonly to: string;
}

export interface View {
  /** Each after those that it needs. */
  readonly nodes: readonly ViewNode[];
  readonly edges: readonly ViewEdge[];
}

export function viewOf(program: Pick<Program, "declarations">, { kinds }: Vocabulary): View {
  const declarations = inOrder(program);
  const names = new Set(declarations.map(({ name }) => name));
  return {
    nodes: declarations.map(({ id, name, kind, variant, doc, external }) => {
      const dot = name.indexOf(".");
      const prefix = dot < 0 ? null : name.slice(0, dot);
      // What a declaration makes for its own use is named after it, and no instance of a template.
      const group = prefix === null || names.has(prefix) ? null : prefix;
      return { id, name, kind, variant, doc, external, stateful: kinds[kind]?.stateful === true, group };
    }),
    edges: declarations.flatMap(({ id, refs }) => refs.map((from) => ({ from, to: id }))),
  };
}

/** Only what a declaration needs and what needs it, directly or not. */
export function focused(program: Program, focus: Declaration): Pick<Program, "declarations"> {
  const byId = new Map(program.declarations.map((one) => [one.id, one]));
  const users = usersOf(program.declarations);
  const kept = new Set([
    ...reached([focus.id], (id) => byId.get(id)?.refs ?? []),
    ...reached([focus.id], (id) => users.get(id) ?? []),
  ]);
  return {
    declarations: program.declarations
      .filter(({ id }) => kept.has(id))
      .map((one) => ({ ...one, refs: one.refs.filter((ref) => kept.has(ref)) })),
  };
}

/** `model: gradient_boosted_trees` */
export const kindText = ({ kind, variant }: Pick<ViewNode, "kind" | "variant">): string =>
  variant === null ? kind : `${kind}: ${variant}`;

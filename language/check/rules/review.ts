/** What kinds say of their own declarations beyond their schemas. */

import type { Neighbour, Peer } from "../../vocabulary/kind.ts";
import { Peers } from "../../vocabulary/peers.ts";
import type { Reference } from "../../vocabulary/types.ts";
import type { Draft } from "../draft.ts";
import { edit, replaceWith } from "../source.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** Every declaration, in the order of the text; those with errors of their own as far as they could be read. */
function peersOf({ drafts, symbols, world }: RuleContext): readonly Peer[] {
  const broken = symbols.flatMap((symbol) => {
    const draft = symbol.is === "declaration" ? world.draft(symbol.id) : undefined;
    return draft?.broken === true ? [draft] : [];
  });
  const peer = ({ symbol, props, refs, broken }: Draft): Peer => ({
    id: symbol.id,
    kind: symbol.kindName,
    name: symbol.name,
    props,
    refs,
    broken,
  });
  return [...drafts, ...broken].map(peer);
}

const neighbourOf = ({ symbol, props, offered }: Draft): Neighbour => ({
  name: symbol.name,
  props,
  tasks: offered.tasks,
  target: offered.target?.name ?? null,
});

export const kindsReviewTheirOwn: Rule = (context) => {
  const peers = new Peers(() => peersOf(context));
  // Neighbours are asked for many times, and what is kept of one is kept by its identity.
  const neighbours = new Map<string, Neighbour | null>();
  const of = (reference: Reference): Neighbour | null => {
    const known = neighbours.get(reference.ref);
    if (known !== undefined) return known;
    const other = context.world.draft(reference.ref);
    const neighbour = other === undefined || other.broken ? null : neighbourOf(other);
    neighbours.set(reference.ref, neighbour);
    return neighbour;
  };
  for (const draft of context.drafts) {
    const { kind, name } = draft.symbol;
    if (kind.review === undefined) continue;
    const found = kind.review(draft.props, name, of, peers);
    for (const { code, values, pointer, write, add } of found) {
      const span = draft.locations.get(pointer);
      const { source } = draft.symbol;
      const fixes =
        span === undefined
          ? []
          : write !== undefined
            ? replaceWith(source, span, write)
            : add !== undefined
              ? [
                  {
                    title: `add \`${add}\``,
                    edits: [edit(source, { start: span.end, end: span.end }, `, ${add}`)],
                  },
                ]
              : [];
      context.report(code, values, draft, pointer, { fixes });
    }
  }
};

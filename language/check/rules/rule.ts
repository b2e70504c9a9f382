/** What a rule over a whole checked spec is given. */

import type { Span } from "../../syntax/tree.ts";
import type { Vocabulary } from "../../vocabulary/kind.ts";
import type { Reference } from "../../vocabulary/types.ts";
import { asReference } from "../columns-in-scope.ts";
import type { Draft, World } from "../draft.ts";
import type { Taken } from "../imports.ts";
import type { Extras, Source } from "../source.ts";
import type { AnySymbol } from "../symbols.ts";

export interface RuleContext {
  readonly vocabulary: Vocabulary;
  readonly world: World;
  /** Declarations without errors of their own. */
  readonly drafts: readonly Draft[];
  /** The names that the spec itself declares. */
  readonly symbols: readonly AnySymbol[];
  /** The names that it takes from other files. */
  readonly imports: readonly Taken[];
  readonly sources: readonly Source[];
  /** Names that fixes of other findings write: a slip elsewhere does not make what it meant look unused. */
  readonly meant: ReadonlySet<string>;
  /** Some name means nothing and is like none that does: what it meant cannot be told. */
  readonly astray: boolean;
  /** Points at the attribute of `pointer`, or the nearest one around it that has a place. */
  report(
    code: string,
    values: Readonly<Record<string, string>>,
    draft: Draft,
    pointer: string,
    extras?: Extras,
  ): void;
  reportAt(
    code: string,
    values: Readonly<Record<string, string>>,
    source: Source,
    span: Span,
    extras?: Extras,
  ): void;
}

export type Rule = (context: RuleContext) => void;

/** The declaration whose rows a reference reads in the end: features pass on those of their dataset. */
export function rowsOf(reference: Reference, world: World): string {
  let id = reference.ref;
  for (const seen = new Set<string>(); !seen.has(id); ) {
    seen.add(id);
    const draft = world.draft(id);
    const through = draft?.symbol.kind.offers?.through;
    const next = through === undefined || draft === undefined ? null : asReference(draft.props[through]);
    if (next === null) break;
    id = next.ref;
  }
  return id;
}

/** The declaration itself and everything that it needs, directly or not. */
export function upstreamOf(draft: Draft, world: World): Draft[] {
  const found = new Map<string, Draft>([[draft.symbol.id, draft]]);
  for (const current of found.values()) {
    for (const id of current.refs) {
      const next = found.has(id) ? undefined : world.draft(id);
      if (next !== undefined) found.set(id, next);
    }
  }
  return [...found.values()];
}

/** Where names are looked up: a file, the body of a template, or one use of it. */
import type { Span } from "../syntax/tree.ts";
import type { Source } from "./source.ts";
import type { AnySymbol } from "./symbols.ts";

/** Where a template or a declaration with parameters is used. */
export interface Use {
  readonly source: Source;
  readonly span: Span;
  /** "the scoring `loans_tr`", for messages. */
  readonly what: string;
  /** What is used. */
  readonly of: AnySymbol;
  /** The use around this one, when it stands in a template itself. */
  readonly outer: Use | null;
}

interface Inside {
  readonly outer: Scope;
  /** Stands before the names of the declarations made here: `loans_tr.`. */
  readonly prefix: string;
  /** Null where a template is read on its own. */
  readonly use: Use | null;
  readonly general: boolean;
}

export class Scope {
  readonly source: Source;
  readonly outer: Scope | null;
  readonly prefix: string;
  readonly use: Use | null;
  /** In a template that is read on its own, with its parameters unknown: to find what is wrong with every use of it. */
  readonly general: boolean;
  readonly own = new Map<string, AnySymbol>();

  constructor(source: Source, inside: Inside | null = null) {
    this.source = source;
    this.outer = inside?.outer ?? null;
    this.prefix = inside?.prefix ?? "";
    this.use = inside?.use ?? null;
    this.general = inside?.general ?? false;
  }

  lookup(name: string): AnySymbol | undefined {
    for (let scope: Scope | null = this; scope !== null; scope = scope.outer) {
      const found = scope.own.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Every name that can be used here, the nearest first. */
  *visible(): Generator<readonly [string, AnySymbol]> {
    for (let scope: Scope | null = this; scope !== null; scope = scope.outer) yield* scope.own;
  }

  /** Names of the declarations, here, whose symbol is wanted. */
  names(wanted: (symbol: AnySymbol) => boolean): string[] {
    return [...this.visible()].filter(([, symbol]) => wanted(symbol)).map(([name]) => name);
  }
}

/** Dotted names: `loans.train`, `loans_tr.scorer`, `loans_tr.prepared.train`. */
import type { Expression, Name } from "../syntax/tree.ts";
import type { Scope } from "./scope.ts";
import type { AnySymbol } from "./symbols.ts";

/** A name and where it is written. */
export interface NameAt {
  readonly name: Name;
  readonly scope: Scope;
}

export type Path =
  | {
      readonly is: "symbol";
      readonly symbol: AnySymbol;
      /** The last of the names that lead to it. */
      readonly at: NameAt;
      /** What follows. */
      readonly rest: readonly NameAt[];
    }
  /** `within` is the use of a template whose dot stands before it, if any. */
  | { readonly is: "unknown"; readonly at: NameAt; readonly within: AnySymbol | null; readonly scope: Scope }
  /** It begins with a parameter of a template that is read on its own. */
  | {
      readonly is: "open";
      readonly symbol: Extract<AnySymbol, { is: "argument" }>;
      readonly rest: readonly NameAt[];
    }
  /** Reported where it is written. */
  | { readonly is: "failed" };

/** The names of `a.b.c`; null when it is no dotted name. */
function namesOf(expression: Expression, scope: Scope): NameAt[] | null {
  const names: NameAt[] = [];
  let at = expression;
  for (; at.kind === "member"; at = at.object) names.unshift({ name: at.member, scope });
  if (at.kind !== "reference") return null;
  names.unshift({ name: at.name, scope });
  return names;
}

/** Follows a dotted name through arguments, constants and the members of templates; null when it is none. */
export function resolvePath(expression: Expression, scope: Scope): Path | null {
  let names = namesOf(expression, scope);
  if (names === null) return null;
  for (;;) {
    const [first, ...rest] = names;
    if (first === undefined) return null;
    const symbol = first.scope.lookup(first.name.text);
    if (symbol === undefined) return { is: "unknown", at: first, within: null, scope: first.scope };
    if (symbol.is !== "argument" && symbol.is !== "constant") return followMembers(symbol, first, rest);
    const { bound } = symbol;
    if (bound.is === "failed") return { is: "failed" };
    if (bound.is === "unknown")
      return symbol.is === "argument" ? { is: "open", symbol, rest } : { is: "failed" };
    const inner = namesOf(bound.expression, bound.scope);
    if (inner === null) return null;
    names = [...inner, ...rest];
  }
}

function followMembers(symbol: AnySymbol, at: NameAt, rest: readonly NameAt[]): Path {
  if (symbol.is !== "instance") return { is: "symbol", symbol, at, rest };
  const [next, ...others] = rest;
  if (next === undefined) return { is: "symbol", symbol, at, rest };
  if (symbol.members === null) return { is: "failed" };
  const member = symbol.members.own.get(next.name.text);
  if (member === undefined || member.is === "argument")
    return { is: "unknown", at: next, within: symbol, scope: symbol.members };
  return followMembers(member, next, others);
}

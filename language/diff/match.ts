/** Which declaration of one program is which of the other, whatever they are called. */
import { canonicalJson, type Json } from "../ir/canonical.ts";
import { type Kinds, meaningOf } from "../ir/meaning.ts";
import { inOrder } from "../ir/order.ts";
import type { Declaration, Program } from "../ir/program.ts";
import { factsOf, similarity } from "./similarity.ts";

/** Below this two declarations are two, not one that was renamed and changed. */
const ALIKE = 0.5;

/**
 * By id after, the id before. First by equal meaning (the same name first, then renames), then by what stateful
 * kinds are called outside, then by name, and at last the most alike of those that are left.
 */
export function matchDeclarations(before: Program, after: Program, kinds: Kinds): Map<string, string> {
  const matcher = new Matcher(before, after);
  matcher.byKey(
    before.declarations.map((one) => [one, one.hash]),
    after.declarations.map((one) => [one, one.hash]),
  );
  // What is left has changed, or something above it has: compare what each says by itself, from above to below, so
  // that all that a declaration names is matched when its turn comes.
  const old = before.declarations.map((one) => [one, meaningKey(one, kinds, (id) => id)] as const);
  for (const level of levelsOf(after)) {
    const named = (id: string) => matcher.matched.get(id) ?? `+${id}`;
    const keyed = level.map((one) => [one, meaningKey(one, kinds, named)] as const);
    matcher.byKey(old, keyed);
    matcher.byExternal(level);
    matcher.byName(level);
    matcher.bySimilarity(level, kinds, named);
  }
  return matcher.matched;
}

class Matcher {
  readonly matched = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #before: ReadonlyMap<string, Declaration>;
  readonly #after: ReadonlyMap<string, Declaration>;

  constructor(before: Program, after: Program) {
    this.#before = new Map(before.declarations.map((one) => [one.id, one]));
    this.#after = new Map(after.declarations.map((one) => [one.id, one]));
  }

  #match(after: Declaration, before: Declaration): void {
    this.matched.set(after.id, before.id);
    this.#taken.add(before.id);
  }

  #free(before: Declaration): boolean {
    return !this.#taken.has(before.id);
  }

  /** Equal keys belong together: under the same name first. */
  byKey(
    before: readonly (readonly [Declaration, string])[],
    after: readonly (readonly [Declaration, string])[],
  ): void {
    const left = new Map<string, Declaration[]>();
    for (const [one, key] of before) if (this.#free(one)) left.set(key, [...(left.get(key) ?? []), one]);
    const proposed = new Map<Declaration, Declaration>();
    const propose = (one: Declaration, key: string, fits: (other: Declaration) => boolean) => {
      if (this.matched.has(one.id) || proposed.has(one)) return;
      const alike = left.get(key) ?? [];
      const place = alike.findIndex((other) => other.kind === one.kind && fits(other));
      if (place >= 0) proposed.set(one, alike.splice(place, 1)[0]!);
    };
    for (const [one, key] of after) propose(one, key, (other) => other.id === one.id);
    for (const [one, key] of after) propose(one, key, () => true);
    this.#acceptExplained(proposed);
  }

  /**
   * A rename counts only where both names are accounted for: when the old name still stands there with another
   * meaning, or the new name stood there, a copy was made or changed, unless those moved on as well.
   */
  #acceptExplained(proposed: Map<Declaration, Declaration>): void {
    for (let settled = false; !settled; ) {
      settled = true;
      const sources = new Set([...proposed.values()].map(({ id }) => id));
      const targets = new Set([...proposed.keys()].map(({ id }) => id));
      for (const [one, other] of proposed) {
        if (one.id === other.id) continue;
        const oldNameFree = !this.#after.has(other.id) || targets.has(other.id) || this.matched.has(other.id);
        const newNameFree = !this.#before.has(one.id) || sources.has(one.id) || this.#taken.has(one.id);
        if (oldNameFree && newNameFree) continue;
        proposed.delete(one);
        settled = false;
      }
    }
    for (const [one, other] of proposed) this.#match(one, other);
  }

  /** What is kept outside under one name is one thing, whatever its declaration is called. */
  byExternal(level: readonly Declaration[]): void {
    for (const one of level) {
      if (this.matched.has(one.id) || one.external === null) continue;
      for (const other of this.#before.values()) {
        if (!this.#free(other) || other.kind !== one.kind || other.external !== one.external) continue;
        this.#match(one, other);
        break;
      }
    }
  }

  byName(level: readonly Declaration[]): void {
    for (const one of level) {
      const other = this.#before.get(one.id);
      if (!this.matched.has(one.id) && other !== undefined && this.#free(other)) this.#match(one, other);
    }
  }

  bySimilarity(level: readonly Declaration[], kinds: Kinds, named: (id: string) => string): void {
    const gone = [...this.#before.values()].filter(
      (other) => this.#free(other) && !this.#after.has(other.id),
    );
    const fresh = level.filter((one) => !this.matched.has(one.id));
    if (gone.length === 0 || fresh.length === 0) return;
    const old = gone.map((one) => ({ one, facts: factsOf(one, kinds, (id) => id) }));
    const pairs = fresh
      .flatMap((one) => {
        const facts = factsOf(one, kinds, named);
        return old
          .filter((other) => other.one.kind === one.kind)
          .map((other) => ({ one, other: other.one, alike: similarity(other.facts, facts) }));
      })
      .filter(({ alike }) => alike >= ALIKE)
      .sort((a, b) => b.alike - a.alike);
    for (const { one, other } of pairs) {
      if (!this.matched.has(one.id) && this.#free(other)) this.#match(one, other);
    }
  }
}

const meaningKey = (declaration: Declaration, kinds: Kinds, replace: (id: string) => Json): string =>
  canonicalJson(meaningOf(declaration, kinds, replace));

/** Declarations by how many stand above them. */
function levelsOf(program: Program): Declaration[][] {
  const depth = new Map<string, number>();
  const levels: Declaration[][] = [];
  for (const one of inOrder(program)) {
    const level = Math.max(0, ...one.refs.map((ref) => depth.get(ref)! + 1));
    depth.set(one.id, level);
    levels[level] = [...(levels[level] ?? []), one];
  }
  return levels;
}

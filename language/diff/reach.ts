/** What a change reaches: the models and the stateful declarations that follow from it. */
import { inOrder, reached, usersOf } from "../ir/order.ts";
import type { Declaration } from "../ir/program.ts";
import type { DeclarationDiff, Reached, Sides } from "./model.ts";

export class Reach {
  readonly #sides: Sides;
  readonly #usersBefore: ReadonlyMap<string, readonly string[]>;
  readonly #usersAfter: ReadonlyMap<string, readonly string[]>;
  readonly #orderAfter: readonly Declaration[];
  readonly #orderBefore: readonly Declaration[];
  /** By id before, the id after. */
  readonly #kept: ReadonlyMap<string, string>;

  constructor(sides: Sides) {
    this.#sides = sides;
    this.#usersBefore = usersOf(sides.before.declarations);
    this.#usersAfter = usersOf(sides.after.declarations);
    this.#orderAfter = inOrder(sides.after);
    this.#orderBefore = inOrder(sides.before);
    this.#kept = new Map([...sides.matched].map(([now, old]) => [old, now]));
  }

  /** What follows from a declaration that is there after, itself included. */
  after(id: string): Reached[] {
    return this.#told(
      reached([id], (one) => this.#usersAfter.get(one) ?? []),
      new Set(),
    );
  }

  /** What followed from a declaration that is gone. */
  before(id: string): Reached[] {
    const all = reached([id], (one) => this.#usersBefore.get(one) ?? []);
    const still = [...all].flatMap((one) => this.#kept.get(one) ?? []);
    return this.#told(new Set(still), new Set([...all].filter((one) => !this.#kept.has(one))));
  }

  /** What all of these reach together. */
  of(diffs: readonly DeclarationDiff[]): Reached[] {
    const all = diffs.flatMap(({ reaches }) => reaches);
    const ids = (gone: boolean) => new Set(all.filter((one) => one.gone === gone).map(({ id }) => id));
    return this.#told(ids(false), ids(true));
  }

  /** In the order in which results flow; what is gone last. */
  #told(after: ReadonlySet<string>, gone: ReadonlySet<string>): Reached[] {
    const tell = (from: readonly Declaration[], ids: ReadonlySet<string>, isGone: boolean) =>
      from
        .filter((one) => ids.has(one.id) && this.#counts(one))
        .map(({ id, kind, name, external }) => ({ id, kind, name, external, gone: isGone }));
    return [...tell(this.#orderAfter, after, false), ...tell(this.#orderBefore, gone, true)];
  }

  /** What people ask for: what learns, and what is kept outside. */
  #counts({ kind, external }: Declaration): boolean {
    return external !== null || this.#sides.vocabulary.kinds[kind]?.offers?.target !== undefined;
  }
}

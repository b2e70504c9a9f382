import type { Neighbour, OfferedColumn, Task, Vocabulary } from "../vocabulary/kind.ts";
import { tasksOf } from "../vocabulary/task.ts";
import type { ColumnSchema, Reference } from "../vocabulary/types.ts";
import type { Declaration } from "./program.ts";

/** What declarations offer each other, by their kinds' own words. */
export class World {
  readonly #byId: ReadonlyMap<string, Declaration>;
  readonly #vocabulary: Vocabulary;

  constructor(byId: ReadonlyMap<string, Declaration>, vocabulary: Vocabulary) {
    this.#byId = byId;
    this.#vocabulary = vocabulary;
  }

  #offers({ kind }: Declaration) {
    return this.#vocabulary.kinds[kind]?.offers;
  }

  /** The declaration whose rows this one passes on. */
  #through(declaration: Declaration): Declaration | undefined {
    const name = this.#offers(declaration)?.through;
    const reference = name === undefined ? undefined : (declaration.props[name] as Reference | undefined);
    return reference === undefined ? undefined : this.#byId.get(reference.ref);
  }

  parts(declaration: Declaration): readonly string[] | null {
    const own = this.#offers(declaration)?.parts?.(declaration.props);
    if (own !== undefined) return own;
    const inherited = this.#through(declaration);
    return inherited === undefined ? null : this.parts(inherited);
  }

  aliases(declaration: Declaration): readonly string[] | null {
    return this.#offers(declaration)?.aliases?.(declaration.props) ?? null;
  }

  #columns(declaration: Declaration): readonly OfferedColumn[] | null {
    const offers = this.#offers(declaration);
    const through = this.#through(declaration);
    const inherited = through === undefined ? null : this.#columns(through);
    return offers?.columns === undefined ? inherited : offers.columns(declaration.props, inherited);
  }

  neighbour({ ref }: Reference): Neighbour | null {
    const declaration = this.#byId.get(ref);
    if (declaration === undefined) return null;
    const { kind, variant, name, props } = declaration;
    const inherited = this.#through(declaration);
    const columns = inherited === undefined ? null : this.#columns(inherited);
    const target = columns === null ? null : (this.#offers(declaration)?.target?.(props, columns) ?? null);
    const column = columns?.find((one) => one.name === target);
    return { name, props, target, tasks: this.#tasks(kind, variant, column) };
  }

  #tasks(kind: string, variant: string | null, target: ColumnSchema | undefined): readonly Task[] | null {
    if (target === undefined) return null;
    const able = this.#vocabulary.kinds[kind]?.variants[variant ?? kind]?.tasks;
    return tasksOf(target).filter((task) => able === undefined || able.includes(task));
  }
}

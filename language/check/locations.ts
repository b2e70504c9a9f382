/** Where the values of a declaration stand, by JSON pointer into its props. */
import type { Span } from "../syntax/tree.ts";

/** Noted for every value, and asked for only where something is wrong or the IR is made. */
export class Locations implements Iterable<readonly [string, Span]> {
  readonly #pointers: string[] = [];
  readonly #spans: Span[] = [];
  #byPointer: Map<string, Span> | null = null;

  set(pointer: string, span: Span): void {
    this.#pointers.push(pointer);
    this.#spans.push(span);
    this.#byPointer = null;
  }

  get(pointer: string): Span | undefined {
    return this.#all().get(pointer);
  }

  [Symbol.iterator](): Iterator<readonly [string, Span]> {
    return this.#all()[Symbol.iterator]();
  }

  #all(): ReadonlyMap<string, Span> {
    this.#byPointer ??= new Map(this.#pointers.map((pointer, at) => [pointer, this.#spans[at]!]));
    return this.#byPointer;
  }
}

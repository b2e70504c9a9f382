/** Where the values of a declaration stand, by JSON pointer into its props. */
import type { Span } from "../syntax/tree.ts";

/** Noted for every value, and asked for only where something is wrong or the IR is made. */
export class Locations implements Iterable<readonly [string, Span]> {
  #pointers: string[] = [];
  #spans: Span[] = [];
  #byPointer: Map<string, Span> | null = null;

  set(pointer: string, span: Span): void {
    this.#pointers.push(pointer);
    this.#spans.push(span);
    this.#byPointer = null;
  }

  /** Gives back the room that was kept for more. */
  seal(): this {
    this.#pointers = this.#pointers.slice();
    this.#spans = this.#spans.slice();
    return this;
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

/** All declarations of a program, for the reviews of kinds: asked for by kind and by id, made when first asked for. */
import type { Peer } from "./kind.ts";

export class Peers {
  readonly #make: () => readonly Peer[];
  #all: readonly Peer[] | null = null;
  #byKind: Map<string, Peer[]> | null = null;
  #byId: Map<string, Peer> | null = null;

  constructor(make: () => readonly Peer[]) {
    this.#make = make;
  }

  get all(): readonly Peer[] {
    this.#all ??= this.#make();
    return this.#all;
  }

  /** Those of a kind, in the order of the text. */
  of(kind: string): readonly Peer[] {
    if (this.#byKind === null) {
      this.#byKind = new Map();
      for (const peer of this.all) {
        const known = this.#byKind.get(peer.kind);
        if (known === undefined) this.#byKind.set(peer.kind, [peer]);
        else known.push(peer);
      }
    }
    return this.#byKind.get(kind) ?? [];
  }

  find(id: string): Peer | undefined {
    this.#byId ??= new Map(this.all.map((peer) => [peer.id, peer]));
    return this.#byId.get(id);
  }
}

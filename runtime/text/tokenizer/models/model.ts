/** What turns a piece of text, normalised and cut, into ids. */
import type { Ids } from "../ids.ts";

export interface Model {
  /** [ids] the tokens; undefined for an id that none has. */
  readonly tokens: readonly (string | undefined)[];
  id(token: string): number | undefined;
  /** Appends the ids of a piece; of an empty one none. */
  encode(piece: string, into: Ids): void;
}

/** Tokens by id. */
export function byId(vocabulary: ReadonlyMap<string, number>): (string | undefined)[] {
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of vocabulary) {
    while (tokens.length <= id) tokens.push(undefined);
    tokens[id] = token;
  }
  return tokens;
}

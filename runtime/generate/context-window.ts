/**
 * What of a long conversation a model sees: the prefix (instructions) always, then as much of the end as there is
 * room for. What is cut off is not computed at all, so that it cannot have an effect.
 */

export interface WindowParts {
  /** Kept whole. */
  readonly prefix: Int32Array;
  /** Cut from the left. */
  readonly rest: Int32Array;
}

export interface Windowed {
  readonly ids: Int32Array;
  /** How many tokens were left out. */
  readonly dropped: number;
}

/** The prefix alone leaves no room. */
export class PrefixTooLong extends Error {
  readonly tokens: number;
  readonly room: number;
  constructor(tokens: number, room: number) {
    super(`The prefix has ${tokens} tokens; the model's context has room for ${room}.`);
    this.name = "PrefixTooLong";
    this.tokens = tokens;
    this.room = room;
  }
}

/**
 * @param room how many tokens the prompt may have, at least 1
 * @throws PrefixTooLong when no token of `rest` would remain
 */
export function fitWindow({ prefix, rest }: WindowParts, room: number): Windowed {
  const total = prefix.length + rest.length;
  if (total <= room) return { ids: joined(prefix, rest), dropped: 0 };
  const left = room - prefix.length;
  if (left < 1) throw new PrefixTooLong(prefix.length, room);
  const kept = rest.subarray(rest.length - left);
  return { ids: joined(prefix, kept), dropped: total - room };
}

function joined(a: Int32Array, b: Int32Array): Int32Array {
  if (a.length === 0) return b.slice();
  const both = new Int32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

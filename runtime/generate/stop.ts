/** Where a text ends: at the first stop string, wherever the borders of tokens fall within it. */

/** What may be shown now; `stopped` when a stop string was met, which is then no part of the text. */
export interface Released {
  readonly text: string;
  readonly stopped: boolean;
}

/**
 * Takes a text in pieces and gives back what no stop string can still reach into. The end of the text that may be a
 * stop string's beginning is held until it is one or is not.
 */
export class StopFilter {
  readonly #stops: readonly string[];
  #held = "";
  #stopped = false;

  /** @param stops empty ones are not taken */
  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  push(piece: string): Released {
    if (this.#stopped) return { text: "", stopped: true };
    if (this.#stops.length === 0) return { text: piece, stopped: false };
    const text = this.#held + piece;
    const at = firstOf(text, this.#stops);
    if (at >= 0) {
      this.#held = "";
      this.#stopped = true;
      return { text: text.slice(0, at), stopped: true };
    }
    const open = openEnd(text, this.#stops);
    this.#held = text.slice(text.length - open);
    return { text: text.slice(0, text.length - open), stopped: false };
  }

  /** The text has ended: what was held was no stop string. */
  end(): string {
    const text = this.#stopped ? "" : this.#held;
    this.#held = "";
    return text;
  }
}

function firstOf(text: string, stops: readonly string[]): number {
  let first = -1;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at >= 0 && (first < 0 || at < first)) first = at;
  }
  return first;
}

/** Length of the longest end of the text with which a stop string begins. */
function openEnd(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}

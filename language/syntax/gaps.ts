/** A tree's tokens, one after the other, with what stands between them: comments and blank lines. */
import { all, comment, type Doc, HARD_LINE, indent } from "./document.ts";
import type { Token } from "./tree.ts";

export interface Comment {
  readonly text: string;
  /** On the line of what stands before it. */
  readonly trailing: boolean;
  /** An empty line stands before it. */
  readonly blank: boolean;
}

export interface Gap {
  readonly comments: readonly Comment[];
  /** A line break stands in it. */
  readonly newline: boolean;
  /** An empty line stands right before the token behind it. */
  readonly blank: boolean;
}

const NOTHING: Gap = { comments: [], newline: false, blank: false };

/**
 * Walks over the tokens that mean something. Whoever prints a token first prints the gap before it, so that every
 * comment is printed once and none is lost.
 */
export class TokenWalk {
  readonly #tokens: readonly Token[];
  #at = 0;
  #gap: Gap = NOTHING;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#readGap(1);
  }

  /** The token that comes next; null at the end. */
  get next(): Token | null {
    return this.#tokens[this.#at] ?? null;
  }

  /** Steps over the next token, whose gap has been printed, and gives its text. */
  take(): string {
    const text = this.next?.text ?? "";
    this.#at++;
    this.#readGap();
    return text;
  }

  /** What stands before the next token; it is printed by the caller. Commas belong to it where items are parted. */
  takeGap(overCommas = false): Gap {
    let gap = this.#gap;
    while (overCommas && this.next?.type === "comma") {
      this.#at++;
      this.#readGap();
      gap = joined(gap, this.#gap);
    }
    this.#gap = NOTHING;
    return gap;
  }

  /**
   * The gap before the next token: `plain` when no comment stands in it. A comment ends its line; what follows stands
   * deeper, unless a line may break here anyway, at a depth that the caller has given.
   */
  gap(plain: Doc): Doc {
    const { comments } = this.takeGap();
    if (comments.length === 0) return plain;
    const parts = comments.flatMap(({ text, trailing }): Doc[] => [
      trailing ? " " : HARD_LINE,
      comment(text),
    ]);
    const doc = all([...parts, HARD_LINE]);
    return typeof plain === "string" ? indent(doc) : doc;
  }

  /** Whether a line break follows the next token. */
  breaksBehindNext(): boolean {
    for (let at = this.#at + 1; at < this.#tokens.length; at++) {
      const type = this.#tokens[at]?.type;
      if (type === "newline") return true;
      if (type !== "space" && type !== "comment" && type !== "doc") return false;
    }
    return false;
  }

  /** `before`: how many line breaks stand before it already; the file's start counts as one. */
  #readGap(before = 0): void {
    const comments: Comment[] = [];
    let lines = before;
    let newline = false;
    for (let token = this.next; token !== null; token = this.next) {
      if (token.type === "newline") {
        lines++;
        newline = true;
      } else if (token.type === "comment" || token.type === "doc") {
        comments.push({
          text: token.text.trimEnd(),
          trailing: lines === 0,
          blank: lines > 1,
        });
        lines = 0;
      } else if (token.type !== "space") break;
      this.#at++;
    }
    this.#gap = { comments, newline, blank: lines > 1 };
  }
}

function joined(first: Gap, second: Gap): Gap {
  return {
    comments: [...first.comments, ...second.comments],
    newline: first.newline || second.newline,
    blank: second.blank || (second.comments.length === 0 && first.blank),
  };
}

/** The layout of what stands one after the other: items in a block or a file, elements between brackets. */
import {
  all,
  BLANK_LINE,
  comment,
  type Doc,
  either,
  group,
  HARD_LINE,
  indent,
  LINE,
  SOFT_LINE,
} from "./document.ts";
import { type Comment, TokenWalk } from "./gaps.ts";
import type { Token } from "./tree.ts";

interface Entry {
  readonly blank: boolean;
  /** Comments on lines of their own before it, each with a line break behind it. */
  readonly lead: readonly Doc[];
  readonly doc: Doc;
  /** A comment on its line. */
  trailing: Doc;
}

interface Sequence {
  readonly entries: readonly Entry[];
  /** A comment on the line of the opening bracket. */
  readonly head: Doc;
  /** Comments behind the last entry, each with a line break before it. */
  readonly rest: readonly Doc[];
}

/** Prints nodes by taking their tokens in order. Before a node is printed, the gap before its first token has been. */
export abstract class SequencePrinter {
  readonly #walk: TokenWalk;

  constructor(tokens: readonly Token[]) {
    this.#walk = new TokenWalk(tokens);
  }

  protected get next(): Token | null {
    return this.#walk.next;
  }

  /** Whether a line break follows the next token. */
  protected breaksBehindNext(): boolean {
    return this.#walk.breaksBehindNext();
  }

  protected take(): Doc {
    return this.#walk.take();
  }

  protected gap(plain: Doc): Doc {
    return this.#walk.gap(plain);
  }

  /** A whole file: one entry a line. */
  protected lines<T>(nodes: readonly T[], print: (node: T) => Doc): Doc {
    const { entries, rest, head } = this.#sequence(nodes, print);
    const parts: Doc[] = [head];
    for (const { blank, lead, doc, trailing } of entries) {
      if (parts.length > 1) parts.push(blank ? BLANK_LINE : LINE);
      parts.push(all([...lead, doc, trailing]));
    }
    parts.push(...(parts.length > 1 ? rest : rest.slice(1)));
    return parts.length > 1 ? group(all([...parts, HARD_LINE]), true) : "";
  }

  /** `{ a, b }`; the commas go where the lines break. */
  protected braces<T>(nodes: readonly T[], print: (node: T) => Doc, many: boolean): Doc {
    const open = this.take();
    const { entries, head, rest } = this.#sequence(nodes, print);
    const close = this.take();
    if (entries.length === 0 && rest.length === 0 && head === "") return all([open, close]);
    const body = entries.map(({ blank, lead, doc, trailing }, at) => {
      const separator = at < entries.length - 1 ? either(",", "") : "";
      return all([at > 0 && blank ? BLANK_LINE : LINE, ...lead, doc, separator, trailing]);
    });
    return group(all([open, head, indent(all([...body, ...rest])), LINE, close]), many);
  }

  /** `(a, b)` and `[a, b]`; broken, one entry a line with a comma each. */
  protected brackets<T>(nodes: readonly T[], print: (node: T) => Doc): Doc {
    const open = this.take();
    const { entries, head, rest } = this.#sequence(nodes, print);
    const close = this.take();
    if (entries.length === 0 && rest.length === 0 && head === "") return all([open, close]);
    const body = entries.map(({ lead, doc, trailing }, at) => {
      const separator = at < entries.length - 1 ? "," : either("", ",");
      return all([at > 0 ? LINE : SOFT_LINE, ...lead, doc, separator, trailing]);
    });
    return group(all([open, head, indent(all([...body, ...rest])), SOFT_LINE, close]));
  }

  #sequence<T>(nodes: readonly T[], print: (node: T) => Doc): Sequence {
    const entries: Entry[] = [];
    let head: Doc = "";
    const trail = (doc: Doc): void => {
      const last = entries.at(-1);
      if (last === undefined) head = doc;
      else last.trailing = doc;
    };
    for (const node of nodes) {
      const gap = this.#walk.takeGap(true);
      const own = withoutTrailing(gap.comments, trail);
      const blank = own[0]?.blank ?? gap.blank;
      const lead = own.flatMap(({ text }, at): Doc[] => {
        const blankBehind = own[at + 1]?.blank ?? gap.blank;
        return [comment(text), blankBehind ? BLANK_LINE : LINE];
      });
      entries.push({ blank, lead, doc: print(node), trailing: "" });
    }
    const own = withoutTrailing(this.#walk.takeGap(true).comments, trail);
    const rest = own.flatMap(({ text, blank }, at): Doc[] => {
      const apart = blank && (at > 0 || entries.length > 0);
      return [apart ? BLANK_LINE : LINE, comment(text)];
    });
    return { entries, head, rest };
  }
}

/** The comments on lines of their own; one that stands on the line of what comes before goes there. */
function withoutTrailing(comments: readonly Comment[], trail: (doc: Doc) => void): readonly Comment[] {
  const [first, ...others] = comments;
  if (first === undefined || !first.trailing) return comments;
  trail(all([" ", comment(first.text)]));
  return others;
}

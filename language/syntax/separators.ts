/** Between items, arguments and names: commas, new lines, and whatever does not belong there. */

import type { SyntaxCode } from "./errors.ts";
import { Reader } from "./reader.ts";
import { isCloser, isNameLike, T } from "./tokens.ts";
import type { Item } from "./tree.ts";

/** How many tokens may stand between a head and the `{` on its line. */
const FARTHEST_BLOCK = 50;

export abstract class SeparatedReader extends Reader {
  /** Steps to the next item or to what ends the block. `after` is the item before, null for the first. */
  protected toItem(after: Item | null): void {
    let separated = after === null;
    let comma = after === null;
    while (this.kind !== T.end) {
      if (this.newline()) this.mistaken = false;
      if (this.kind === T.rightBrace && this.innermost() === T.leftBrace) return;
      if (isNameLike(this.kind)) {
        if (!separated && !this.newline()) this.reportNext("ML1105");
        return;
      }
      if (this.kind === T.comma) {
        if (comma) this.unexpected("a name");
        comma = true;
        this.step();
      } else {
        this.strayInItems(separated || this.newline() ? null : after);
        comma = false;
      }
      separated = true;
    }
  }

  /** `after` is the item on whose line the token stands. */
  private strayInItems(after: Item | null): void {
    if (isCloser(this.kind)) {
      if (!this.mistaken) this.reportNext("ML1104");
      const inBlock = this.open.length > 0;
      do this.step();
      while (isCloser(this.kind) && !(inBlock && this.kind === T.rightBrace));
      return;
    }
    // What is left of a line with a mistake belongs to that mistake.
    if (this.mistaken) {
      this.skipItem();
      return;
    }
    if (this.kind === T.preposition && after === null) this.reportNext("ML1114");
    else if (this.kind === T.preposition && after?.kind === "attribute") {
      this.reportNext("ML1112");
    } else if (this.kind === T.equals && after?.kind === "phrase")
      this.report("ML1117", this.spanAt(this.at));
    else this.unexpected(after === null ? "a name" : "a comma or a new line");
    this.skipItem();
  }

  /** Steps to the next argument or list element, or to what ends them. */
  protected toArgument(after: boolean): void {
    let separated = !after;
    while (this.kind !== T.end) {
      if (isCloser(this.kind) || this.kind === T.leftBrace || this.kind === T.import) return;
      // A clause shows that the arguments have ended.
      if (!separated && (this.kind === T.arrow || this.kind === T.preposition)) return;
      if (this.startsExpression()) {
        if (!separated) this.reportNext("ML1105");
        return;
      }
      if (this.kind === T.comma) {
        if (separated) this.missing();
        this.step();
      } else {
        if (this.kind === T.equals) this.report("ML1117", this.spanAt(this.at));
        else this.unexpected("a comma");
        this.skipExpression();
        this.took(T.comma);
      }
      separated = true;
    }
  }

  /** Steps to what closes a parenthesised expression. */
  protected toCloser(): void {
    if (this.kind === T.end || isCloser(this.kind) || this.kind === T.leftBrace) return;
    if (this.kind === T.equals) this.report("ML1117", this.spanAt(this.at));
    else this.unexpected("an operator or `)`");
    this.skipWhile((level) => level > 0 || !(isCloser(this.kind) || this.kind === T.leftBrace));
  }

  /** Steps to the next imported name or to what ends the names. */
  protected toName(after: boolean): void {
    let separated = !after;
    while (this.kind !== T.end) {
      if (this.kind === T.rightBrace) return;
      if (isNameLike(this.kind)) {
        if (!separated && !this.newline()) this.reportNext("ML1105");
        return;
      }
      if (this.kind !== T.comma || separated) this.unexpected("a name");
      this.step();
      separated = true;
    }
  }

  /** Steps over what stands between a declaration's head and its block on the same line, if a block comes. */
  protected toBlock(): void {
    const { code } = this;
    for (let at = this.at, distance = 0; distance <= FARTHEST_BLOCK; at++, distance++) {
      const kind = code.kind(at);
      if (kind === T.leftBrace) {
        if (distance > 0) this.unexpected("`{`");
        while (this.kind !== T.leftBrace) this.step();
        return;
      }
      if (kind === T.end || isCloser(kind) || kind === T.comma || code.newline(at)) return;
    }
  }

  private innermost(): number {
    const last = this.open.at(-1);
    return last === undefined ? T.end : this.code.kind(last);
  }

  private reportNext(code: SyntaxCode): void {
    this.report(code, this.spanAt(this.at), { text: this.textAt(this.at) });
  }
}

/** Between items, arguments and names: commas, new lines, and whatever does not belong there. */

import { isNameLike, Reader, startsExpression } from "./reader.ts";
import type { CodeToken } from "./tokens.ts";
import { isCloser } from "./tokens.ts";
import type { Item } from "./tree.ts";

export abstract class SeparatedReader extends Reader {
  /** Steps to the next item or to what ends the block. `after` is the item before, null for the first. */
  protected toItem(after: Item | null): void {
    if (this.RECORDING_PHASE) return;
    let separated = after === null;
    let comma = after === null;
    for (let token = this.next(); token.type !== "end"; token = this.next()) {
      if (token.newline) this.mistaken = false;
      if (token.type === "rightBrace" && this.open.at(-1)?.type === "leftBrace") return;
      if (isNameLike(token)) {
        if (!separated && !token.newline) this.report("ML1105", token, { text: token.text });
        return;
      }
      if (token.type === "comma") {
        if (comma) this.unexpected(token, "a name");
        comma = true;
        this.SKIP_TOKEN();
      } else {
        this.strayInItems(token, separated || token.newline ? null : after);
        comma = false;
      }
      separated = true;
    }
  }

  /** `after` is the item on whose line the token stands. */
  private strayInItems(token: CodeToken, after: Item | null): void {
    if (isCloser(token.type)) {
      if (!this.mistaken) this.report("ML1104", token, { text: token.text });
      const inBlock = this.open.length > 0;
      do this.SKIP_TOKEN();
      while (isCloser(this.next().type) && !(inBlock && this.next().type === "rightBrace"));
      return;
    }
    // What is left of a line with a mistake belongs to that mistake.
    if (this.mistaken) {
      this.skipItem();
      return;
    }
    if (token.type === "preposition" && after === null) this.report("ML1114", token, { text: token.text });
    else if (token.type === "preposition" && after?.kind === "attribute") {
      this.report("ML1112", token, { text: token.text });
    } else if (token.type === "equals" && after?.kind === "phrase") this.report("ML1117", token);
    else this.unexpected(token, after === null ? "a name" : "a comma or a new line");
    this.skipItem();
  }

  /** Steps to the next argument or list element, or to what ends them. */
  protected toArgument(after: boolean): void {
    if (this.RECORDING_PHASE) return;
    let separated = !after;
    for (let token = this.next(); token.type !== "end"; token = this.next()) {
      if (isCloser(token.type) || token.type === "leftBrace" || token.type === "import") return;
      // A clause shows that the arguments have ended.
      if (!separated && (token.type === "arrow" || token.type === "preposition")) return;
      if (startsExpression(token)) {
        if (!separated) this.report("ML1105", token, { text: token.text });
        return;
      }
      if (token.type === "comma") {
        if (separated) this.missing();
        this.SKIP_TOKEN();
      } else {
        if (token.type === "equals") this.report("ML1117", token);
        else this.unexpected(token, "a comma");
        this.skipExpression();
        if (this.next().type === "comma") this.SKIP_TOKEN();
      }
      separated = true;
    }
  }

  /** Steps to what closes a parenthesised expression. */
  protected toCloser(): void {
    if (this.RECORDING_PHASE) return;
    const token = this.next();
    if (token.type === "end" || isCloser(token.type) || token.type === "leftBrace") return;
    if (token.type === "equals") this.report("ML1117", token);
    else this.unexpected(token, "an operator or `)`");
    this.skipWhile((each, level) => level > 0 || !(isCloser(each.type) || each.type === "leftBrace"));
  }

  /** Steps to the next imported name or to what ends the names. */
  protected toName(after: boolean): void {
    if (this.RECORDING_PHASE) return;
    let separated = !after;
    for (let token = this.next(); token.type !== "end"; token = this.next()) {
      if (token.type === "rightBrace") return;
      if (isNameLike(token)) {
        if (!separated && !token.newline) this.report("ML1105", token, { text: token.text });
        return;
      }
      if (token.type !== "comma" || separated) this.unexpected(token, "a name");
      this.SKIP_TOKEN();
      separated = true;
    }
  }

  /** Steps over what stands between a declaration's head and its block on the same line, if a block comes. */
  protected toBlock(): void {
    if (this.RECORDING_PHASE) return;
    const first = this.next();
    if (first.newline || first.type === "leftBrace" || first.type === "comma" || isCloser(first.type)) return;
    let distance = 1;
    for (let token = first; token.type !== "leftBrace"; token = this.at(++distance)) {
      const ends = token.type === "end" || isCloser(token.type) || token.type === "comma" || token.newline;
      if (ends || distance > 50) return;
    }
    this.unexpected(first, "`{`");
    while (this.next().type !== "leftBrace") this.SKIP_TOKEN();
  }

  private at(distance: number): CodeToken {
    return this.LA(distance) as CodeToken; // Before the end only our own tokens stand.
  }
}

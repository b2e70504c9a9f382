/**
 * The grammar: six kinds of node and expressions, LL(1), no kind, layer or rule name in it. Every rule accepts every
 * input: what is missing or does not belong is reported and stepped over (`separators.ts`), so a mistake costs no more
 * than the item that it stands in.
 */
import { parseError } from "./errors.ts";
import { ExpressionReader } from "./expressions.ts";
import { isNameLike, T, type Tokens } from "./tokens.ts";
import type {
  Block,
  Clause,
  Column,
  Constraint,
  Expression,
  Import,
  ImportedName,
  Item,
  Name,
  ParseError,
  Phrase,
  Preposition,
  StringLiteral,
} from "./tree.ts";
import { docBefore, docLines } from "./trivia.ts";

export interface Reading {
  readonly items: readonly Item[];
  readonly errors: readonly ParseError[];
}

/** Reads tokens that end with an `end` token. Never fails. */
export function readTokens(code: Tokens): Reading {
  return new Grammar().read(code);
}

class Grammar extends ExpressionReader {
  read(code: Tokens): Reading {
    this.restart(code);
    const items = this.items();
    for (let at = 0; at < code.count; at++) {
      if (!code.documented(at) || this.documented.has(at)) continue;
      const lines = docLines(code, at);
      const [first, last] = [lines[0]!, lines.at(-1)!]; // The token is marked because there are some.
      this.found.push(parseError("ML1109", { start: first.start, end: last.end }));
    }
    return { items, errors: this.found };
  }

  private items(): Item[] {
    const items: Item[] = [];
    this.toItem(null);
    while (isNameLike(this.kind)) {
      const item = this.item();
      items.push(item);
      this.toItem(item);
    }
    return items;
  }

  private item(): Item {
    const doc = docBefore(this.code, this.at);
    if (doc !== null) this.documented.add(this.at);
    if (this.kind === T.import) return this.importItem(doc);
    const name = this.name();
    // A phrase has its `:` or `=` behind an operand; right behind the head they make a column or an attribute.
    if (this.kind === T.equals || this.kind === T.dot) return this.attribute(doc, name);
    return this.kind === T.colon ? this.column(doc, name) : this.phrase(doc, name);
  }

  private importItem(doc: string | null): Import {
    const word = this.at;
    this.step();
    const path = this.kind === T.string ? this.text() : null;
    if (path === null) this.report("ML1115", this.spanAt(word));
    const names = this.kind === T.leftBrace ? this.importedNames() : [];
    return { kind: "import", doc, path, names, span: this.spanFrom(this.code.start(word)) };
  }

  private importedNames(): ImportedName[] {
    const opener = this.enter();
    const names: ImportedName[] = [];
    this.toName(false);
    while (this.isName()) {
      const name = this.name();
      const renamed = this.kind === T.preposition && this.textAt(this.at) === "as";
      const alias = renamed && isNameLike(this.second()) ? this.alias() : null;
      names.push({ ...name, alias });
      this.toName(true);
    }
    this.close(opener);
    this.open.pop();
    return names;
  }

  private alias(): Name {
    this.step();
    return this.name();
  }

  /** `name = expression`, or `name.member = expression` where a block changes another declaration's attribute. */
  private attribute(doc: string | null, first: Name): Item {
    const { start } = first.span;
    const path = [first];
    while (this.took(T.dot)) path.push(this.memberName());
    if (!this.took(T.equals)) {
      this.report("ML1120", this.behind());
      return { ...bare(doc, first), span: this.spanFrom(start) };
    }
    if (this.kind === T.leftBrace) {
      // `resources = { … }` is meant to be the block `resources { … }`.
      this.report("ML1119", this.spanAt(this.at - 1), { text: first.text });
      const block = this.block();
      return { ...bare(doc, first), block, span: this.spanFrom(start) };
    }
    const value = this.expression();
    const span = this.spanFrom(start);
    if (path.length === 1) return { kind: "attribute", doc, name: first, value, span };
    return { kind: "attribute", doc, name: dotted(path), path, value, span };
  }

  /** `name: type constraint…` */
  private column(doc: string | null, name: Name): Column {
    const { start } = name.span;
    this.step();
    const type = this.typeName();
    const constraints: Constraint[] = [];
    while (this.isName() && !this.ended()) {
      const word = this.name();
      const value = this.valueFollows() ? this.expression() : null;
      constraints.push({ word, value, span: this.spanFrom(word.span.start) });
    }
    return { kind: "column", doc, name, type, constraints, span: this.spanFrom(start) };
  }

  /** A constraint's value is no bare name: in `label positive "Y"` a second constraint follows the first. */
  private valueFollows(): boolean {
    return this.startsExpression() && !isNameLike(this.kind) && this.kind !== T.preposition;
  }

  /** What follows a phrase's head. */
  private phrase(doc: string | null, head: Name): Phrase {
    const args = this.phraseArguments(head);
    const operand = args === null && this.operandFollows() ? this.expression() : null;
    const variant = this.variant(operand);
    const value = this.took(T.equals) ? this.expression() : null;
    const clauses: Clause[] = [];
    const messages: StringLiteral[] = [];
    for (;;) {
      if (this.kind === T.preposition || this.kind === T.arrow) clauses.push(this.clause());
      else if (this.kind === T.string || this.kind === T.textBlock) messages.push(this.text());
      else break;
    }
    const [message = null, second] = messages;
    if (second !== undefined) this.report("ML1111", second.span);
    this.toBlock();
    const block = this.kind === T.leftBrace ? this.block() : null;
    const span = this.spanFrom(head.span.start);
    return {
      kind: "phrase",
      doc,
      head,
      arguments: args,
      operand,
      variant,
      value,
      clauses,
      message,
      block,
      span,
    };
  }

  /** `split(…)` has arguments; `alert (a + b) > c` has an operand. */
  private phraseArguments(head: Name): Phrase["arguments"] {
    const beside = this.kind === T.leftParenthesis && this.code.start(this.at) === head.span.end;
    return beside ? this.args() : null;
  }

  private operandFollows(): boolean {
    return this.startsExpression() && this.kind !== T.preposition && !this.ended();
  }

  private variant(operand: Expression | null): Expression | null {
    if (this.took(T.colon)) return this.typeName();
    // `dataset loans csv {` lacks its colon.
    if (operand === null || !this.isName() || this.ended() || this.second() !== T.leftBrace) return null;
    this.report("ML1116", this.spanAt(this.at), { text: this.textAt(this.at) });
    return this.operand();
  }

  /** `by Education`, `-> webhook(URL)` */
  private clause(): Clause {
    const { at, kind } = this;
    this.step();
    const value = this.expression();
    const wordSpan = this.spanAt(at);
    return {
      word: kind === T.arrow ? "->" : (this.textAt(at) as Preposition), // The lexer makes no other preposition.
      wordSpan,
      value,
      span: this.spanFrom(wordSpan.start),
    };
  }

  private block(): Block {
    const opener = this.enter();
    const items = this.tooDeep(true) ? [] : this.items();
    this.close(opener);
    this.open.pop();
    return { kind: "block", items, span: this.spanFrom(this.code.start(opener)) };
  }
}

/** A phrase of a head alone. */
function bare(doc: string | null, head: Name): Phrase {
  const { span } = head;
  const rest = {
    arguments: null,
    operand: null,
    variant: null,
    value: null,
    clauses: [],
    message: null,
    block: null,
  };
  return { kind: "phrase", doc, head, ...rest, span };
}

/** The name of `api.replicas = 4`. */
function dotted(path: readonly Name[]): Name {
  const [first, last] = [path[0] as Name, path.at(-1) as Name]; // A path has two names or more.
  const text = path.map((name) => name.text).join(".");
  return { kind: "name", text, quoted: false, span: { start: first.span.start, end: last.span.end } };
}

/**
 * The grammar: six kinds of node and expressions, LL(1), no kind, layer or rule name in it. Every rule accepts every
 * input: what is missing or does not belong is reported and stepped over (`separators.ts`), so a mistake costs no more
 * than the item that it stands in.
 */
import { MOST_ERRORS, parseError } from "./errors.ts";
import { ExpressionReader } from "./expressions.ts";
import { isName, isNameLike } from "./reader.ts";
import { type CodeToken, TOKEN_TYPES as T } from "./tokens.ts";
import type {
  Block,
  Clause,
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

export interface Reading {
  readonly items: readonly Item[];
  readonly errors: readonly ParseError[];
}

export class Grammar extends ExpressionReader {
  constructor(skipValidations = true) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** Reads tokens that end with an `end` token. Never fails. */
  read(code: CodeToken[]): Reading {
    this.restart(code);
    const items = this.file();
    for (const token of code) {
      if (token.docs === null || this.documented.has(token)) continue;
      const [first = token, last = first] = [token.docs[0], token.docs.at(-1)];
      this.found.push(parseError("ML1109", { start: first.start, end: last.end }));
    }
    const { found } = this;
    // A parser that is kept must not keep the tokens.
    this.restart([]);
    return { items, errors: found };
  }

  readonly file = this.RULE("file", (): Item[] => this.SUBRULE(this.items));

  private readonly items = this.RULE("items", (): Item[] => {
    const items: Item[] = [];
    this.toItem(null);
    let separated = true;
    this.MANY(() => {
      const before = this.found.length;
      const item = this.SUBRULE(this.item);
      if (!this.isBeyond(item, separated && this.found.length === before)) items.push(item);
      const behind = this.found.length;
      this.toItem(item);
      separated = this.found.length === behind;
    });
    return items;
  });

  /** Behind more mistakes than anybody is told of, what holds one is left out: it would only lead to more of them. */
  private isBeyond(item: Item, flawless: boolean): boolean {
    if (flawless || this.found.length <= MOST_ERRORS) return false;
    return !(item.kind === "phrase" && item.block !== null && item.block.items.length > 0);
  }

  private readonly item = this.RULE("item", (): Item => {
    const doc = this.docOf(this.next());
    return this.OR([
      { ALT: (): Item => this.SUBRULE(this.importItem, { ARGS: [doc] }) },
      {
        ALT: (): Item => {
          const name = this.quickName() ?? this.SUBRULE(this.name);
          return this.OR1({
            // A phrase has its `:` or `=` behind an operand; right behind the head they make a column or an attribute.
            IGNORE_AMBIGUITIES: true,
            DEF: [
              { ALT: (): Item => this.SUBRULE(this.attribute, { ARGS: [doc, name] }) },
              { ALT: (): Item => this.SUBRULE(this.column, { ARGS: [doc, name] }) },
              { ALT: (): Item => this.SUBRULE(this.phrase, { ARGS: [doc, name] }) },
            ],
          });
        },
      },
    ]);
  });

  private docOf(first: CodeToken): string | null {
    if (this.RECORDING_PHASE || first.docs === null) return null;
    this.documented.add(first);
    const { source, docs } = first;
    return docs
      .map(({ start, end }) =>
        source
          .slice(start, end)
          .replace(/^\/\/\/ ?/, "")
          .trimEnd(),
      )
      .join("\n");
  }

  private readonly importItem = this.RULE("importItem", (doc: string | null): Import => {
    const word = this.CONSUME(T.import) as CodeToken;
    const path = this.OPTION(() => this.text(this.CONSUME(T.string))) ?? null;
    if (!this.RECORDING_PHASE && path === null) this.report("ML1115", word);
    const names = this.OPTION1(() => this.SUBRULE(this.importedNames)) ?? [];
    return { kind: "import", doc, path, names, span: this.spanFrom(word) };
  });

  private readonly importedNames = this.RULE("importedNames", (): ImportedName[] => {
    const opener = this.CONSUME(T.leftBrace) as CodeToken;
    const names: ImportedName[] = [];
    this.enter(opener);
    this.toName(false);
    this.MANY(() => {
      const name = this.SUBRULE(this.name);
      const alias = this.OPTION({
        GATE: () => this.next().text === "as" && isName(this.second()),
        DEF: () => {
          this.CONSUME(T.preposition);
          return this.SUBRULE1(this.name);
        },
      });
      names.push({ ...name, alias: alias ?? null });
      this.toName(true);
    });
    if (this.closes(opener)) this.CONSUME(T.rightBrace);
    this.leave();
    return names;
  });

  /** `name = expression`, or `name.member = expression` where a block changes another declaration's attribute. */
  private readonly attribute = this.RULE("attribute", (doc: string | null, first: Name): Item => {
    const path = [first];
    this.MANY(() => {
      this.CONSUME(T.dot);
      path.push(this.memberName());
    });
    if (!this.equalsFollows()) {
      // Half typed: what stands there is kept, so that an editor can complete it.
      const operand = this.ACTION(() => memberOf(path));
      return { ...bare(doc, first), operand, span: this.spanFrom(first) };
    }
    this.CONSUME(T.equals);
    if (this.blockFollows()) {
      // `resources = { … }` is meant to be the block `resources { … }`.
      this.report("ML1119", this.previous(), { text: first.text });
      const block = this.SUBRULE(this.block);
      return { ...bare(doc, first), block, span: this.spanFrom(first) };
    }
    const value = this.SUBRULE(this.expression);
    const span = this.spanFrom(first);
    if (path.length === 1) return { kind: "attribute", doc, name: first, value, span };
    return { kind: "attribute", doc, name: this.ACTION(() => dotted(path)), path, value, span };
  });

  private equalsFollows(): boolean {
    if (this.RECORDING_PHASE || this.next().type === "equals") return true;
    this.report("ML1120", this.behind());
    return false;
  }

  private blockFollows(): boolean {
    return this.next().type === "leftBrace";
  }

  /** `name: type constraint…` */
  private readonly column = this.RULE("column", (doc: string | null, name: Name): Item => {
    this.CONSUME(T.colon);
    const type = this.missing() ?? this.SUBRULE(this.typeName);
    const constraints: Constraint[] = [];
    this.MANY({
      GATE: () => !this.ended(),
      DEF: () => {
        const word = this.quickName() ?? this.SUBRULE(this.name);
        const value =
          this.OPTION({ GATE: () => this.valueFollows(), DEF: () => this.SUBRULE(this.expression) }) ?? null;
        constraints.push({ word, value, span: this.spanFrom(word) });
      },
    });
    return { kind: "column", doc, name, type, constraints, span: this.spanFrom(name) };
  });

  /** A constraint's value is no bare name: in `label positive "Y"` a second constraint follows the first. */
  private valueFollows(): boolean {
    const token = this.next();
    return !isNameLike(token) && token.type !== "preposition";
  }

  /** What follows a phrase's head. */
  private readonly phrase = this.RULE("phrase", (doc: string | null, head: Name): Phrase => {
    const args =
      this.OPTION({
        // `split(…)` has arguments; `alert (a + b) > c` has an operand.
        GATE: () => this.next().start === head.span.end,
        DEF: () => this.SUBRULE(this.args),
      }) ?? null;
    const operand =
      this.OPTION1({
        GATE: () => args === null && !this.ended() && this.next().type !== "preposition",
        DEF: () => this.SUBRULE(this.expression),
      }) ?? null;
    const variant =
      this.OPTION2(() => {
        this.CONSUME(T.colon);
        return this.missing() ?? this.SUBRULE(this.typeName);
      }) ?? (operand !== null && this.forgotColon() ? this.SUBRULE1(this.operand) : null);
    const value =
      this.OPTION3(() => {
        this.CONSUME(T.equals);
        return this.SUBRULE1(this.expression);
      }) ?? null;
    const clauses: Clause[] = [];
    const messages: StringLiteral[] = [];
    this.MANY(() => {
      this.OR([
        { ALT: () => clauses.push(this.SUBRULE(this.clause)) },
        { ALT: () => messages.push(this.SUBRULE(this.message)) },
      ]);
    });
    const [message = null, second] = messages;
    if (second !== undefined) this.report("ML1111", second.span);
    this.toBlock();
    const block = this.OPTION4(() => this.SUBRULE(this.block)) ?? null;
    const span = this.spanFrom(head);
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
  });

  /** `dataset loans csv {` lacks its colon. */
  private forgotColon(): boolean {
    if (this.RECORDING_PHASE) return true;
    const token = this.next();
    const forgot = isNameLike(token) && !this.ended() && this.second().type === "leftBrace";
    if (forgot) this.report("ML1116", token, { text: token.text });
    return forgot;
  }

  /** `by Education`, `-> webhook(URL)` */
  private readonly clause = this.RULE("clause", (): Clause => {
    const word = this.OR([
      { ALT: () => this.CONSUME(T.preposition) },
      { ALT: () => this.CONSUME(T.arrow) },
    ]) as CodeToken;
    const value = this.SUBRULE(this.expression);
    return {
      word: word.type === "arrow" ? "->" : (word.text as Preposition), // The lexer makes no other preposition.
      wordSpan: { start: word.start, end: word.end },
      value,
      span: this.spanFrom(word),
    };
  });

  private readonly message = this.RULE(
    "message",
    (): StringLiteral =>
      this.text(this.OR([{ ALT: () => this.CONSUME(T.string) }, { ALT: () => this.CONSUME(T.textBlock) }])),
  );

  private readonly block = this.RULE("block", (): Block => {
    const opener = this.CONSUME(T.leftBrace) as CodeToken;
    this.enter(opener);
    const items = this.tooDeep(true) ? [] : this.SUBRULE(this.items);
    if (this.closes(opener)) this.CONSUME(T.rightBrace);
    this.leave();
    return { kind: "block", items, span: this.spanFrom(opener) };
  });
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

/** `api.replicas` as an expression; null for a name alone. */
function memberOf([first, ...members]: readonly Name[]): Expression | null {
  if (first === undefined || members.length === 0) return null;
  const start: Expression = { kind: "reference", name: first, span: first.span };
  return members.reduce<Expression>((object, member) => {
    const span = { start: first.span.start, end: member.span.end };
    return { kind: "member", object, member, span };
  }, start);
}

/** The name of `api.replicas = 4`. */
function dotted(path: readonly Name[]): Name {
  const [first, last] = [path[0] as Name, path.at(-1) as Name]; // A path has two names or more.
  const text = path.map((name) => name.text).join(".");
  return { kind: "name", text, quoted: false, span: { start: first.span.start, end: last.span.end } };
}

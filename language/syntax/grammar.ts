/**
 * The grammar: six kinds of node and expressions, LL(1), no kind, layer or rule name in it. Every rule accepts every
 * input: what is missing or does not belong is reported and stepped over (`separators.ts`), so a mistake costs no more
 * than the item that it stands in.
 */
import { MOST_ERRORS, parseError } from "./errors.ts";
import { ExpressionReader } from "./expressions.ts";
import { isName, isNameLike, trimmed } from "./reader.ts";
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

/** What stands in a rule's place while Chevrotain records the grammar. */
const NO_NAME: Name = { kind: "name", text: "", quoted: false, span: { start: 0, end: 0 } };
const NONE: readonly never[] = [];

interface Tail {
  readonly clauses: readonly Clause[];
  readonly message: StringLiteral | null;
}
const NO_TAIL: Tail = { clauses: NONE, message: null };

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
    // By number: this runs once a file, and V8 has not learnt yet that an iterator needs no objects.
    for (let at = 0; at < code.length; at += 1) {
      const token = code[at]!;
      if (token.docs === null || this.documented.has(token)) continue;
      const [first = token, last = first] = [token.docs[0], token.docs.at(-1)];
      this.found.push(parseError("ML1109", { start: first.start, end: last.end }));
    }
    const { found } = this;
    // A parser that is kept must not keep the tokens.
    this.restart([]);
    return { items, errors: found };
  }

  /** What the rules of items hand on: their arguments would be a list and an object for each item. */
  private doc: string | null = null;
  private named: Name = NO_NAME;

  readonly file = this.RULE("file", (): readonly Item[] => this.SUBRULE(this.items));

  private readonly items = this.RULE("items", (): readonly Item[] => {
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
    return trimmed(items);
  });

  /** Behind more mistakes than anybody is told of, what holds one is left out: it would only lead to more of them. */
  private isBeyond(item: Item, flawless: boolean): boolean {
    if (flawless || this.found.length <= MOST_ERRORS) return false;
    return !(item.kind === "phrase" && item.block !== null && item.block.items.length > 0);
  }

  private readonly item = this.RULE("item", (): Item => {
    this.doc = this.docOf(this.next());
    return this.OR(this.itemWays);
  });

  /** Made once, as all lists of ways here: a closure for each item is a good part of what parsing allocates. */
  private readonly itemWays = [
    { ALT: (): Item => this.SUBRULE(this.importItem) },
    {
      ALT: (): Item => {
        const name = this.quickName() ?? this.SUBRULE(this.name);
        if (!this.RECORDING_PHASE) this.named = name;
        return this.OR1(this.namedWays);
      },
    },
  ];

  private readonly namedWays = {
    // A phrase has its `:` or `=` behind an operand; right behind the head they make a column or an attribute.
    IGNORE_AMBIGUITIES: true,
    DEF: [
      { ALT: (): Item => this.SUBRULE(this.attribute) },
      { ALT: (): Item => this.SUBRULE(this.column) },
      { ALT: (): Item => this.SUBRULE(this.phrase) },
    ],
  };

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

  private readonly importItem = this.RULE("importItem", (): Import => {
    const { doc } = this;
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
  private readonly attribute = this.RULE("attribute", (): Item => {
    const { doc, named: first } = this;
    const path = this.comes("dot") ? this.SUBRULE(this.path) : null;
    if (!this.equalsFollows()) {
      // Half typed: what stands there is kept, so that an editor can complete it.
      const operand = path === null ? null : this.ACTION(() => memberOf(path));
      return { ...bare(doc, first), operand, span: this.spanFrom(first.span) };
    }
    this.CONSUME(T.equals);
    if (this.comes("leftBrace") && !this.RECORDING_PHASE) {
      // `resources = { … }` is meant to be the block `resources { … }`.
      this.report("ML1119", this.previous(), { text: first.text });
      const block = this.SUBRULE(this.block);
      return { ...bare(doc, first), block, span: this.spanFrom(first.span) };
    }
    const value = this.SUBRULE(this.expression);
    const span = this.spanFrom(first.span);
    if (path === null) return { kind: "attribute", doc, name: first, value, span };
    return { kind: "attribute", doc, name: this.ACTION(() => dotted(path)), path, value, span };
  });

  /** The names of `api.replicas`, the first of which has been read. */
  private readonly path = this.RULE("path", (): Name[] => {
    const path = [this.named];
    this.MANY(() => {
      this.CONSUME(T.dot);
      path.push(this.memberName());
    });
    return path;
  });

  private equalsFollows(): boolean {
    if (this.RECORDING_PHASE || this.next().type === "equals") return true;
    this.report("ML1120", this.behind());
    return false;
  }

  /** `name: type constraint…` */
  private readonly column = this.RULE("column", (): Item => {
    const { doc, named: name } = this;
    this.CONSUME(T.colon);
    const type = this.missing() ?? this.SUBRULE(this.typeName);
    const constraints = this.ended() ? NONE : this.SUBRULE(this.constraints);
    return { kind: "column", doc, name, type, constraints, span: this.spanFrom(name.span) };
  });

  private readonly constraints = this.RULE("constraints", (): readonly Constraint[] => {
    const constraints: Constraint[] = [];
    this.MANY({
      GATE: this.goesOn,
      DEF: () => {
        const word = this.quickName() ?? this.SUBRULE(this.name);
        const value = this.OPTION(this.constraintValue) ?? null;
        constraints.push({ word, value, span: this.spanFrom(word.span) });
      },
    });
    return trimmed(constraints);
  });

  private readonly goesOn = (): boolean => !this.ended();

  private readonly constraintValue = {
    GATE: () => this.valueFollows(),
    DEF: () => this.SUBRULE(this.expression),
  };

  /** A constraint's value is no bare name: in `label positive "Y"` a second constraint follows the first. */
  private valueFollows(): boolean {
    const token = this.next();
    return !isNameLike(token) && token.type !== "preposition";
  }

  /** What follows a phrase's head. Most phrases have one or two of these: what does not come is not asked for. */
  private readonly phrase = this.RULE("phrase", (): Phrase => {
    const { doc, named: head } = this;
    // `split(…)` has arguments; `alert (a + b) > c` has an operand.
    const beside = this.RECORDING_PHASE || this.next().start === head.span.end;
    const args = beside ? (this.OPTION(this.phraseArguments) ?? null) : null;
    const hasOperand = this.RECORDING_PHASE || (args === null && !this.ended() && !this.comes("preposition"));
    const operand = hasOperand ? (this.OPTION1(this.phraseOperand) ?? null) : null;
    const variant = this.comes("colon")
      ? (this.OPTION2(this.phraseVariant) ?? null)
      : operand !== null && this.forgotColon()
        ? this.SUBRULE1(this.operand)
        : null;
    const value = this.comes("equals") ? (this.OPTION3(this.phraseValue) ?? null) : null;
    const tail = this.comes("leftBrace") && !this.RECORDING_PHASE ? NO_TAIL : this.SUBRULE(this.tail);
    const block = this.comes("leftBrace") ? (this.OPTION4(this.phraseBlock) ?? null) : null;
    const span = this.spanFrom(head.span);
    return {
      kind: "phrase",
      doc,
      head,
      arguments: args,
      operand,
      variant,
      value,
      clauses: tail.clauses,
      message: tail.message,
      block,
      span,
    };
  });

  private readonly phraseArguments = () => this.SUBRULE(this.args);
  private readonly phraseOperand = () => this.SUBRULE(this.expression);
  private readonly phraseVariant = () => {
    this.CONSUME(T.colon);
    return this.missing() ?? this.SUBRULE(this.typeName);
  };
  private readonly phraseValue = () => {
    this.CONSUME(T.equals);
    return this.SUBRULE1(this.expression);
  };
  private readonly phraseBlock = () => this.SUBRULE(this.block);

  /** What a phrase has before its block. */
  private readonly tail = this.RULE("tail", (): Tail => {
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
    return { clauses: trimmed(clauses), message };
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

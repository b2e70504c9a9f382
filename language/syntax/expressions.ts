/** The rules of expressions, calls and names. */
import type { IToken } from "chevrotain";
import { numberLiteral, quotedName, stringLiteral } from "./literals.ts";
import { climb, type Part } from "./operators.ts";
import { isLabel, isNameLike, MAX_NESTING, MAX_OPERATORS, trimmed } from "./reader.ts";
import { SeparatedReader } from "./separators.ts";
import { type CodeKind, type CodeToken, TOKEN_TYPES as T } from "./tokens.ts";
import type { Argument, Expression, Name, Span, StringLiteral } from "./tree.ts";

const NOWHERE: Span = { start: 0, end: 0 };

/** What follows an operand that goes on. */
const CALLS_OR_MEMBERS: ReadonlySet<CodeKind> = new Set(["dot", "leftParenthesis"]);

export abstract class ExpressionReader extends SeparatedReader {
  /** From a place to the end of the last token read. */
  protected spanFrom(first: { readonly start: number }): Span {
    if (this.RECORDING_PHASE) return NOWHERE; // What rules give each other is nothing then.
    return { start: first.start, end: this.previous().end };
  }

  protected text(token: IToken): StringLiteral {
    if (this.RECORDING_PHASE) return { kind: "string", value: "", block: false, text: "", span: NOWHERE };
    return stringLiteral(token as CodeToken, this.found);
  }

  private nameOf(token: IToken): Name {
    const { type, text, start, end } = token as CodeToken;
    const quoted = type === "quotedName";
    const name = this.once(quoted ? quotedName(text) : text);
    return { kind: "name", text: name, quoted, span: { start, end } };
  }

  protected readonly name = this.RULE(
    "name",
    (): Name =>
      this.OR([
        { ALT: () => this.nameOf(this.CONSUME(T.name)) },
        { ALT: () => this.nameOf(this.CONSUME(T.quotedName)) },
      ]),
  );

  /** A name that comes next, without the ways that a rule takes; null while Chevrotain records the grammar. */
  protected quickName(): Name | null {
    if (this.RECORDING_PHASE) return null;
    const token = this.next();
    if (token.type !== "name" && token.type !== "quotedName") return null;
    this.SKIP_TOKEN();
    return this.nameOf(token);
  }

  /** The name behind a dot. While it is being typed there is none, and the next line is no part of it. */
  protected memberName(): Name {
    const token = this.next();
    if (this.RECORDING_PHASE || (!token.newline && (token.type === "name" || token.type === "quotedName"))) {
      return this.quickName() ?? this.SUBRULE1(this.name);
    }
    const span = this.behind();
    this.report("ML1106", span, { after: "." });
    return { kind: "name", text: "", quoted: false, span };
  }

  /** Operands between signs; the tree is made by `climb`. */
  protected readonly expression = this.RULE("expression", (): Expression => {
    const alone = this.loneOperand();
    if (alone !== null) return alone;
    const parts: Part[] = [];
    this.SUBRULE(this.term, { ARGS: [parts] });
    const only = parts[0];
    if (only !== undefined && "node" in only && !GOES_ON.has(this.next().type)) return only.node;
    this.MANY({
      GATE: () => parts.length < MAX_OPERATORS && this.operatorFollows(),
      DEF: () => {
        const sign = this.OR(this.signs);
        parts.push({ sign: sign as CodeToken, prefix: false });
        this.SUBRULE1(this.term, { ARGS: [parts] });
      },
    });
    if (this.RECORDING_PHASE) return { kind: "null", span: NOWHERE };
    if (parts.length >= MAX_OPERATORS) {
      this.report("ML1110", this.next(), { limit: String(MAX_OPERATORS) });
      this.skipExpression();
    }
    return climb(parts, this.report).node;
  });

  // Lists of ways are made once: one for each operand would be a good part of what parsing allocates.
  private readonly signs = [
    { ALT: () => this.CONSUME(T.operator) },
    { ALT: () => this.CONSUME(T.minus) },
    { ALT: () => this.notIn() },
  ];

  /**
   * A name or literal that is the whole expression, as most are: read without the ways of four rules. Null when more
   * follows, or something else comes, and while Chevrotain records the grammar.
   */
  private loneOperand(): Expression | null {
    if (this.RECORDING_PHASE) return null;
    const token = this.next();
    const read = LONE[token.type];
    if (read === undefined || GOES_ON.has(this.second().type)) return null;
    if (token.newline && isNameLike(token) && (!this.inParentheses() || isLabel(this.second()))) return null;
    this.SKIP_TOKEN();
    if (read === "text") return this.text(token);
    return read === "name" ? reference(this.nameOf(token)) : read(token);
  }

  private operatorFollows(): boolean {
    return this.next().type !== "not" || this.second().text === "in";
  }

  private notIn(): IToken {
    const sign = this.CONSUME1(T.not);
    this.CONSUME1(T.operator);
    return sign;
  }

  /** The signs before an operand, and the operand. */
  private readonly term = this.RULE("term", (parts: Part[]): void => {
    let prefixes = 0;
    if (this.comes("minus") || this.comes("not"))
      this.MANY({
        GATE: () => prefixes < MAX_NESTING,
        DEF: () => {
          const sign = this.OR(this.prefixes);
          prefixes++;
          this.ACTION(() => parts.push({ sign: sign as CodeToken, prefix: true }));
        },
      });
    const { start } = this.next();
    const absent = prefixes < MAX_NESTING ? this.missing() : this.skipTooDeep();
    if (absent !== null) {
      parts.push({ node: absent, start: absent.span.start, end: absent.span.end });
      return;
    }
    const node = this.SUBRULE(this.operand);
    if (!this.RECORDING_PHASE) parts.push({ node, start, end: this.previous().end });
  });

  private readonly prefixes = [{ ALT: () => this.CONSUME(T.minus) }, { ALT: () => this.CONSUME(T.not) }];

  /** A type is an operand; what begins with `-`, `not` or `if` is read too, for the checker to refuse. */
  protected readonly typeName = this.RULE(
    "typeName",
    (): Expression => this.loneOperand() ?? this.OR(this.typeWays),
  );

  private readonly typeWays = {
    IGNORE_AMBIGUITIES: true,
    DEF: [{ ALT: () => this.SUBRULE(this.operand) }, { ALT: () => this.SUBRULE(this.expression) }],
  };

  /** A value with its members and calls: `baseline(ngram(5)).loss`. */
  protected readonly operand = this.RULE("operand", (): Expression => {
    const first = this.next();
    let node = this.SUBRULE(this.primary);
    if (!this.RECORDING_PHASE && !CALLS_OR_MEMBERS.has(this.next().type)) return node;
    let length = 0;
    const callable = first.type === "leftParenthesis" || (!this.RECORDING_PHASE && node.kind === "reference");
    this.MANY({
      GATE: () => callable && length < MAX_NESTING,
      DEF: () => {
        length++;
        node = this.OR([
          {
            ALT: (): Expression => {
              this.CONSUME(T.dot);
              const member = this.memberName();
              return { kind: "member", object: node, member, span: this.spanFrom(first) };
            },
          },
          {
            ALT: (): Expression => {
              const args = this.SUBRULE(this.args);
              return { kind: "call", callee: node, arguments: args, span: this.spanFrom(first) };
            },
          },
        ]);
      },
    });
    return node;
  });

  private readonly primary = this.RULE("primary", (): Expression => this.OR(this.primaries));

  private readonly primaries = [
    { ALT: () => reference(this.nameOf(this.CONSUME(T.name))) },
    { ALT: () => reference(this.nameOf(this.CONSUME(T.quotedName))) },
    { ALT: () => reference(this.nameOf(this.CONSUME(T.preposition))) },
    { ALT: () => numberLiteral(this.CONSUME(T.number) as CodeToken) },
    { ALT: () => this.text(this.CONSUME(T.string)) },
    { ALT: () => this.text(this.CONSUME(T.textBlock)) },
    { ALT: () => constant(this.CONSUME(T.constant) as CodeToken) },
    { ALT: (): Expression => this.SUBRULE(this.conditional) },
    { ALT: (): Expression => this.SUBRULE(this.parentheses) },
    { ALT: (): Expression => this.SUBRULE(this.list) },
  ];

  private readonly parentheses = this.RULE("parentheses", (): Expression => {
    const opener = this.CONSUME(T.leftParenthesis) as CodeToken;
    this.enter(opener);
    const node = this.tooDeep(true) ? this.absent() : this.SUBRULE(this.expression);
    this.toCloser();
    if (this.closes(opener)) this.CONSUME(T.rightParenthesis);
    this.leave();
    return node;
  });

  private readonly list = this.RULE("list", (): Expression => {
    const opener = this.CONSUME(T.leftBracket) as CodeToken;
    const items: Expression[] = [];
    this.enter(opener);
    if (!this.tooDeep(true)) {
      this.toArgument(false);
      this.MANY(() => {
        items.push(this.SUBRULE(this.expression));
        this.toArgument(true);
      });
    }
    if (this.closes(opener)) this.CONSUME(T.rightBracket);
    this.leave();
    return { kind: "list", items: trimmed(items), span: this.spanFrom(opener) };
  });

  /** `(a, b = 1, c: int = 2)` */
  protected readonly args = this.RULE("args", (): readonly Argument[] => {
    const opener = this.CONSUME(T.leftParenthesis) as CodeToken;
    const args: Argument[] = [];
    this.enter(opener);
    if (!this.tooDeep(true)) {
      this.toArgument(false);
      this.MANY(() => {
        args.push(this.SUBRULE(this.argument));
        this.toArgument(true);
      });
    }
    if (this.closes(opener)) this.CONSUME(T.rightParenthesis);
    this.leave();
    return trimmed(args);
  });

  private readonly argument = this.RULE("argument", (): Argument => {
    const first = this.next();
    if (!this.RECORDING_PHASE && !isLabel(this.second())) {
      const value = this.SUBRULE1(this.expression);
      return { kind: "argument", name: null, type: null, value, span: this.spanFrom(first) };
    }
    let name: Name | null = null;
    let type: Expression | null = null;
    let value: Expression | null = null;
    this.OPTION(() => {
      name = this.quickName() ?? this.SUBRULE(this.name);
      if (this.comes("colon")) type = this.OPTION1(this.argumentType) ?? null;
      if (this.comes("equals")) value = this.OPTION2(this.argumentValue) ?? null;
    });
    if (name === null || this.RECORDING_PHASE) value = this.SUBRULE1(this.expression);
    return { kind: "argument", name, type, value, span: this.spanFrom(first) };
  });

  private readonly argumentType = (): Expression => {
    this.CONSUME(T.colon);
    return this.missing() ?? this.SUBRULE(this.typeName);
  };
  private readonly argumentValue = (): Expression => {
    this.CONSUME(T.equals);
    return this.SUBRULE(this.expression);
  };

  /** `if c then a else b` */
  private readonly conditional = this.RULE("conditional", (): Expression => {
    const word = this.CONSUME(T.if) as CodeToken;
    this.enter(word);
    const deep = this.tooDeep(false);
    const condition = deep ? this.absent() : this.SUBRULE(this.expression);
    let then: Expression = condition;
    let otherwise: Expression = condition;
    if (!deep) {
      if (this.wordFollows("then")) this.CONSUME(T.then);
      then = this.SUBRULE1(this.expression);
      if (this.wordFollows("else")) this.CONSUME(T.else);
      otherwise = this.SUBRULE2(this.expression);
    }
    this.leave();
    return { kind: "if", condition, then, otherwise, span: this.spanFrom(word) };
  });

  private wordFollows(word: "then" | "else"): boolean {
    if (this.RECORDING_PHASE || this.next().type === word) return true;
    this.report("ML1113", this.behind(), { missing: word });
    return false;
  }

  /** Stands for an expression whose absence is already reported. */
  private absent(): Expression {
    return { kind: "missing", span: this.behind() };
  }
}

/** How a token that can be a whole expression is read. */
const LONE: Readonly<Partial<Record<CodeKind, "name" | "text" | ((token: CodeToken) => Expression)>>> = {
  name: "name",
  quotedName: "name",
  string: "text",
  textBlock: "text",
  number: numberLiteral,
  constant,
};

/** What follows an operand that is not the whole expression. */
const GOES_ON: ReadonlySet<CodeKind> = new Set(["operator", "minus", "not", "dot", "leftParenthesis"]);

function reference(name: Name): Expression {
  return { kind: "reference", name, span: name.span };
}

function constant(token: CodeToken): Expression {
  const span = { start: token.start, end: token.end };
  return token.text === "null"
    ? { kind: "null", span }
    : { kind: "boolean", value: token.text === "true", span };
}

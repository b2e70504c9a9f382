/** The rules of expressions, calls and names. */
import { numberLiteral, quotedName, stringLiteral } from "./literals.ts";
import { climb, type Part, type Sign } from "./operators.ts";
import { MAX_NESTING, MAX_OPERATORS } from "./reader.ts";
import { SeparatedReader } from "./separators.ts";
import { operatorOf } from "./signs.ts";
import { isLabel, T } from "./tokens.ts";
import type { Argument, Expression, Name, StringLiteral } from "./tree.ts";

export abstract class ExpressionReader extends SeparatedReader {
  /** A text; the next token is one. */
  protected text(): StringLiteral {
    const { at } = this;
    this.step();
    return stringLiteral(this.textAt(at), this.spanAt(at), this.found);
  }

  /** The next token as a name. */
  protected name(): Name {
    const { at } = this;
    const quoted = this.kind === T.quotedName;
    this.step();
    const text = this.textAt(at);
    return { kind: "name", text: quoted ? quotedName(text) : text, quoted, span: this.spanAt(at) };
  }

  protected isName(): boolean {
    return this.kind === T.name || this.kind === T.quotedName;
  }

  /** The name behind a dot. While it is being typed there is none, and the next line is no part of it. */
  protected memberName(): Name {
    if (this.isName() && !this.newline()) return this.name();
    const span = this.behind();
    this.report("ML1106", span, { after: "." });
    return { kind: "name", text: "", quoted: false, span };
  }

  /** Operands between signs; the tree is made by `climb`. */
  protected expression(): Expression {
    // Most expressions are one operand.
    const start = this.code.start(this.at);
    if (this.kind !== T.minus && this.kind !== T.not) {
      const absent = this.missing();
      const node = absent ?? this.operand();
      if (!this.operatorFollows()) return node;
      return this.row([
        absent === null ? { node, start, end: this.code.end(this.at - 1) } : { node, ...absent.span },
      ]);
    }
    const parts: Part[] = [];
    this.term(parts);
    return this.row(parts);
  }

  private row(parts: Part[]): Expression {
    while (parts.length < MAX_OPERATORS && this.operatorFollows()) {
      const sign = this.sign();
      if (sign.sign === "not") this.step(); // `not in`
      parts.push(sign);
      this.term(parts);
    }
    if (parts.length >= MAX_OPERATORS) {
      this.report("ML1110", this.spanAt(this.at), { limit: String(MAX_OPERATORS) });
      this.skipExpression();
    }
    return climb(parts, this.report).node;
  }

  private operatorFollows(): boolean {
    if (this.kind === T.operator || this.kind === T.minus) return true;
    return this.kind === T.not && this.second() === T.operator && this.textAt(this.at + 1) === "in";
  }

  private sign(): Sign {
    const { at, kind } = this;
    this.step();
    const text = this.textAt(at);
    const sign = kind === T.minus ? "-" : kind === T.not ? "not" : operatorOf(text);
    // The lexer makes no other operators.
    return { sign: sign as Sign["sign"], start: this.code.start(at), end: this.code.end(at), text };
  }

  /** The signs before an operand, and the operand. */
  private term(parts: Part[]): void {
    let prefixes = 0;
    for (; prefixes < MAX_NESTING && (this.kind === T.minus || this.kind === T.not); prefixes++)
      parts.push(this.sign());
    const start = this.code.start(this.at);
    const absent = prefixes < MAX_NESTING ? this.missing() : this.skipTooDeep();
    if (absent !== null) {
      parts.push({ node: absent, ...absent.span });
      return;
    }
    const node = this.operand();
    parts.push({ node, start, end: this.code.end(this.at - 1) });
  }

  /** A type is an operand; what begins with `-`, `not` or `if` is read too, for the checker to refuse. */
  protected typeName(): Expression {
    const sign = this.kind === T.minus || this.kind === T.not;
    return this.missing() ?? (sign ? this.expression() : this.operand());
  }

  /** A value with its members and calls: `baseline(ngram(5)).loss`. */
  protected operand(): Expression {
    const start = this.code.start(this.at);
    const parenthesised = this.kind === T.leftParenthesis;
    let node = this.primary();
    if (!parenthesised && node.kind !== "reference") return node;
    for (let length = 0; length < MAX_NESTING; length++) {
      if (this.took(T.dot)) {
        const member = this.memberName();
        node = { kind: "member", object: node, member, span: this.spanFrom(start) };
      } else if (this.kind === T.leftParenthesis) {
        const args = this.args();
        node = { kind: "call", callee: node, arguments: args, span: this.spanFrom(start) };
      } else break;
    }
    return node;
  }

  /** The next token starts an expression, and is no sign. */
  private primary(): Expression {
    switch (this.kind) {
      case T.number: {
        const { at } = this;
        this.step();
        return numberLiteral(this.textAt(at), this.spanAt(at));
      }
      case T.string:
      case T.textBlock:
        return this.text();
      case T.constant:
        return this.constant();
      case T.if:
        return this.conditional();
      case T.leftParenthesis:
        return this.parentheses();
      case T.leftBracket:
        return this.list();
      default: {
        const name = this.name();
        return { kind: "reference", name, span: name.span };
      }
    }
  }

  private constant(): Expression {
    const { at } = this;
    this.step();
    const text = this.textAt(at);
    const span = this.spanAt(at);
    return text === "null" ? { kind: "null", span } : { kind: "boolean", value: text === "true", span };
  }

  private parentheses(): Expression {
    const opener = this.enter();
    const node = this.tooDeep(true) ? this.absent() : this.expression();
    this.toCloser();
    this.close(opener);
    this.open.pop();
    return node;
  }

  /** Steps over a bracket or an `if`, which is open from here on. */
  protected enter(): number {
    const { at } = this;
    this.step();
    this.open.push(at);
    return at;
  }

  private list(): Expression {
    const opener = this.enter();
    const items: Expression[] = [];
    if (!this.tooDeep(true)) this.elements(() => items.push(this.expression()));
    this.close(opener);
    this.open.pop();
    return { kind: "list", items, span: this.spanFrom(this.code.start(opener)) };
  }

  private elements(read: () => void): void {
    this.toArgument(false);
    while (this.startsExpression()) {
      const before = this.at;
      read();
      this.toArgument(true);
      if (this.at === before) return; // A clause: the arguments have ended.
    }
  }

  /** `(a, b = 1, c: int = 2)` */
  protected args(): Argument[] {
    const opener = this.enter();
    const args: Argument[] = [];
    if (!this.tooDeep(true)) this.elements(() => args.push(this.argument()));
    this.close(opener);
    this.open.pop();
    return args;
  }

  private argument(): Argument {
    const start = this.code.start(this.at);
    let name: Name | null = null;
    let type: Expression | null = null;
    let value: Expression | null = null;
    if (this.isName() && isLabel(this.second())) {
      name = this.name();
      if (this.took(T.colon)) type = this.typeName();
      if (this.took(T.equals)) value = this.expression();
    } else value = this.expression();
    return { kind: "argument", name, type, value, span: this.spanFrom(start) };
  }

  /** `if c then a else b` */
  private conditional(): Expression {
    const word = this.enter();
    const deep = this.tooDeep(false);
    const condition = deep ? this.absent() : this.expression();
    let then: Expression = condition;
    let otherwise: Expression = condition;
    if (!deep) {
      this.expect(T.then, "then");
      then = this.expression();
      this.expect(T.else, "else");
      otherwise = this.expression();
    }
    this.open.pop();
    return { kind: "if", condition, then, otherwise, span: this.spanFrom(this.code.start(word)) };
  }

  private expect(kind: number, word: string): void {
    if (!this.took(kind)) this.report("ML1113", this.behind(), { missing: word });
  }

  /** Stands for an expression whose absence is already reported. */
  private absent(): Expression {
    return { kind: "missing", span: this.behind() };
  }
}

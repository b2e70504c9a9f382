/** The layout of expressions. */
import { all, type Doc, group, indent, LINE, SOFT_LINE } from "./document.ts";
import { SequencePrinter } from "./format-sequences.ts";
import { STRENGTH } from "./operators.ts";
import type { Argument, Binary, Call, Conditional, Expression, Range, Unary } from "./tree.ts";

export abstract class ExpressionPrinter extends SequencePrinter {
  /** Parentheses are kept as they were written; they are no nodes, and a node's span leaves its own out. */
  protected expression(node: Expression): Doc {
    const next = this.next;
    if (next === null || next.type !== "leftParenthesis" || next.start >= node.span.start)
      return this.#bare(node);
    const open = this.take();
    const inner = indent(all([this.gap(SOFT_LINE), this.expression(node)]));
    return group(all([open, inner, this.gap(SOFT_LINE), this.take()]));
  }

  #bare(node: Expression): Doc {
    switch (node.kind) {
      case "binary":
        return isMembership(node) ? this.#pair(node.left, node.right) : this.#row(node);
      case "range":
        return this.#range(node);
      case "unary":
        return this.#unary(node);
      case "if":
        return this.#conditional(node);
      case "member":
        return all([this.expression(node.object), this.gap(""), this.take(), this.gap(""), this.take()]);
      case "call":
        return this.#call(node);
      case "list":
        return this.brackets(node.items, (item) => this.expression(item));
      default:
        return this.take();
    }
  }

  #call({ callee, arguments: args }: Call): Doc {
    return all([this.expression(callee), this.gap(""), this.arguments(args)]);
  }

  /** `(a, b = 1, c: int = 2)` */
  protected arguments(args: readonly Argument[]): Doc {
    return this.brackets(args, (argument) => this.#argument(argument));
  }

  #argument({ name, type, value }: Argument): Doc {
    if (name === null) return value === null ? "" : this.expression(value);
    const parts: Doc[] = [this.take()];
    if (type !== null) parts.push(this.gap(""), this.take(), this.gap(" "), this.expression(type));
    if (value !== null) parts.push(this.gap(" "), this.take(), this.gap(" "), this.expression(value));
    return all(parts);
  }

  /** Operands of equal strength in a row: all of their operators begin a line, or none. */
  #row(node: Binary): Doc {
    const row: Binary[] = [node];
    let first = node.left;
    // A left operand in parentheses begins behind them.
    while (
      first.kind === "binary" &&
      STRENGTH[first.operator] === STRENGTH[node.operator] &&
      first.span.start === node.span.start
    ) {
      row.unshift(first);
      first = first.left;
    }
    const parts: Doc[] = [this.expression(first)];
    for (const { right } of row)
      parts.push(indent(all([this.gap(LINE), this.take(), this.gap(" "), this.expression(right)])));
    return group(all(parts));
  }

  #pair(left: Expression, right: Expression): Doc {
    const parts: Doc[] = [this.expression(left), this.gap(" "), this.take()];
    return all([...parts, this.gap(" "), this.expression(right)]);
  }

  #range({ from, to }: Range): Doc {
    return all([this.expression(from), this.gap(""), this.take(), this.gap(""), this.expression(to)]);
  }

  #unary({ operator, operand, span }: Unary): Doc {
    if (operator === "-") return all([this.take(), this.gap(""), this.expression(operand)]);
    if (operand.kind !== "binary" || operand.span.start !== span.start) {
      return all([this.take(), this.gap(" "), this.expression(operand)]);
    }
    // `x not in y`
    const parts: Doc[] = [
      this.expression(operand.left),
      this.gap(" "),
      this.take(),
      this.gap(" "),
      this.take(),
    ];
    return all([...parts, this.gap(" "), this.expression(operand.right)]);
  }

  #conditional({ condition, then, otherwise }: Conditional): Doc {
    const parts: Doc[] = [this.take(), this.gap(" "), this.expression(condition)];
    for (const branch of [then, otherwise]) {
      parts.push(indent(all([this.gap(LINE), this.take(), this.gap(" "), this.expression(branch)])));
    }
    return group(all(parts));
  }
}

function isMembership({ operator }: Binary): boolean {
  return operator === "in";
}

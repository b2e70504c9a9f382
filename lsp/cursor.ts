/** What stands at an offset: the blocks around it, the item, the expressions, the word. */
import type {
  Argument,
  Attribute,
  Clause,
  Column,
  Constraint,
  Expression,
  Import,
  Item,
  Name,
  Phrase,
  Span,
} from "../language/syntax/tree.ts";
import type { Parsed } from "./files.ts";

export interface Cursor {
  readonly parsed: Parsed;
  readonly offset: number;
  /** The phrases whose blocks hold the offset, outermost first. */
  readonly blocks: readonly Phrase[];
  /** The item of the innermost block, or of the file, that holds the offset; null between items. */
  readonly item: Item | null;
  /** Expressions and arguments of the item that hold the offset, outermost first. */
  readonly inside: readonly (Expression | Argument)[];
  /** The clause of a phrase, `by area`, that holds the offset. */
  readonly clause: Clause | null;
  /** The column's constraint that holds the offset. */
  readonly constraint: Constraint | null;
  /** The name at the offset or just before it. */
  readonly name: Name | null;
}

/** True also at the end: a cursor behind a word is at the word. */
export const holds = (span: Span, offset: number): boolean => span.start <= offset && offset <= span.end;

export function cursorAt(parsed: Parsed, offset: number): Cursor {
  const blocks: Phrase[] = [];
  let items: readonly Item[] = parsed.tree.items;
  let item: Item | null = null;
  for (;;) {
    item = itemAt(items, offset, parsed.text);
    if (item?.kind !== "phrase" || item.block === null || !withinBlock(item.block.span, offset, parsed.text))
      break;
    blocks.push(item);
    items = item.block.items;
    item = null;
  }
  // Behind an item's last word, on its line, its end is meant; behind an equals sign the value that is missing there.
  const gap = /=([ \t]+)$/.exec(parsed.text.slice(Math.max(0, offset - 80), offset))?.[1]?.length ?? 0;
  const unwritten = /^[\s)\],}]|^$/.test(parsed.text.slice(offset, offset + 1)) ? offset - gap : offset;
  const found = new Finder(item === null ? offset : Math.min(unwritten, item.span.end));
  if (item !== null) found.item(item);
  const { inside, clause, constraint, name } = found;
  return { parsed, offset, blocks, item, inside, clause, constraint, name };
}

/** Behind the opening brace and before the closing one, or to the end of the text where that is missing. */
function withinBlock({ start, end }: Span, offset: number, text: string): boolean {
  const closed = text[end - 1] === "}" && end > start + 1;
  return offset > start && (closed ? offset < end : offset <= end);
}

/** The last that begins before the offset: where one ends and another begins the later is meant. */
function itemAt(items: readonly Item[], offset: number, text: string): Item | null {
  let low = 0;
  let high = items.length - 1;
  let found: Item | null = null;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const each = items[middle]!;
    if (each.span.start <= offset) {
      found = each;
      low = middle + 1;
    } else high = middle - 1;
  }
  if (found === null || holds(found.span, offset)) return found;
  const { end } = found.span;
  return text[end - 1] !== "}" && /^[ \t]*$/.test(text.slice(end, offset)) ? found : null;
}

/** Walks down to the offset; the last name met is the innermost. */
class Finder {
  readonly #offset: number;
  readonly inside: (Expression | Argument)[] = [];
  clause: Clause | null = null;
  constraint: Constraint | null = null;
  name: Name | null = null;

  constructor(offset: number) {
    this.#offset = offset;
  }

  item(item: Item): void {
    switch (item.kind) {
      case "attribute":
        this.#attribute(item);
        break;
      case "column":
        this.#column(item);
        break;
      case "phrase":
        this.#phrase(item);
        break;
      case "import":
        this.#import(item);
        break;
    }
  }

  #attribute({ name, path, value }: Attribute): void {
    for (const part of path ?? [name]) this.#named(part);
    this.#expression(value);
  }

  #column({ name, type, constraints }: Column): void {
    this.#named(name);
    this.#expression(type);
    for (const constraint of constraints) {
      if (!holds(constraint.span, this.#offset)) continue;
      this.constraint = constraint;
      this.#named(constraint.word);
      this.#expression(constraint.value);
    }
  }

  #phrase(phrase: Phrase): void {
    this.#named(phrase.head);
    for (const argument of phrase.arguments ?? []) this.#argument(argument);
    this.#expression(phrase.operand);
    this.#expression(phrase.variant);
    this.#expression(phrase.value);
    for (const clause of phrase.clauses) {
      if (!holds(clause.span, this.#offset)) continue;
      this.clause = clause;
      this.#expression(clause.value);
    }
    this.#expression(phrase.message);
  }

  #import({ path, names }: Import): void {
    this.#expression(path);
    for (const name of names) {
      this.#named(name);
      if (name.alias !== null) this.#named(name.alias);
    }
  }

  #named(name: Name): void {
    if (holds(name.span, this.#offset)) this.name = name;
  }

  #argument(argument: Argument): void {
    if (!holds(argument.span, this.#offset)) return;
    this.inside.push(argument);
    if (argument.name !== null) this.#named(argument.name);
    this.#expression(argument.type);
    this.#expression(argument.value);
  }

  #expression(expression: Expression | null): void {
    if (expression === null || !holds(expression.span, this.#offset)) return;
    this.inside.push(expression);
    switch (expression.kind) {
      case "reference":
        this.#named(expression.name);
        break;
      case "member":
        this.#expression(expression.object);
        this.#named(expression.member);
        break;
      case "call":
        this.#expression(expression.callee);
        for (const argument of expression.arguments) this.#argument(argument);
        break;
      case "unary":
        this.#expression(expression.operand);
        break;
      case "binary":
        this.#expression(expression.left);
        this.#expression(expression.right);
        break;
      case "if":
        this.#expression(expression.condition);
        this.#expression(expression.then);
        this.#expression(expression.otherwise);
        break;
      case "list":
        for (const item of expression.items) this.#expression(item);
        break;
      case "range":
        this.#expression(expression.from);
        this.#expression(expression.to);
        break;
      default:
        break;
    }
  }
}

/** The one layout of a `.mlops` file. */
import { syntaxDiagnostics } from "../diagnostics/catalogue/syntax.ts";
import { all, type Doc, group, indent, LINE, render } from "./document.ts";
import { ExpressionPrinter } from "./format-expressions.ts";
import type { Attribute, Block, Column, Import, Item, ParseError, Phrase, SourceTree } from "./tree.ts";

/** Longer lines are broken where they can be. */
export const LINE_WIDTH = 100;

/**
 * How a block is written: `one-line` where it fits; `many-lines`, one item a line, always; `as-fits` as the author
 * wrote it: on one line, if it fits, when nothing breaks the line behind its `{`.
 */
export type BlockLayout = "one-line" | "many-lines" | "as-fits";

/** Decides by the head words of the phrases around a block and its own: `["dataset", "split"]`. */
export type Layout = (path: readonly string[]) => BlockLayout;

/**
 * Lays a file out: two spaces, no alignment, lines broken at 100 columns, blank lines kept to one, comments kept in
 * place, texts untouched. Idempotent, and it never changes the tree: the same tokens in the same order, but for commas.
 * A file with errors is given back as it is. Line breaks stay what the file's first one is.
 */
export function format(tree: SourceTree, layout: Layout = () => "as-fits"): string {
  if (tree.errors.some(isError)) return tree.text;
  // A text block keeps its own, whatever they are.
  const first = tree.tokens.find(({ type, text }) => type === "newline" && text.endsWith("\n"));
  const lineBreak = first?.text ?? "\n";
  return render(new Printer(tree, layout).file(tree.items), LINE_WIDTH, lineBreak);
}

function isError({ code }: ParseError): boolean {
  return syntaxDiagnostics[code as keyof typeof syntaxDiagnostics].severity === "error"; // The parser reports no others.
}

class Printer extends ExpressionPrinter {
  readonly #layout: Layout;
  readonly #path: string[] = [];

  constructor(tree: SourceTree, layout: Layout) {
    super(tree.tokens);
    this.#layout = layout;
  }

  file(items: readonly Item[]): Doc {
    return this.lines(items, (item) => this.#item(item));
  }

  #item(item: Item): Doc {
    if (item.kind === "attribute") return this.#attribute(item);
    if (item.kind === "column") return this.#column(item);
    return item.kind === "phrase" ? this.#phrase(item) : this.#import(item);
  }

  #attribute({ path, value }: Attribute): Doc {
    const parts: Doc[] = [this.take()];
    for (let names = path?.length ?? 1; names > 1; names--)
      parts.push(this.gap(""), this.take(), this.gap(""), this.take());
    parts.push(this.gap(" "), this.take(), this.gap(" "), this.expression(value));
    return all(parts);
  }

  #column({ type, constraints }: Column): Doc {
    const parts: Doc[] = [this.take(), this.gap(""), this.take(), this.gap(" "), this.expression(type)];
    for (const { value } of constraints) {
      parts.push(this.gap(" "), this.take());
      if (value !== null) parts.push(this.gap(" "), this.expression(value));
    }
    return all(parts);
  }

  #import({ path, names }: Import): Doc {
    const parts: Doc[] = [this.take()];
    if (path !== null) parts.push(this.gap(" "), this.take());
    if (this.next?.type === "leftBrace")
      parts.push(
        this.gap(" "),
        this.braces(names, ({ alias }) => this.#imported(alias !== null), false),
      );
    return all(parts);
  }

  #imported(renamed: boolean): Doc {
    if (!renamed) return this.take();
    return all([this.take(), this.gap(" "), this.take(), this.gap(" "), this.take()]);
  }

  #phrase(phrase: Phrase): Doc {
    const { head, operand, variant, value, clauses, message, block } = phrase;
    const parts: Doc[] = [this.take()];
    if (phrase.arguments !== null) parts.push(this.gap(""), this.arguments(phrase.arguments));
    if (operand !== null) parts.push(this.gap(" "), this.expression(operand));
    if (variant !== null) parts.push(this.gap(""), this.take(), this.gap(" "), this.expression(variant));
    if (value !== null) parts.push(this.gap(" "), this.take(), this.gap(" "), this.expression(value));
    const tail =
      message === null ? [...clauses] : [...clauses, message].sort((a, b) => a.span.start - b.span.start);
    for (const part of tail) {
      const line = this.gap(LINE);
      if ("kind" in part) parts.push(indent(all([line, this.take()])));
      else parts.push(indent(all([line, this.take(), this.gap(" "), this.expression(part.value)])));
    }
    if (block === null) return group(all(parts));
    const space = this.gap(" ");
    this.#path.push(head.text);
    const body = this.#block(block);
    this.#path.pop();
    return all([group(all(parts)), space, body]);
  }

  #block({ items }: Block): Doc {
    const layout = this.#layout([...this.#path]);
    const many = layout === "many-lines" || (layout === "as-fits" && this.breaksBehindNext());
    return this.braces(items, (item) => this.#item(item), many);
  }
}

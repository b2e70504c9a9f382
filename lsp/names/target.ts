/** What a name of a text stands for, and where that is declared. */
import type { AnySymbol } from "../../language/check/symbols.ts";
import type { Analysis } from "../../language/compile.ts";
import type { Expression, Item, Name, Phrase, SourceTree, Span } from "../../language/syntax/tree.ts";
import type { Vocabulary } from "../../language/vocabulary/kind.ts";
import { declaredName } from "../features/document-symbols.ts";
import { nameOf } from "../known.ts";
import type { Occurrence } from "./occurrence.ts";

/** Something that has a name of the user's own. */
export interface Target {
  readonly is: "symbol" | "column" | "part" | "label" | "input";
  readonly name: string;
  /** The file that declares it. */
  readonly file: string;
  /** Where its name stands there. */
  readonly span: Span;
  /** What declares it: the declaration's phrase, or the item within it. */
  readonly phrase: Phrase | null;
  readonly symbol: AnySymbol | null;
}

export class Targets {
  readonly #analysis: Analysis;
  readonly #vocabulary: Vocabulary;
  readonly #file: string;
  readonly #treeNow: (file: string) => SourceTree | null;

  /** @param treeNow what stands in a file now: the analysis may be of the text before the last key */
  constructor(
    analysis: Analysis,
    file: string,
    vocabulary: Vocabulary,
    treeNow: (file: string) => SourceTree | null,
  ) {
    this.#analysis = analysis;
    this.#file = file;
    this.#vocabulary = vocabulary;
    this.#treeNow = treeNow;
  }

  /** Null for words of the language, and for what is not known. */
  of(occurrence: Occurrence): Target | null {
    const { name, role, around, object, typed } = occurrence;
    switch (role) {
      case "declaration":
        return this.#named(name, around) ?? this.#here(name, "symbol", around.at(-1) ?? null);
      case "kind":
      case "reference":
      case "imported":
      case "type":
        return this.#named(name, around);
      case "member":
        return object === null ? null : this.#member(object, name, around);
      case "column":
        return (
          this.#column(name.text, around, typed?.meaning.is === "column" ? typed.meaning.of : null) ??
          this.#named(name, around)
        );
      case "column-declaration":
        return this.#here(name, around.at(-1)?.head.text === "input" ? "input" : "column", around[0] ?? null);
      case "entry":
        return around.at(-1)?.head.text === "split" ? this.#here(name, "part", around[0] ?? null) : null;
      case "label":
        return this.#label(name, around);
      default:
        return null;
    }
  }

  #here = (name: Name, is: Target["is"], phrase: Phrase | null): Target => ({
    is,
    name: name.text,
    file: this.#file,
    span: name.span,
    phrase,
    symbol: is === "symbol" ? (this.#analysis.symbols.get(name.text) ?? null) : null,
  });

  /** A name of the parameters around, of the template around, or of the file. */
  #named(name: Name, around: readonly Phrase[]): Target | null {
    const local = this.#local(name.text, around);
    if (local !== null) return local;
    const symbol = this.#analysis.symbols.get(name.text);
    return symbol === undefined ? null : this.#ofSymbol(symbol, symbol.name);
  }

  /** A symbol, at the place where its name stands now; null when it is gone. */
  #ofSymbol(symbol: AnySymbol, name: string): Target | null {
    const file = symbol.source.path;
    const target: Target = {
      is: "symbol",
      name,
      file,
      span: symbol.nameSpan,
      phrase: symbol.phrase,
      symbol,
    };
    const tree = this.#treeNow(file);
    if (tree === null || tree === symbol.source.tree) return target;
    const moved = phraseNamed(tree.items, symbol.phrase);
    return moved === null ? null : { ...target, phrase: moved, span: declaredName(moved)!.span };
  }

  #local(name: string, around: readonly Phrase[]): Target | null {
    for (const phrase of around.slice(0, 2)) {
      if (phrase.operand?.kind === "call")
        for (const argument of phrase.operand.arguments)
          if (argument.name?.text === name) return this.#here(argument.name, "symbol", phrase);
      if (phrase.head.text !== "template") continue;
      for (const item of phrase.block?.items ?? []) {
        const declared = item.kind === "phrase" ? declaredName(item) : null;
        if (declared?.text === name && item.kind === "phrase") return this.#here(declared, "symbol", item);
      }
    }
    return null;
  }

  /** The declaration that an expression names, with the file where it stands. */
  #declaring(
    expression: Expression,
    around: readonly Phrase[],
  ): { readonly phrase: Phrase; readonly file: string } | null {
    if (expression.kind === "call") return this.#declaring(expression.callee, around);
    if (expression.kind === "member") return this.#declaring(expression.object, around);
    if (expression.kind !== "reference") return null;
    const target = this.#named(expression.name, around);
    return target?.phrase == null ? null : { phrase: target.phrase, file: target.file };
  }

  #member(object: Expression, member: Name, around: readonly Phrase[]): Target | null {
    const symbol = object.kind === "reference" ? this.#analysis.symbols.get(object.name.text) : undefined;
    if (symbol?.is === "instance") {
      const inner = symbol.members?.own.get(member.text);
      return inner === undefined ? null : this.#ofSymbol(inner, member.text);
    }
    const declared = this.#declaring(object, around);
    if (declared === null) return null;
    return (
      this.#part(member.text, declared.phrase, declared.file, around, 0) ??
      this.#columnOf(member.text, declared.phrase, declared.file, around, 0)
    );
  }

  /** `train`, where the split says it: of the declaration or of what it passes on. */
  #part(name: string, phrase: Phrase, file: string, around: readonly Phrase[], depth: number): Target | null {
    const split = itemNamed(phrase, "split");
    const entries = split?.kind === "phrase" ? (split.block?.items ?? []) : [];
    for (const entry of entries)
      if (entry.kind === "attribute" && entry.name.text === name)
        return { is: "part", name, file, span: entry.name.span, phrase, symbol: null };
    const next = this.#through(phrase, file, around, depth);
    return next === null ? null : this.#part(name, next.phrase, next.file, around, depth + 1);
  }

  /** The column of the sibling that the vocabulary names, or of the first that has one of that name. */
  #column(name: string, around: readonly Phrase[], of: string | null): Target | null {
    const [declaration] = around[0]?.head.text === "template" ? around.slice(1) : around;
    if (declaration === undefined) return null;
    const own = this.#columnOf(name, declaration, this.#file, around, 0);
    if (own !== null || of === null) return own;
    const sibling = itemNamed(declaration, of);
    const declared = sibling?.kind === "attribute" ? this.#declaring(sibling.value, around) : null;
    return declared === null ? null : this.#columnOf(name, declared.phrase, declared.file, around, 1);
  }

  /** A column written in a declaration's schema or among its new ones, or in what it takes its rows from. */
  #columnOf(
    name: string,
    phrase: Phrase,
    file: string,
    around: readonly Phrase[],
    depth: number,
  ): Target | null {
    for (const head of ["schema", "derive"]) {
      const block = itemNamed(phrase, head);
      for (const item of block?.kind === "phrase" ? (block.block?.items ?? []) : [])
        if ((item.kind === "column" || item.kind === "attribute") && item.name.text === name)
          return { is: "column", name, file, span: item.name.span, phrase, symbol: null };
    }
    const next = this.#through(phrase, file, around, depth);
    return next === null ? null : this.#columnOf(name, next.phrase, next.file, around, depth + 1);
  }

  /** The declaration whose rows this one passes on. */
  #through(
    phrase: Phrase,
    file: string,
    around: readonly Phrase[],
    depth: number,
  ): { readonly phrase: Phrase; readonly file: string } | null {
    if (depth > 50) return null; // a cycle, which the checker reports
    const kind = this.#vocabulary.kinds[phrase.head.text];
    const through = kind?.offers?.through ?? (phrase.head.text === "features" ? "from" : null);
    const item = through === null ? null : itemNamed(phrase, through);
    if (item?.kind !== "attribute") return null;
    // Names of another file are looked up there.
    if (file !== this.#file) {
      const target = this.#elsewhere(item.value, file);
      return target?.phrase == null ? null : { phrase: target.phrase, file: target.file };
    }
    return this.#declaring(item.value, around);
  }

  #elsewhere(expression: Expression, file: string): Target | null {
    let at = expression;
    while (at.kind === "member" || at.kind === "call") at = at.kind === "member" ? at.object : at.callee;
    const name = at.kind === "reference" ? at.name.text : null;
    const source = this.#analysis.drafts.find(
      ({ symbol }) => symbol.source.path === file && symbol.name === name,
    );
    return source === undefined ? null : this.#ofSymbol(source.symbol, source.symbol.name);
  }

  #label(name: Name, around: readonly Phrase[]): Target | null {
    const [declaration] = around;
    for (const item of declaration?.block?.items ?? [])
      if (
        item.kind === "phrase" &&
        item.operand?.kind === "reference" &&
        item.operand.name.text === name.text &&
        item.head.text !== "expect"
      )
        return this.#here(item.operand.name, "label", declaration ?? null);
    return null;
  }
}

/** What is declared under the same head and name as `before`, in templates too. */
function phraseNamed(items: readonly Item[], before: Phrase): Phrase | null {
  const name = declaredName(before)?.text;
  if (name === undefined) return null;
  for (const item of items) {
    if (item.kind !== "phrase") continue;
    if (item.head.text === before.head.text && declaredName(item)?.text === name) return item;
    const inner = item.head.text === "template" ? phraseNamed(item.block?.items ?? [], before) : null;
    if (inner !== null) return inner;
  }
  return null;
}

export const itemNamed = (phrase: Phrase, name: string): Item | null =>
  phrase.block?.items.find((item) => nameOf(item) === name) ?? null;

/** Whether two targets are one. */
export const sameTarget = (a: Target, b: Target): boolean =>
  a.file === b.file && a.span.start === b.span.start && a.span.end === b.span.end;

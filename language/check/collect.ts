/** Finds the names that a file declares: the first pass over its tree. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Item, Name, Phrase, Span } from "../syntax/tree.ts";
import type { Kind, Variant, Vocabulary } from "../vocabulary/kind.ts";
import { readParameter } from "./parameters.ts";
import { diagnose, type Extras, edit, related, replaceWith, type Source } from "./source.ts";
import { listed, nearest } from "./suggest.ts";
import { type AnySymbol, bareName, describeSymbol } from "./symbols.ts";

export interface Collected {
  readonly symbols: ReadonlyMap<string, AnySymbol>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Words that begin a line of a file and are no kinds. */
export const HEADS = ["mlops", "param", "secret", "import"] as const;

class Collector {
  readonly symbols = new Map<string, AnySymbol>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Source;
  readonly #vocabulary: Vocabulary;
  readonly #set: Readonly<Record<string, string>>;

  constructor(source: Source, vocabulary: Vocabulary, set: Readonly<Record<string, string>>) {
    this.#source = source;
    this.#vocabulary = vocabulary;
    this.#set = set;
  }

  report(code: string, values: Readonly<Record<string, string>>, span: Span, extras?: Extras): void {
    this.diagnostics.push(diagnose(code, values, this.#source, span, extras));
  }

  item(item: Item): void {
    if (item.kind === "import") this.report("ML2045", { path: item.path?.value ?? "" }, item.span);
    else if (item.kind !== "phrase") this.#stray(item);
    else if (item.head.text === "mlops") this.#version(item);
    else if (item.head.text === "param") this.#parameter(item);
    else if (item.head.text === "secret") this.#secret(item);
    else this.#declaration(item);
  }

  #stray(item: Exclude<Item, Phrase>): void {
    // `dataset: csv { … }` without its name reads like a column.
    if (item.kind === "column" && Object.hasOwn(this.#vocabulary.kinds, item.name.text)) {
      this.report("ML2046", { kind: item.name.text }, item.name.span);
      return;
    }
    const text = this.#source.lines.text.slice(item.span.start, item.span.end).split("\n")[0]!.slice(0, 40);
    this.report(
      "ML2029",
      { item: `\`${text}\``, where: "a file", wanted: "write declarations: `KIND name { … }`" },
      item.span,
    );
  }

  #version(phrase: Phrase): void {
    const { operand } = phrase;
    if (operand?.kind === "missing" || (operand?.kind === "number" && operand.value === 1)) return;
    const span = operand?.span ?? phrase.span;
    this.report("ML2044", {}, span, {
      fixes: [{ title: "write `mlops 1`", edits: [edit(this.#source, phrase.span, "mlops 1")] }],
    });
  }

  /** The name that a phrase declares, when it is written and free. */
  #named(phrase: Phrase): Name | null {
    const name = bareName(phrase.operand);
    if (name === null) {
      if (phrase.operand?.kind !== "missing")
        this.report("ML2046", { kind: phrase.head.text }, phrase.operand?.span ?? phrase.head.span);
      return null;
    }
    const first = this.symbols.get(name.text);
    if (first !== undefined) {
      this.report("ML2013", { name: name.text, other: describeSymbol(first) }, name.span, {
        related: [related(first.source, first.nameSpan, "first declared here")],
      });
      return null;
    }
    // A function with arguments is told from a name by its bracket; `rows` and `champion` stand bare.
    const bare = Object.values(this.#vocabulary.functions).filter((spec) => spec.parameters.length === 0);
    const taken = bare.some((spec) => spec.name === name.text)
      ? "a word of the language"
      : Object.hasOwn(this.#vocabulary.metrics, name.text)
        ? "a metric"
        : null;
    if (taken !== null)
      this.report("ML2033", { name: name.text, what: `the ${phrase.head.text}`, other: taken }, name.span);
    return name;
  }

  #parameter(phrase: Phrase): void {
    const name = this.#named(phrase);
    if (name === null) return;
    const value = readParameter(
      phrase,
      name.text,
      this.#set[name.text],
      this.#source,
      this.#vocabulary,
      this.diagnostics,
    );
    this.symbols.set(name.text, {
      is: "parameter",
      name: name.text,
      nameSpan: name.span,
      phrase,
      source: this.#source,
      value,
    });
  }

  #secret(phrase: Phrase): void {
    const name = this.#named(phrase);
    if (name === null) return;
    this.symbols.set(name.text, {
      is: "secret",
      name: name.text,
      nameSpan: name.span,
      phrase,
      source: this.#source,
    });
  }

  #declaration(phrase: Phrase): void {
    const kinds = this.#vocabulary.kinds;
    const kind = Object.hasOwn(kinds, phrase.head.text) ? kinds[phrase.head.text]! : null;
    if (kind === null) {
      const known = [...Object.keys(kinds), ...HEADS];
      const near = nearest(phrase.head.text, known, this.#vocabulary.synonyms);
      const values = {
        kind: phrase.head.text,
        known: listed(Object.keys(kinds), "and"),
        near: near === null ? "" : `; did you mean \`${near}\`?`,
      };
      const fixes = near === null ? {} : { fixes: replaceWith(this.#source, phrase.head.span, near) };
      this.report("ML2001", values, phrase.head.span, fixes);
    }
    const name = this.#named(phrase);
    if (name === null) return;
    const variant = kind === null ? null : this.#variant(phrase, kind);
    this.symbols.set(name.text, {
      is: "declaration",
      id: `${phrase.head.text}.${name.text}`,
      kindName: phrase.head.text,
      kind,
      variant,
      variantName: kind?.variantRequired === true ? (variant?.name ?? null) : null,
      name: name.text,
      nameSpan: name.span,
      phrase,
      source: this.#source,
    });
  }

  #variant(phrase: Phrase, kind: Kind): Variant | null {
    const known = Object.keys(kind.variants);
    if (!kind.variantRequired) {
      if (phrase.variant !== null) {
        const span = {
          start: phrase.operand?.span.end ?? phrase.head.span.end,
          end: phrase.variant.span.end,
        };
        this.report("ML2004", { kind: kind.name }, phrase.variant.span, {
          fixes: [{ title: "take it out", edits: [edit(this.#source, span, "")] }],
        });
      }
      return kind.variants[kind.name] ?? null;
    }
    const values = { kind: kind.name, known: listed(known, "and"), example: known[0] ?? "" };
    if (phrase.variant === null) {
      this.report("ML2003", { ...values, name: bareName(phrase.operand)?.text ?? "name" }, phrase.head.span);
      return null;
    }
    if (phrase.variant.kind === "missing") return null;
    const word = bareName(phrase.variant);
    if (word !== null && Object.hasOwn(kind.variants, word.text)) return kind.variants[word.text]!;
    const text = this.#source.lines.text.slice(phrase.variant.span.start, phrase.variant.span.end);
    const near = nearest(text, known, this.#vocabulary.synonyms);
    const suggestion = near === null ? "" : `; did you mean \`${near}\`?`;
    const fixes = near === null ? {} : { fixes: replaceWith(this.#source, phrase.variant.span, near) };
    this.report("ML2002", { ...values, variant: text, near: suggestion }, phrase.variant.span, fixes);
    return null;
  }
}

/** Collects the declarations, parameters and secrets of a file. `set` gives parameters their values. */
export function collect(
  source: Source,
  vocabulary: Vocabulary,
  set: Readonly<Record<string, string>>,
): Collected {
  const collector = new Collector(source, vocabulary, set);
  for (const item of source.tree.items) collector.item(item);
  for (const name of Object.keys(set)) {
    if (collector.symbols.get(name)?.is === "parameter") continue;
    const known = [...collector.symbols.values()]
      .filter((symbol) => symbol.is === "parameter")
      .map((symbol) => symbol.name);
    const near = nearest(name, known);
    collector.report(
      "ML2047",
      { name, known: listed(known, "and"), near: near === null ? "" : `; did you mean \`${near}\`?` },
      { start: 0, end: 0 },
    );
  }
  return { symbols: collector.symbols, diagnostics: collector.diagnostics };
}

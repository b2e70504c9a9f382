/** Finds the names that a file, or the body of a template, declares: the first pass over its tree. */
import type { Expression, Item, Name, Phrase, Span } from "../syntax/tree.ts";
import type { Kind, Variant, Vocabulary } from "../vocabulary/kind.ts";
import { readArgumentSpecs } from "./arguments.ts";
import type { Imports } from "./imports.ts";
import { type Meant, meantBy } from "./meant.ts";
import { parameterValue } from "./parameter-values.ts";
import { type ParameterSpec, readParameterSpec } from "./parameters.ts";
import type { Reporter } from "./reporter.ts";
import { reportReserved } from "./reserved.ts";
import type { Scope } from "./scope.ts";
import { type Extras, edit, related, replaceWith } from "./source.ts";
import { listed } from "./suggest.ts";
import {
  type AnySymbol,
  bareName,
  type DeclarationSymbol,
  describeSymbol,
  type GenericSymbol,
  type InstanceSymbol,
  type TemplateSymbol,
} from "./symbols.ts";

/** Words that begin a line of a file and are no kinds. */
export const HEADS = ["mlops", "import", "const", "param", "secret", "template"] as const;
type Head = (typeof HEADS)[number];

/** What collecting needs of the program around. */
export interface Collecting {
  readonly vocabulary: Vocabulary;
  readonly reporter: Reporter;
  /** An id that no other declaration has, and the name in it. */
  identify(kind: string, name: string, scope: Scope): { readonly id: string; readonly name: string };
  readonly imports: Imports;
  declared(symbol: DeclarationSymbol): void;
  /** These are read once all names of the text are known. */
  later(symbol: TemplateSymbol | GenericSymbol | InstanceSymbol | DeclarationSymbol, scope: Scope): void;
}

export class Collector {
  readonly scope: Scope;
  readonly #in: Collecting;
  /** In a template: parameters are its arguments, and what belongs to a file is refused. */
  readonly #template: boolean;
  /** Names of the templates that this very text declares, wherever they stand in it. */
  readonly #templates = new Set<string>();
  /** What is said of each head that is no kind: looked up once, however often it is written. */
  readonly #unknownKinds = new Map<
    string,
    Pick<Meant, "near"> & { readonly values: Readonly<Record<string, string>> }
  >();

  constructor(scope: Scope, collecting: Collecting, template: boolean) {
    this.scope = scope;
    this.#in = collecting;
    this.#template = template;
  }

  report(code: string, values: Readonly<Record<string, string>>, span: Span, extras?: Extras): void {
    this.#in.reporter.say(code, values, this.scope, span, extras);
  }

  collect(items: readonly Item[]): void {
    for (const item of items) {
      const name = item.kind === "phrase" && item.head.text === "template" ? bareName(item.operand) : null;
      if (name !== null) this.#templates.add(name.text);
      if (item.kind === "import" && !this.#template) this.#in.imports.read(item, this);
    }
    for (const item of items) this.#item(item);
  }

  #item(item: Item): void {
    if (item.kind === "import") {
      if (this.#template) this.#misplaced("an import", item.span);
    } else if (item.kind !== "phrase") this.#stray(item);
    else if (isHead(item.head.text)) this.#headed(item, item.head.text);
    else this.#declaration(item);
  }

  #headed(phrase: Phrase, head: Head): void {
    switch (head) {
      case "mlops":
        if (this.#template) this.#misplaced("`mlops`", phrase.span);
        else this.#version(phrase);
        break;
      case "import": // an import without its path, which the parser has reported
        break;
      case "const":
        this.#constant(phrase);
        break;
      case "param":
        // In a template its values are given by whoever uses it.
        if (!this.#template) this.#parameter(phrase);
        break;
      case "secret":
        if (this.#template) this.#misplaced("a secret", phrase.span);
        else this.#secret(phrase);
        break;
      case "template":
        if (this.#template) this.#misplaced("a template", phrase.span);
        else this.#makeTemplate(phrase);
        break;
    }
  }

  #misplaced(item: string, span: Span): void {
    this.report("ML2029", { item, where: "a template", wanted: "write it in the file" }, span);
  }

  #stray(item: Exclude<Item, Phrase>): void {
    // `dataset: csv { … }` without its name reads like a column.
    if (item.kind === "column" && Object.hasOwn(this.#in.vocabulary.kinds, item.name.text)) {
      this.report("ML2046", { kind: item.name.text }, item.name.span);
      return;
    }
    const text = this.#text(item.span).split("\n")[0]!.slice(0, 40);
    const where = this.#template ? "a template" : "a file";
    this.report(
      "ML2029",
      { item: `\`${text}\``, where, wanted: "write declarations: `KIND name { … }`" },
      item.span,
    );
  }

  #text(span: Span): string {
    return this.scope.source.lines.text.slice(span.start, span.end);
  }

  #version(phrase: Phrase): void {
    const { operand } = phrase;
    if (operand?.kind === "missing" || (operand?.kind === "number" && operand.value === 1)) return;
    this.report("ML2044", {}, operand?.span ?? phrase.span, {
      fixes: [{ title: "write `mlops 1`", edits: [edit(this.scope.source, phrase.span, "mlops 1")] }],
    });
  }

  /** Says so, and gives false, when a name is taken. */
  free(name: Name, head: string): boolean {
    const first = this.scope.own.get(name.text);
    if (first !== undefined) {
      this.report("ML2013", { name: name.text, other: describeSymbol(first) }, name.span, {
        related: [related(first.source, first.nameSpan, "first declared here")],
      });
      return false;
    }
    const { vocabulary, reporter } = this.#in;
    reportReserved(name, this.scope, vocabulary, reporter, head);
    const kind = isHead(name.text) || Object.hasOwn(vocabulary.kinds, name.text);
    if (head !== "template" || !kind) return true;
    this.report("ML2033", { name: name.text, what: "the template", other: "a kind" }, name.span);
    return false;
  }

  /** The name that a phrase declares, when it is written and free. */
  #named(phrase: Phrase, operand: Expression | null = phrase.operand): Name | null {
    const name = bareName(operand);
    if (name !== null) return this.free(name, phrase.head.text) ? name : null;
    if (operand?.kind !== "missing")
      this.report("ML2046", { kind: phrase.head.text }, operand?.span ?? phrase.head.span);
    return null;
  }

  #declare<S extends AnySymbol>(name: Name, symbol: S): S {
    this.scope.own.set(name.text, symbol);
    return symbol;
  }

  #place(phrase: Phrase, name: Name) {
    return { name: name.text, nameSpan: name.span, phrase, source: this.scope.source };
  }

  #constant(phrase: Phrase): void {
    const name = this.#named(phrase);
    if (name === null) return;
    const { value } = phrase;
    const extra = phrase.variant ?? phrase.block ?? phrase.clauses[0] ?? null;
    if (extra !== null) {
      const values = {
        item: `\`${this.#text(extra.span).slice(0, 40)}\``,
        where: "a constant",
        wanted: "take it out",
      };
      this.report("ML2029", values, extra.span);
    }
    if (value === null) this.report("ML2050", { name: name.text }, phrase.span);
    const bound =
      value === null || value.kind === "missing"
        ? ({ is: "failed" } as const)
        : ({ is: "expression", expression: value, scope: this.scope } as const);
    this.#declare(name, { is: "constant", ...this.#place(phrase, name), bound });
  }

  #parameter(phrase: Phrase): void {
    const name = this.#named(phrase);
    if (name === null) return;
    const spec = readParameterSpec(phrase, name, true, this.scope, this.#in);
    this.#declare(name, parameterValue({ ...this.#place(phrase, name), spec }, this.scope, this.#in));
  }

  #secret(phrase: Phrase): void {
    const name = this.#named(phrase);
    if (name !== null) this.#declare(name, { is: "secret", ...this.#place(phrase, name) });
  }

  #makeTemplate(phrase: Phrase): void {
    const name = this.#named(phrase);
    if (name === null) return;
    if (phrase.block === null) this.report("ML2051", { name: name.text }, phrase.span);
    const parameters: ParameterSpec[] = [];
    for (const item of phrase.block?.items ?? []) {
      if (item.kind !== "phrase" || item.head.text !== "param") continue;
      const parameter = bareName(item.operand);
      if (parameter === null) {
        if (item.operand?.kind !== "missing") this.report("ML2046", { kind: "param" }, item.span);
        continue;
      }
      reportReserved(parameter, this.scope, this.#in.vocabulary, this.#in.reporter);
      const first = parameters.find((other) => other.name === parameter.text);
      if (first === undefined)
        parameters.push(readParameterSpec(item, parameter, false, this.scope, this.#in));
      else {
        const other = `the parameter \`${first.name}\``;
        this.report("ML2013", { name: parameter.text, other }, parameter.span, {
          related: [related(this.scope.source, first.nameSpan, "first declared here")],
        });
      }
    }
    const place = this.#place(phrase, name);
    const symbol = { is: "template", ...place, scope: this.scope, parameters } as const;
    this.#in.later(this.#declare(name, symbol), this.scope);
  }

  #declaration(phrase: Phrase): void {
    const kinds = this.#in.vocabulary.kinds;
    const head = phrase.head.text;
    const kind = Object.hasOwn(kinds, head) ? kinds[head]! : null;
    const unknown = kind === null ? this.scope.lookup(head) : undefined;
    if (
      unknown?.is === "constant" &&
      unknown.bound.is === "failed" &&
      unknown.phrase.head.text === "import"
    ) {
      // A template whose import failed makes nothing, and that has been said.
      this.#instance(phrase);
      return;
    }
    if (kind === null) {
      if (this.#templates.has(head) || this.scope.lookup(head)?.is === "template") {
        this.#instance(phrase);
        return;
      }
      this.#unknownKind(phrase);
    }
    const { operand } = phrase;
    const generic = operand?.kind === "call" && operand.callee.kind === "reference" && phrase.block !== null;
    const name = this.#named(phrase, generic ? operand.callee : operand);
    if (name === null) return;
    // `gate strict = at_least(…)` takes its variant and its block from what it names.
    const variant = kind === null || phrase.value !== null ? null : this.#variant(phrase, kind);
    const variantName = kind?.variantRequired === true ? (variant?.name ?? null) : null;
    const common = { ...this.#place(phrase, name), kindName: head, kind, variant, variantName };
    if (generic) {
      const parameters = readArgumentSpecs(operand.arguments, this.scope, this.#in);
      const symbol = { is: "generic", ...common, scope: this.scope, parameters } as const;
      this.#in.later(this.#declare(name, symbol), this.scope);
      return;
    }
    const symbol: DeclarationSymbol = {
      is: "declaration",
      ...common,
      ...this.#in.identify(head, `${this.scope.prefix}${name.text}`, this.scope),
      scope: this.scope,
      body: { phrase, scope: this.scope },
    };
    this.#declare(name, symbol);
    if (phrase.value === null) this.#in.declared(symbol);
    else this.#in.later(symbol, this.scope);
  }

  #instance(phrase: Phrase): void {
    const name = this.#named(phrase);
    if (name === null) return;
    const symbol: InstanceSymbol = { is: "instance", ...this.#place(phrase, name), members: null };
    this.#in.later(this.#declare(name, symbol), this.scope);
  }

  #meant(word: string, known: readonly string[], span: Span): Meant {
    return meantBy(word, known, span, this.scope.source, this.#in.vocabulary);
  }

  #unknownKind(phrase: Phrase): void {
    const { text, span } = phrase.head;
    let said = this.#unknownKinds.get(text);
    if (said === undefined) {
      const kinds = Object.keys(this.#in.vocabulary.kinds);
      const imported = this.scope.names((symbol) => symbol.is === "template");
      const templates = [...new Set([...this.#templates, ...imported])];
      const { near, values } = this.#meant(text, [...kinds, ...HEADS, ...templates], span);
      said = { near, values: { ...values, kind: text, known: listed([...kinds, ...templates], "and", 30) } };
      this.#unknownKinds.set(text, said);
    }
    const { near, values } = said;
    const extras = near === null ? {} : { fixes: replaceWith(this.scope.source, span, near) };
    this.report("ML2001", values, span, extras);
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
          fixes: [{ title: "take it out", edits: [edit(this.scope.source, span, "")] }],
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
    const text = this.#text(phrase.variant.span);
    const meant = this.#meant(text, known, phrase.variant.span);
    this.report("ML2002", { ...meant.values, ...values, variant: text }, phrase.variant.span, meant.extras);
    return null;
  }
}

const isHead = (word: string): word is Head => HEADS.some((head) => head === word);

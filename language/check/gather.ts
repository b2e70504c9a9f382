/** All files of a program and everything that they declare: imports followed, templates used, names given ids. */
import type {
  Attribute,
  Block,
  Call,
  Expression,
  Import,
  ImportedName,
  Item,
  Name,
  Phrase,
} from "../syntax/tree.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import { argumentsOfCall, bindParameters, type GivenArguments } from "./arguments.ts";
import { failCircularConstants } from "./circular-constants.ts";
import { type Collecting, Collector } from "./collect.ts";
import { fileOf, folderBetween } from "./file-paths.ts";
import { meantBy } from "./meant.ts";
import type { Reporter } from "./reporter.ts";
import { Scope, type Use } from "./scope.ts";
import { type Host, openSource, related, replaceWith, type Source } from "./source.ts";
import {
  type AnySymbol,
  bareName,
  type DeclarationSymbol,
  describeSymbol,
  type GenericSymbol,
  type InstanceSymbol,
  type TemplateSymbol,
} from "./symbols.ts";

/** A name that a file takes from another. */
export interface Taken {
  readonly name: Name;
  readonly symbol: AnySymbol;
  readonly source: Source;
}

type Later = TemplateSymbol | GenericSymbol | InstanceSymbol | DeclarationSymbol;

/** A spec that uses more than this many templates is a mistake: a few that use each other twice make millions. */
const MOST_USES = 10_000;

export class Gatherer implements Collecting {
  readonly vocabulary: Vocabulary;
  readonly reporter: Reporter;
  /** The entry first. */
  readonly sources: Source[] = [];
  /** Every declaration with a meaning of its own, by id. */
  readonly declarations = new Map<string, DeclarationSymbol>();
  /** Those of templates that are read on their own. */
  readonly general: DeclarationSymbol[] = [];
  readonly imports: Taken[] = [];
  readonly #files: Host;
  readonly #entry: string;
  readonly #scopes = new Map<string, { readonly scope: Scope; done: boolean }>();
  readonly #ids = new Set<string>();
  /** Ids that the entry's own declarations have, whatever other files call theirs. */
  readonly #reserved = new Set<string>();
  /** The scopes of templates that are read on their own. */
  readonly #alone: Scope[] = [];
  /** Names of imports that failed, whatever file has them. */
  readonly #lost = new Set<string>();
  readonly #expanding: TemplateSymbol[] = [];
  #named: (entry: Scope) => void = () => undefined;
  #later: (readonly [Later, Scope])[] = [];
  #uses = 0;

  constructor(files: Host, entry: string, vocabulary: Vocabulary, reporter: Reporter) {
    this.#files = files;
    this.#entry = entry;
    this.vocabulary = vocabulary;
    this.reporter = reporter;
  }

  /** The names that the entry itself declares, and the parameters of its templates. */
  *ownSymbols(entry: Scope): Generator<AnySymbol> {
    const taken = new Set(this.imports.map((each) => each.symbol));
    for (const [name, symbol] of entry.own) if (!taken.has(symbol) && !this.#lost.has(name)) yield symbol;
    for (const scope of this.#alone) {
      if (scope.source !== entry.source) continue;
      for (const symbol of scope.own.values()) if (symbol.is === "argument") yield symbol;
    }
  }

  /**
   * The scope of the entry; null when there is no such file. `named` is called once its names are known, and before
   * the value of a parameter is asked for.
   */
  gather(named: (entry: Scope) => void): Scope | null {
    this.#named = named;
    return this.#open(this.#entry);
  }

  #open(path: string): Scope | null {
    const text = this.#files.read(path);
    if (text === null) return null;
    const source = openSource(path, text, folderBetween(this.#entry, path));
    this.sources.push(source);
    const scope = new Scope(source);
    const state = { scope, done: false };
    this.#scopes.set(path, state);
    for (const error of source.tree.errors) {
      const extras = (error.related ?? []).map((place) => related(source, place.span, place.message));
      this.reporter.say(error.code, error.values, scope, error.span, { related: extras });
    }
    if (path === this.#entry) this.#reserve(source.tree.items);
    this.#collect(scope, source.tree.items, false);
    state.done = true;
    return scope;
  }

  #reserve(items: readonly Item[]): void {
    for (const item of items) {
      const name = item.kind === "phrase" ? bareName(item.operand) : null;
      if (name !== null && item.kind === "phrase") this.#reserved.add(`${item.head.text}.${name.text}`);
    }
  }

  /** Collects a text, then makes what had to wait until all its names were known. */
  #collect(scope: Scope, items: readonly Item[], template: boolean): void {
    const before = this.#later;
    this.#later = [];
    new Collector(scope, this, template).collect(items);
    failCircularConstants(scope, this.reporter);
    const later = this.#later;
    this.#later = before;
    if (scope.source.path === this.#entry && scope.outer === null) this.#named(scope);
    for (const [symbol, at] of later)
      if (symbol.is === "template" || symbol.is === "generic") this.#readAlone(symbol, at);
    for (const [symbol, at] of later) {
      if (symbol.is === "declaration") this.#name(symbol, at);
      else if (symbol.is === "instance") this.#use(symbol, at);
    }
  }

  declared(symbol: DeclarationSymbol): void {
    if (symbol.body.scope.general) this.general.push(symbol);
    this.declarations.set(symbol.id, symbol);
  }

  later(symbol: Later, scope: Scope): void {
    this.#later.push([symbol, scope]);
  }

  identify(kind: string, name: string, scope: Scope): { readonly id: string; readonly name: string } {
    if (scope.general) return { id: `${kind}.<${this.general.length}>${name}`, name };
    const free = (wanted: string) => {
      const id = `${kind}.${wanted}`;
      return !this.#ids.has(id) && (scope.source.path === this.#entry || !this.#reserved.has(id));
    };
    const stem = scope.source.path.replace(/^.*[/:]/, "").replace(/\.mlops$/, "");
    const qualified = scope.source.path === this.#entry ? name : `${stem}/${name}`;
    let taken = free(name) ? name : qualified;
    for (let count = 2; !free(taken); count += 1) taken = `${qualified}_${count}`;
    this.#ids.add(`${kind}.${taken}`);
    return { id: `${kind}.${taken}`, name: taken };
  }

  // Imports

  import(item: Import, collector: Collector): void {
    const { scope } = collector;
    if (item.path === null) return; // the parser has said so
    const { path } = item;
    const file = fileOf(path.value, scope.source.path);
    const lose = () => {
      for (const name of item.names) this.#lose(name.alias ?? name, item, scope);
    };
    if (file === null) {
      lose();
      const near = /^[\w-]+\.mlops$/.test(path.value) ? `./${path.value}` : null;
      collector.report(
        "ML2045",
        { path: path.value },
        path.span,
        near === null ? {} : { fixes: replaceWith(scope.source, path.span, JSON.stringify(near)) },
      );
      return;
    }
    const known = this.#scopes.get(file);
    if (known !== undefined && !known.done) {
      lose();
      collector.report("ML2053", { path: path.value }, path.span);
      return;
    }
    const from = known?.scope ?? this.#open(file);
    if (from === null) {
      lose();
      this.#absent(path.value, file, collector, path.span);
      return;
    }
    if (item.names.length === 0) {
      const some = [...from.own.keys()].slice(0, 3).join(", ");
      collector.report("ML2054", { path: path.value, some: some === "" ? "name" : some }, item.span);
    }
    for (const name of item.names) this.#take(name, item, from, path.value, collector);
  }

  #absent(path: string, file: string, collector: Collector, span: Name["span"]): void {
    const { source } = collector.scope;
    const longer = path.endsWith(".mlops") || path.startsWith("std/") ? null : `${path}.mlops`;
    const near = longer !== null && this.#files.read(`${file}.mlops`) !== null ? longer : null;
    const values = { path, near: near === null ? "" : `; did you mean \`${near}\`?` };
    const fixes = near === null ? {} : { fixes: replaceWith(source, span, JSON.stringify(near)) };
    collector.report(path.startsWith("std/") ? "ML2055" : "ML2056", values, span, fixes);
  }

  /** A name of an import that failed: it means nothing, and that has been said. */
  #lose({ text, span }: Name, item: Import, scope: Scope): void {
    if (scope.own.has(text)) return;
    const head: Name = { kind: "name", text: "import", quoted: false, span: item.span };
    const nothing = {
      arguments: null,
      operand: null,
      variant: null,
      value: null,
      message: null,
      block: null,
    };
    const phrase: Phrase = { kind: "phrase", doc: null, head, clauses: [], span: item.span, ...nothing };
    scope.own.set(text, {
      is: "constant",
      name: text,
      nameSpan: span,
      phrase,
      source: scope.source,
      bound: { is: "failed" },
    });
    this.#lost.add(text);
  }

  #take(name: ImportedName, item: Import, from: Scope, path: string, collector: Collector): void {
    const as = name.alias ?? name;
    const symbol = from.own.get(name.text);
    const { scope } = collector;
    if (symbol === undefined) {
      const known = [...from.own.keys()];
      const { near, values, extras } = meantBy(name.text, known, name.span, scope.source, this.vocabulary);
      collector.report("ML2057", { ...values, name: name.text, path }, name.span, extras);
      this.#lose(as, item, scope);
      // Whoever wrote it wrong here may have it right below.
      const meant = near === null ? undefined : from.own.get(near);
      if (near !== null && meant !== undefined && !scope.own.has(near)) scope.own.set(near, meant);
      return;
    }
    if (!collector.free(as, symbol.phrase.head.text)) return;
    scope.own.set(as.text, symbol);
    this.imports.push({ name: as, symbol, source: scope.source });
  }

  // Templates

  /** Reads a template, or a declaration with parameters, with its parameters unknown. */
  #readAlone(symbol: TemplateSymbol | GenericSymbol, scope: Scope): void {
    const inside = new Scope(symbol.source, { outer: scope, prefix: "", use: null, general: true });
    this.#alone.push(inside);
    bindParameters(symbol, null, scope, inside, this);
    if (symbol.is === "template") this.#expand(symbol, inside);
    else this.#make(symbol, inside, symbol.name, symbol, scope);
  }

  #expand(template: TemplateSymbol, inside: Scope): void {
    this.#expanding.push(template);
    this.#collect(inside, template.phrase.block?.items ?? [], true);
    this.#expanding.pop();
  }

  #use(symbol: InstanceSymbol, scope: Scope): void {
    const template = scope.lookup(symbol.phrase.head.text);
    if (template?.is !== "template") return;
    const { name, phrase } = symbol;
    if (this.#expanding.includes(template)) {
      this.reporter.say("ML2058", { name: template.name }, scope, phrase.head.span, {
        related: [related(template.source, template.nameSpan, "the template")],
      });
      return;
    }
    this.#uses += 1;
    if (this.#uses > MOST_USES) {
      if (this.#uses === MOST_USES + 1)
        this.reporter.say("ML2059", { most: String(MOST_USES) }, scope, symbol.nameSpan);
      return;
    }
    const what = describeSymbol(symbol);
    const use: Use = { source: scope.source, span: symbol.nameSpan, what, of: template, outer: scope.use };
    const prefix = `${scope.prefix}${name}.`;
    const inside = new Scope(template.source, { outer: template.scope, prefix, use, general: scope.general });
    const given = this.#givenIn(symbol, template, scope);
    bindParameters(template, given, scope, inside, this);
    symbol.members = inside;
    this.#expand(template, inside);
  }

  /** The attributes of a template's use: its parameters. */
  #givenIn(symbol: InstanceSymbol, template: TemplateSymbol, scope: Scope): GivenArguments {
    const { phrase } = symbol;
    const what = describeSymbol(symbol);
    const say = (code: string, values: Record<string, string>, span: Name["span"], extras = {}) =>
      void this.reporter.say(code, { what, ...values }, scope, span, extras);
    for (const extra of [phrase.variant, phrase.value, ...phrase.clauses]) {
      if (extra === null) continue;
      const item = `\`${textOf(scope, extra.span)}\``;
      say("ML2029", { item, where: what, wanted: "write `name = value` in its block" }, extra.span);
    }
    const names = template.parameters.map((spec) => spec.name);
    const given = new Map<string, Expression>();
    const meant = new Set<string>();
    for (const item of phrase.block?.items ?? []) {
      const attribute = asAttribute(item);
      if (attribute === null) {
        say(
          "ML2029",
          { item: `\`${textOf(scope, item.span)}\``, where: what, wanted: "write `name = value`" },
          item.span,
        );
      } else if (!names.includes(attribute.name.text)) {
        const { text, span } = attribute.name;
        const { near, values, extras } = meantBy(text, names, span, scope.source, this.vocabulary);
        if (near !== null) meant.add(near);
        say("ML2005", { ...values, attribute: text }, span, extras);
      } else if (given.has(attribute.name.text))
        say("ML2006", { attribute: attribute.name.text }, attribute.name.span);
      else given.set(attribute.name.text, attribute.value);
    }
    for (const { name, fallback, type } of template.parameters) {
      if (given.has(name) || meant.has(name) || fallback !== null) continue;
      const expected = type?.expected ?? "a value";
      say("ML2007", { attribute: `\`${name}\``, expected }, symbol.nameSpan, {
        related: [related(template.source, template.nameSpan, `\`${name}\` is a parameter of this template`)],
      });
    }
    return given;
  }

  // Declarations with parameters

  /** `gate strict = at_least(judged = scored)`: takes its body from what it names. */
  #name(symbol: DeclarationSymbol, scope: Scope): void {
    const value = symbol.phrase.value!;
    const made = value.kind === "call" ? this.#instance(value, symbol.kindName, scope) : null;
    if (made === null) {
      if (value.kind !== "missing")
        this.reporter.say("ML2060", { kind: symbol.kindName, name: symbol.name }, scope, value.span);
      this.declared({ ...symbol, kind: null });
      return;
    }
    if (made === "refused") {
      this.declared({ ...symbol, kind: null });
      return;
    }
    const { generic, inside } = made;
    for (const extra of [symbol.phrase.variant, symbol.phrase.block]) {
      if (extra === null) continue;
      const wanted = `\`${generic.name}\` has said it; take it out`;
      this.reporter.say(
        "ML2029",
        { item: `\`${textOf(scope, extra.span)}\``, where: describeSymbol(symbol), wanted },
        scope,
        extra.span,
      );
    }
    const { variant, variantName } = generic;
    const complete = { ...symbol, variant, variantName, body: { phrase: generic.phrase, scope: inside } };
    scope.own.set(
      symbol.phrase.operand === null ? symbol.name : (bareName(symbol.phrase.operand)?.text ?? symbol.name),
      complete,
    );
    this.declared(complete);
  }

  /** One use of a declaration with parameters inside another: `gate = at_least(judged = scored)`. */
  instantiate(
    call: Call,
    kinds: readonly string[],
    scope: Scope,
    owner: string,
  ): DeclarationSymbol | "refused" | null {
    const made = this.#instance(call, kinds, scope);
    if (made === null || made === "refused") return made;
    const { generic, inside } = made;
    const at = { phrase: { ...generic.phrase, span: call.span }, nameSpan: call.span, source: scope.source };
    return this.#make(generic, inside, `${owner}.${generic.name}`, at, scope);
  }

  #instance(
    call: Call,
    kinds: string | readonly string[],
    scope: Scope,
  ): { readonly generic: GenericSymbol; readonly inside: Scope } | "refused" | null {
    const name = bareName(call.callee);
    const generic = name === null ? undefined : scope.lookup(name.text);
    if (generic?.is !== "generic" || ![kinds].flat().includes(generic.kindName)) return null;
    for (let use = scope.use; use !== null; use = use.outer) {
      if (use.of !== generic) continue;
      this.reporter.say("ML2058", { name: generic.name }, scope, call.span);
      return "refused";
    }
    const given = argumentsOfCall(generic, call.arguments, call.span, scope, this);
    if (given === null) return "refused";
    const use: Use = {
      source: scope.source,
      span: call.span,
      what: `\`${generic.name}(…)\``,
      of: generic,
      outer: scope.use,
    };
    const inside = new Scope(generic.source, {
      outer: generic.scope,
      prefix: scope.prefix,
      use,
      general: scope.general,
    });
    bindParameters(generic, given, scope, inside, this);
    return { generic, inside };
  }

  #make(
    generic: GenericSymbol,
    inside: Scope,
    name: string,
    at: Pick<GenericSymbol, "phrase" | "nameSpan" | "source">,
    scope: Scope,
  ): DeclarationSymbol {
    const { kindName, kind, variant, variantName } = generic;
    const made: DeclarationSymbol = {
      is: "declaration",
      ...this.identify(kindName, name, inside),
      kindName,
      kind,
      variant,
      variantName,
      nameSpan: at.nameSpan,
      source: at.source,
      // Its own text is that of the use; what it says stands in the body.
      phrase: at.phrase,
      scope,
      body: { phrase: generic.phrase, scope: inside },
    };
    this.declared(made);
    return made;
  }
}

/** `name = value`; also `name: value`, which the checker of attributes refuses with a fix, is none here. */
function asAttribute(item: Block["items"][number]): Attribute | null {
  return item.kind === "attribute" && item.path === undefined ? item : null;
}

function textOf(scope: Scope, span: Name["span"]): string {
  return scope.source.lines.text.slice(span.start, span.end).split("\n")[0]!.slice(0, 40);
}

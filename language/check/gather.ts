/** All files of a program and everything that they declare: imports followed, templates used, names given ids. */
import type { Call, Item } from "../syntax/tree.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import { bindParameters } from "./arguments.ts";
import { failCircularConstants } from "./circular-constants.ts";
import { type Collecting, Collector } from "./collect.ts";
import { folderBetween } from "./file-paths.ts";
import { argumentsOfBlock, argumentsOfCall, firstLine } from "./given.ts";
import { Imports, type Library } from "./imports.ts";
import type { Reporter } from "./reporter.ts";
import { Scope, type Use } from "./scope.ts";
import { type Host, openSource, related, type Source } from "./source.ts";
import {
  type AnySymbol,
  bareName,
  type DeclarationSymbol,
  describeSymbol,
  type GenericSymbol,
  type InstanceSymbol,
  type TemplateSymbol,
} from "./symbols.ts";

type Later = TemplateSymbol | GenericSymbol | InstanceSymbol | DeclarationSymbol;

/** A spec that uses more than this many templates is a mistake: a few that use each other twice make millions. */
const MOST_USES = 10_000;

export class Gatherer implements Collecting, Library {
  readonly vocabulary: Vocabulary;
  readonly reporter: Reporter;
  /** The entry first. */
  readonly sources: Source[] = [];
  /** Every declaration with a meaning of its own, by id. */
  readonly declarations = new Map<string, DeclarationSymbol>();
  /** Those of templates that are read on their own. */
  readonly general: DeclarationSymbol[] = [];
  readonly imports: Imports;
  readonly files: Host;
  readonly #entry: string;
  readonly #scopes = new Map<string, { readonly scope: Scope; done: boolean }>();
  readonly #ids = new Set<string>();
  /** Ids that the entry's own declarations have, whatever other files call theirs. */
  readonly #reserved = new Set<string>();
  /** The scopes of templates that are read on their own. */
  readonly #alone: Scope[] = [];
  readonly #expanding: TemplateSymbol[] = [];
  #named: (entry: Scope) => void = () => undefined;
  #later: (readonly [Later, Scope])[] = [];
  #uses = 0;

  constructor(files: Host, entry: string, vocabulary: Vocabulary, reporter: Reporter) {
    this.files = files;
    this.imports = new Imports(this);
    this.#entry = entry;
    this.vocabulary = vocabulary;
    this.reporter = reporter;
  }

  /** The names that the entry itself declares, and the parameters of its templates. */
  *ownSymbols(entry: Scope): Generator<AnySymbol> {
    yield* this.imports.without(entry);
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
    return this.#read(this.#entry);
  }

  open(path: string): Scope | "open" | null {
    const known = this.#scopes.get(path);
    if (known !== undefined) return known.done ? known.scope : "open";
    return this.#read(path);
  }

  #read(path: string): Scope | null {
    const source = this.#open(path, folderBetween(this.#entry, path));
    if (source === null) return null;
    this.sources.push(source);
    const scope = new Scope(source);
    const state = { scope, done: false };
    this.#scopes.set(path, state);
    for (const error of source.tree.errors) {
      const extras = (error.related ?? []).map((place) => related(source, place.span, place.message));
      this.reporter.say(error.code, error.values, scope, error.span, { related: extras });
    }
    this.reporter.leaveOut(source.tree.more ?? 0);
    if (path === this.#entry) this.#reserve(source.tree.items);
    this.#collect(scope, source.tree.items, false);
    state.done = true;
    return scope;
  }

  #open(path: string, folder: string): Source | null {
    if (this.files.parsed !== undefined) {
      const parsed = this.files.parsed(path);
      return parsed === null ? null : { path, folder, tree: parsed.tree, lines: parsed.lines };
    }
    const text = this.files.read(path);
    return text === null ? null : openSource(path, text, folder);
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
    const given = argumentsOfBlock(symbol, template, scope, this);
    bindParameters(template, given, scope, inside, this);
    symbol.members = inside;
    this.#expand(template, inside);
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
        { item: `\`${firstLine(scope, extra.span)}\``, where: describeSymbol(symbol), wanted },
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

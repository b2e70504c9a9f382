/** Reads every declaration against its kind, each once, in the order in which they ask for each other. */
import type { Json } from "../ir/canonical.ts";
import type { Call, Expression, Item } from "../syntax/tree.ts";
import type { Kind, OfferedColumn, Props, Variant, Vocabulary } from "../vocabulary/kind.ts";
import { needsZod } from "../vocabulary/needs-zod.ts";
import { type Field, fieldsOf, type Typed } from "../vocabulary/schema.ts";
import { tasksOf } from "../vocabulary/task.ts";
import { readObject } from "./body.ts";
import { asReference } from "./columns-in-scope.ts";
import { type Draft, type Frame, NOTHING_KNOWN, type Offered, type Sink, Site, type World } from "./draft.ts";
import type { Variations } from "./environments.ts";
import type { Gatherer } from "./gather.ts";
import { Locations } from "./locations.ts";
import type { Reporter } from "./reporter.ts";
import type { Scope } from "./scope.ts";
import { type DeclarationSymbol, describeSymbol } from "./symbols.ts";
import { readValue } from "./values.ts";

const NOTHING_SHARED: Readonly<Record<string, Json>> = {};

type Known = DeclarationSymbol & { readonly kind: Kind; readonly variant: Variant };

export class Checker implements World {
  readonly vocabulary: Vocabulary;
  readonly reporter: Reporter;
  readonly #gatherer: Gatherer;
  /** What the chosen environment changes, by declaration. */
  readonly #variations: Variations;
  readonly #drafts = new Map<string, Draft | "reading" | "unreadable">();
  /** Names of what every declaration may have. */
  readonly #common: ReadonlySet<string>;
  readonly #instances = new Map<Call, Map<Scope, DeclarationSymbol | "refused" | null>>();

  constructor(gatherer: Gatherer, variations: Variations) {
    this.vocabulary = gatherer.vocabulary;
    this.reporter = gatherer.reporter;
    this.#gatherer = gatherer;
    this.#variations = variations;
    this.#common = new Set(fieldsOf(gatherer.vocabulary.common).map(({ name }) => name));
  }

  read(expression: Expression, typed: Typed, site: Site): Json | undefined {
    return readValue(expression, typed, site);
  }

  offered(id: string): Offered {
    return this.draft(id)?.offered ?? NOTHING_KNOWN;
  }

  /** Every declaration that was read, those of templates read on their own left out. */
  *drafts(): Generator<Draft> {
    for (const draft of this.#drafts.values())
      if (typeof draft !== "string" && !draft.symbol.body.scope.general) yield draft;
  }

  instantiate(call: Call, kinds: readonly string[], site: Site): DeclarationSymbol | "refused" | null {
    const byScope = this.#instances.get(call) ?? new Map<Scope, DeclarationSymbol | "refused" | null>();
    this.#instances.set(call, byScope);
    const known = byScope.get(site.scope);
    if (known !== undefined) return known;
    const made = this.#gatherer.instantiate(call, kinds, site.scope, site.symbol.name);
    byScope.set(site.scope, made);
    return made;
  }

  /** The declaration as read so far; undefined for one of an unknown kind, or that is being read right now. */
  draft(id: string): Draft | undefined {
    const known = this.#drafts.get(id);
    if (known !== undefined) return typeof known === "string" ? undefined : known;
    const symbol = this.#gatherer.declarations.get(id);
    if (symbol === undefined) return undefined;
    this.#drafts.set(id, "reading");
    const { kind, variant } = symbol;
    const draft = kind === null || variant === null ? "unreadable" : this.#read(symbol as Known);
    this.#drafts.delete(id); // What is needed comes before what needs it.
    this.#drafts.set(id, draft);
    return typeof draft === "string" ? undefined : draft;
  }

  #read(symbol: Known): Draft {
    const sink: Sink = { locations: new Locations(), refs: null, errors: 0 };
    const outside: Frame = { fields: [], values: {}, derived: [], outer: null };
    const site = new Site(this, symbol, outside, "", symbol.name, sink);
    const { phrase, scope } = symbol.body;
    for (const clause of phrase.clauses) {
      site.report(
        "ML2029",
        { item: `\`${clause.word}\``, where: describeSymbol(symbol), wanted: "take it out" },
        clause.span,
      );
    }
    // What the parser could not read is not also missing.
    const unread = scope.source.tree.errors.some(
      (error) => error.span.start <= phrase.span.end && error.span.end >= phrase.span.start,
    );
    const start = this.reporter.diagnostics.length;
    const what = describeSymbol(symbol);
    const nameSpan = symbol.phrase === phrase ? symbol.nameSpan : phrase.head.span;
    const items = phrase.block?.items ?? NO_ITEMS;
    const [common, own] = divided(items, this.#common);
    const block = phrase.block === null || own === items ? phrase.block : { ...phrase.block, items: own };
    const frame = readObject(symbol.variant.schema, block, null, site, what, nameSpan);
    const { values } = frame;
    const shared =
      common.length === 0
        ? NOTHING_SHARED
        : readObject(
            this.vocabulary.common,
            { kind: "block", items: common, span: phrase.span },
            null,
            site,
            what,
            nameSpan,
          ).values;
    if (unread) this.#dropMissing(start);
    this.#vary(symbol, frame, site);
    // A value that the parser could not read is left out in silence: it has been said where it happened.
    const silent = frame.fields.some((field) => field.required && !(field.name in values));
    const broken = unread || silent || sink.errors > 0;
    const parsed =
      broken || !needsZod(symbol.variant.schema) ? null : symbol.variant.schema.safeParse(values);
    if (parsed !== null && !parsed.success) {
      for (const issue of parsed.error.issues) {
        const pointer = issue.path.map((step) => `/${String(step)}`).join("");
        const attribute = issue.path.length === 0 ? symbol.name : String(issue.path.at(-1));
        const at = sink.locations.get(pointer) ?? nameSpan;
        site.report("ML2016", { attribute, problem: issue.message }, at);
      }
    }
    // zod accepted the props and they hold JSON only: literals, lists, maps, references and IR expressions.
    const props = (parsed?.success === true ? parsed.data : values) as Readonly<Record<string, Json>>;
    const unknown = broken ? notRead(items, frame.fields, values) : NO_NAMES;
    const offered = unread ? NOTHING_KNOWN : this.#offers(symbol, props, unknown, frame.derived);
    return {
      symbol,
      props,
      common: shared,
      locations: sink.locations.seal(),
      refs: sink.refs === null ? NO_REFS : [...sink.refs],
      broken: broken || parsed?.success === false,
      offered,
    };
  }

  /** Attributes that the chosen environment gives another value. */
  #vary(symbol: Known, frame: Frame, site: Site): void {
    for (const { attribute, expression, scope } of this.#variations.get(symbol.id) ?? []) {
      const field = fieldsOf(symbol.variant.schema).find((candidate) => candidate.name === attribute);
      if (field === undefined) continue;
      const value = site.at(attribute, attribute, frame).in(scope).read(expression, field);
      if (value !== undefined) frame.values[attribute] = value;
    }
  }

  #dropMissing(from: number): void {
    const { diagnostics } = this.reporter;
    const kept = diagnostics
      .slice(from)
      .filter((found) => found.code !== "ML2007" && found.code !== "ML3001");
    diagnostics.splice(from, diagnostics.length, ...kept);
  }

  #offers(
    symbol: Known,
    props: Readonly<Record<string, Json>>,
    unknown: ReadonlySet<string>,
    derived: readonly OfferedColumn[] | null,
  ): Offered {
    const offers = symbol.kind.offers;
    if (offers === undefined) return NOTHING_KNOWN;
    const ask = <T>(question: (props: Props) => T): T | null => answer(question, props, unknown);
    const through = offers.through === undefined ? null : asReference(props[offers.through]);
    const inherited = through === null ? NOTHING_KNOWN : this.offered(through.ref);
    const { columns } = inherited;
    const own = columns === null || derived === null ? null : [...columns, ...derived];
    const target = columns === null ? null : ask((known) => offers.target?.(known, columns) ?? null);
    const predicted = columns?.find((column) => column.name === target) ?? null;
    return {
      columns: offers.columns === undefined ? own : ask((known) => offers.columns?.(known, columns) ?? null),
      parts: offers.parts === undefined ? inherited.parts : ask((known) => offers.parts?.(known) ?? null),
      aliases: ask((known) => offers.aliases?.(known) ?? null),
      metrics: ask((known) => offers.metrics?.(known) ?? null),
      target: predicted,
      tasks:
        ask((known) => offers.tasks?.(known) ?? null) ?? (predicted === null ? null : tasksOf(predicted)),
    };
  }
}

const NO_ITEMS: readonly Item[] = [];
const NO_REFS: readonly string[] = [];
const NO_NAMES: ReadonlySet<string> = new Set();

const nameOf = (item: Item): string | null =>
  item.kind === "import" ? null : item.kind === "phrase" ? item.head.text : item.name.text;

/** Attributes that are written and have no value. */
function notRead(
  items: readonly Item[],
  fields: readonly Field[],
  values: Readonly<Record<string, Json>>,
): ReadonlySet<string> {
  const written = new Set(items.map(nameOf));
  return new Set(fields.map(({ name }) => name).filter((name) => !(name in values) && written.has(name)));
}

/** What every declaration may have, and what is its kind's own. */
function divided(
  items: readonly Item[],
  names: ReadonlySet<string | null>,
): readonly [readonly Item[], readonly Item[]] {
  const isCommon = (item: Item) =>
    names.has(nameOf(item)) && (item.kind !== "attribute" || item.path === undefined);
  for (const item of items)
    if (isCommon(item)) return [items.filter(isCommon), items.filter((each) => !isCommon(each))];
  return [NO_ITEMS, items];
}

/** A hook's answer; null, not known, when it looks at an attribute that is broken. */
function answer<T>(question: (props: Props) => T, props: Props, unknown: ReadonlySet<string>): T | null {
  if (unknown.size === 0) return question(props);
  let looked = false;
  const watched = new Proxy(props, {
    get: (target, name) => {
      if (typeof name === "string" && unknown.has(name)) looked = true;
      return Reflect.get(target, name);
    },
  });
  const result = question(watched);
  return looked ? null : result;
}

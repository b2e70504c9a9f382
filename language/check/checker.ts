/** Reads every declaration against its kind, each once, in the order in which they ask for each other. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Json } from "../ir/canonical.ts";
import type { Expression, Span } from "../syntax/tree.ts";
import type { Kind, OfferedColumn, Props, Variant, Vocabulary } from "../vocabulary/kind.ts";
import type { Typed } from "../vocabulary/schema.ts";
import { tasksOf } from "../vocabulary/task.ts";
import { readObject } from "./body.ts";
import { asReference } from "./columns-in-scope.ts";
import { type Draft, type Frame, NOTHING_KNOWN, type Offered, type Sink, Site, type World } from "./draft.ts";
import { type AnySymbol, type DeclarationSymbol, describeSymbol } from "./symbols.ts";
import { readValue } from "./values.ts";

export class Checker implements World {
  readonly vocabulary: Vocabulary;
  readonly diagnostics: Diagnostic[] = [];
  readonly #symbols: ReadonlyMap<string, AnySymbol>;
  readonly #drafts = new Map<string, Draft | "reading" | "unreadable">();

  constructor(vocabulary: Vocabulary, symbols: ReadonlyMap<string, AnySymbol>) {
    this.vocabulary = vocabulary;
    this.#symbols = symbols;
  }

  read(expression: Expression, typed: Typed, site: Site): Json | undefined {
    return readValue(expression, typed, site);
  }

  parameter(name: string) {
    const symbol = this.#symbols.get(name);
    return symbol?.is === "parameter" ? symbol.value : undefined;
  }

  symbol(name: string): AnySymbol | undefined {
    return this.#symbols.get(name);
  }

  symbols(): Iterable<AnySymbol> {
    return this.#symbols.values();
  }

  offered(id: string): Offered {
    return this.draft(id)?.offered ?? NOTHING_KNOWN;
  }

  /** The declaration as read so far; undefined for one of an unknown kind, or that is being read right now. */
  draft(id: string): Draft | undefined {
    const known = this.#drafts.get(id);
    if (known !== undefined) return typeof known === "string" ? undefined : known;
    const symbol = this.#symbols.get(id.slice(id.indexOf(".") + 1));
    if (symbol?.is !== "declaration") return undefined;
    this.#drafts.set(id, "reading");
    const { kind, variant } = symbol;
    const draft = kind === null || variant === null ? "unreadable" : this.#read({ ...symbol, kind, variant });
    this.#drafts.set(id, draft);
    return typeof draft === "string" ? undefined : draft;
  }

  #read(symbol: DeclarationSymbol & { readonly kind: Kind; readonly variant: Variant }): Draft {
    const sink: Sink = {
      diagnostics: this.diagnostics,
      locations: new Map<string, Span>(),
      refs: new Set(),
      errors: 0,
    };
    const outside: Frame = { fields: [], values: {}, derived: [], outer: null };
    const site = new Site(this, symbol, outside, "", symbol.name, sink);
    const { phrase, source } = symbol;
    for (const clause of phrase.clauses) {
      site.report(
        "ML2029",
        { item: `\`${clause.word}\``, where: describeSymbol(symbol), wanted: "take it out" },
        clause.span,
      );
    }
    // What the parser could not read is not also missing.
    const unread = source.tree.errors.some(
      (error) => error.span.start <= phrase.span.end && error.span.end >= phrase.span.start,
    );
    const start = this.diagnostics.length;
    const what = describeSymbol(symbol);
    const frame = readObject(symbol.variant.schema, phrase.block, null, site, what, symbol.nameSpan);
    const { values } = frame;
    if (unread) this.#dropMissing(start);
    // A value that the parser could not read is left out in silence: it has been said where it happened.
    const silent = frame.fields.some((field) => field.required && !(field.name in values));
    const broken = unread || silent || sink.errors > 0;
    const parsed = broken ? null : symbol.variant.schema.safeParse(values);
    if (parsed !== null && !parsed.success) {
      for (const issue of parsed.error.issues) {
        const pointer = issue.path.map((step) => `/${String(step)}`).join("");
        const attribute = issue.path.length === 0 ? symbol.name : String(issue.path.at(-1));
        site.report(
          "ML2016",
          { attribute, problem: issue.message },
          sink.locations.get(pointer) ?? symbol.nameSpan,
        );
      }
    }
    // zod accepted the props and they hold JSON only: literals, lists, maps, references and IR expressions.
    const props = (parsed?.success === true ? parsed.data : values) as Readonly<Record<string, Json>>;
    const unknown = new Set(
      frame.fields
        .map((field) => field.name)
        .filter((name) => !(name in values) && this.#mentions(symbol, name)),
    );
    const offered = unread ? NOTHING_KNOWN : this.#offers(symbol, props, unknown, frame.derived);
    return {
      symbol,
      props,
      locations: sink.locations,
      refs: [...sink.refs],
      broken: broken || parsed?.success === false,
      offered,
    };
  }

  #mentions(symbol: DeclarationSymbol, field: string): boolean {
    const items = symbol.phrase.block?.items ?? [];
    return items.some(
      (item) => item.kind !== "import" && (item.kind === "phrase" ? item.head : item.name).text === field,
    );
  }

  #dropMissing(from: number): void {
    const kept = this.diagnostics
      .slice(from)
      .filter((found) => found.code !== "ML2007" && found.code !== "ML3001");
    this.diagnostics.splice(from, this.diagnostics.length, ...kept);
  }

  #offers(
    symbol: DeclarationSymbol & { readonly kind: Kind },
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
      tasks: predicted === null ? null : tasksOf(predicted),
    };
  }
}

/** A hook's answer; null, not known, when it looks at an attribute that is broken. */
function answer<T>(question: (props: Props) => T, props: Props, unknown: ReadonlySet<string>): T | null {
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

/** One declaration while it is read: what is accepted so far, where it stands, what is wrong with it. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Json } from "../ir/canonical.ts";
import type { Expression, Span } from "../syntax/tree.ts";
import type { Kind, OfferedColumn, Task, Variant } from "../vocabulary/kind.ts";
import type { Field, Typed } from "../vocabulary/schema.ts";
import type { MetricUse } from "../vocabulary/types.ts";
import type { ConstantSite } from "./constants.ts";
import { diagnose, type Extras } from "./source.ts";
import type { AnySymbol, DeclarationSymbol } from "./symbols.ts";

/** What a declaration tells those who refer to it; null: not known before it runs, or it is broken. */
export interface Offered {
  readonly columns: readonly OfferedColumn[] | null;
  readonly parts: readonly string[] | null;
  readonly aliases: readonly string[] | null;
  readonly metrics: readonly MetricUse[] | null;
  /** The column that it learns to predict. */
  readonly target: OfferedColumn | null;
  readonly tasks: readonly Task[] | null;
}

export const NOTHING_KNOWN: Offered = {
  columns: null,
  parts: null,
  aliases: null,
  metrics: null,
  target: null,
  tasks: null,
};

export interface Draft {
  readonly symbol: DeclarationSymbol & { readonly kind: Kind; readonly variant: Variant };
  readonly props: Readonly<Record<string, Json>>;
  /** By JSON pointer into `props`. */
  readonly locations: ReadonlyMap<string, Span>;
  readonly refs: readonly string[];
  readonly broken: boolean;
  readonly offered: Offered;
}

/** An object whose fields are being read, and those around it: where `of` names are looked up. */
export interface Frame {
  readonly fields: readonly Field[];
  readonly values: Record<string, Json>;
  /** Columns that blocks of new columns in this object add; null when one of them is broken. */
  derived: OfferedColumn[] | null;
  readonly outer: Frame | null;
}

/** What reading a declaration needs of everything around it. */
export interface World extends Pick<ConstantSite, "vocabulary" | "parameter"> {
  symbol(name: string): AnySymbol | undefined;
  symbols(): Iterable<AnySymbol>;
  /** What another declaration offers; read first when it is not yet. */
  offered(id: string): Offered;
  draft(id: string): Draft | undefined;
  /** Reads one expression against what may stand there; undefined when it was not accepted, which has been said. */
  read(expression: Expression, typed: Typed, site: Site): Json | undefined;
}

/** Where a value is being read. */
export class Site implements ConstantSite {
  readonly world: World;
  readonly symbol: DeclarationSymbol;
  readonly frame: Frame;
  readonly pointer: string;
  /** How messages name the place: the attribute's name. */
  readonly label: string;
  readonly #sink: Sink;

  constructor(
    world: World,
    symbol: DeclarationSymbol,
    frame: Frame,
    pointer: string,
    label: string,
    sink: Sink,
  ) {
    this.world = world;
    this.symbol = symbol;
    this.frame = frame;
    this.pointer = pointer;
    this.label = label;
    this.#sink = sink;
  }

  get vocabulary() {
    return this.world.vocabulary;
  }

  get source() {
    return this.symbol.source;
  }

  parameter(name: string) {
    return this.world.parameter(name);
  }

  /** The same place, one step further in. */
  at(key: string | number, label = this.label, frame = this.frame): Site {
    const escaped = String(key).replaceAll("~", "~0").replaceAll("/", "~1");
    return new Site(this.world, this.symbol, frame, `${this.pointer}/${escaped}`, label, this.#sink);
  }

  read(expression: Expression, typed: Typed): Json | undefined {
    return this.world.read(expression, typed, this);
  }

  /** The same place, seen from an object further out. */
  within(frame: Frame): Site {
    return new Site(this.world, this.symbol, frame, this.pointer, this.label, this.#sink);
  }

  locate(span: Span): void {
    this.#sink.locations.set(this.pointer, span);
  }

  refer(id: string): void {
    this.#sink.refs.add(id);
  }

  get errors(): number {
    return this.#sink.errors;
  }

  report(code: string, values: Readonly<Record<string, string>>, span: Span, extras?: Extras): void {
    const found = diagnose(code, values, this.source, span, extras);
    if (found.severity === "error") this.#sink.errors += 1;
    this.#sink.diagnostics.push(found);
  }
}

/** Where the findings of one declaration gather. */
export interface Sink {
  readonly diagnostics: Diagnostic[];
  readonly locations: Map<string, Span>;
  readonly refs: Set<string>;
  errors: number;
}

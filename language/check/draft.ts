/** One declaration while it is read: what is accepted so far, where it stands, what is wrong with it. */
import type { Json } from "../ir/canonical.ts";
import type { Call, Expression, Span } from "../syntax/tree.ts";
import type { Kind, OfferedColumn, Task, Variant, Vocabulary } from "../vocabulary/kind.ts";
import type { Field, Typed } from "../vocabulary/schema.ts";
import type { MetricUse } from "../vocabulary/types.ts";
import type { ConstantSite } from "./constants.ts";
import type { Locations } from "./locations.ts";
import type { Reporter } from "./reporter.ts";
import type { Scope } from "./scope.ts";
import type { Extras } from "./source.ts";
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
  /** What every kind may have: its owners. */
  readonly common: Readonly<Record<string, Json>>;
  /** By JSON pointer into `props`. */
  readonly locations: Locations;
  readonly refs: readonly string[];
  readonly broken: boolean;
  readonly offered: Offered;
}

/** An object whose fields are being read, and those around it: where `of` names are looked up. */
export interface Frame {
  readonly fields: readonly Field[];
  values: Record<string, Json>;
  /** Columns that blocks of new columns in this object add; null when one of them is broken. */
  derived: OfferedColumn[] | null;
  readonly outer: Frame | null;
}

/** What reading a declaration needs of everything around it. */
export interface World {
  readonly vocabulary: Vocabulary;
  readonly reporter: Reporter;
  /** What another declaration offers; read first when it is not yet. */
  offered(id: string): Offered;
  draft(id: string): Draft | undefined;
  /**
   * One use of a declaration with parameters, of one of these kinds; `refused` when its arguments were not accepted,
   * which has been said; null when nothing such is called.
   */
  instantiate(call: Call, kinds: readonly string[], site: Site): DeclarationSymbol | "refused" | null;
  /** Reads one expression against what may stand there; undefined when it was not accepted, which has been said. */
  read(expression: Expression, typed: Typed, site: Site): Json | undefined;
}

/** What a name adds to a pointer. Most are attributes' names, met again and again; of the others not all are kept. */
function step(key: string): string {
  const known = steps.get(key);
  if (known !== undefined) return known;
  const plain = !(key.includes("~") || key.includes("/"));
  const made = `/${plain ? key : key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  if (steps.size < MOST_STEPS) steps.set(key, made);
  return made;
}
const steps = new Map<string, string>();
const MOST_STEPS = 2_000;

/** Where a value is being read. */
export class Site implements ConstantSite {
  readonly world: World;
  readonly symbol: DeclarationSymbol;
  readonly frame: Frame;
  readonly pointer: string;
  /** How messages name the place: the attribute's name. */
  readonly label: string;
  /** Where names are looked up: the declaration's scope, or that of an argument's or constant's text. */
  readonly scope: Scope;
  /** The name, in the declaration's own text, of the argument or constant that is being read. */
  readonly written: string | null;
  readonly #sink: Sink;

  constructor(
    world: World,
    symbol: DeclarationSymbol,
    frame: Frame,
    pointer: string,
    label: string,
    sink: Sink,
    scope: Scope = symbol.body.scope,
    written: string | null = null,
  ) {
    this.world = world;
    this.symbol = symbol;
    this.frame = frame;
    this.pointer = pointer;
    this.label = label;
    this.#sink = sink;
    this.scope = scope;
    this.written = written;
  }

  get vocabulary() {
    return this.world.vocabulary;
  }

  get source() {
    return this.scope.source;
  }

  lookup(name: string): AnySymbol | undefined {
    return this.scope.lookup(name);
  }

  /** The same place, one step further in. */
  at(key: string | number, label = this.label, frame = this.frame): Site {
    const pointer = this.pointer + (typeof key === "number" ? `/${key}` : step(key));
    return new Site(this.world, this.symbol, frame, pointer, label, this.#sink, this.scope, this.written);
  }

  read(expression: Expression, typed: Typed): Json | undefined {
    return this.world.read(expression, typed, this);
  }

  /** The same place, seen from an object further out. */
  within(frame: Frame): Site {
    const { world, symbol, pointer, label, scope, written } = this;
    return new Site(world, symbol, frame, pointer, label, this.#sink, scope, written);
  }

  /** The same place, reading text that stands in another scope: what the name `written` stands for. */
  in(scope: Scope, written = this.written): Site {
    const { world, symbol, frame, pointer, label } = this;
    return new Site(world, symbol, frame, pointer, label, this.#sink, scope, written);
  }

  locate(span: Span): void {
    // Places are in the declaration's own text; what an argument brings stands where the argument is used.
    if (this.scope === this.symbol.body.scope && this.symbol.body.phrase === this.symbol.phrase)
      this.#sink.locations.set(this.pointer, span);
  }

  refer(id: string): void {
    this.#sink.refs ??= new Set();
    this.#sink.refs.add(id);
  }

  /** What stands here was not accepted, and that has been said elsewhere. */
  fail(): void {
    this.#sink.errors += 1;
  }

  get errors(): number {
    return this.#sink.errors;
  }

  report(code: string, values: Readonly<Record<string, string>>, span: Span, extras?: Extras): void {
    if (this.world.reporter.say(code, values, this.scope, span, extras)) this.#sink.errors += 1;
  }
}

/** Where the findings of one declaration gather. */
export interface Sink {
  readonly locations: Locations;
  /** Null while there are none: a dataset seldom refers to anything. */
  refs: Set<string> | null;
  errors: number;
}

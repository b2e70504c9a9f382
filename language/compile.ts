/** From files to the IR: parse, collect names, read declarations, check the whole, lower. */
import { Checker } from "./check/checker.ts";
import type { Draft } from "./check/draft.ts";
import { chooseEnvironment, variationsOf } from "./check/environments.ts";
import { Gatherer } from "./check/gather.ts";
import { meantBy } from "./check/meant.ts";
import { declaredIn, readingOrder } from "./check/order.ts";
import { Reporter } from "./check/reporter.ts";
import { rootCauses } from "./check/roots.ts";
import { Scope } from "./check/scope.ts";
import type { Found, Host, Source } from "./check/source.ts";
import type { AnySymbol, DeclarationSymbol } from "./check/symbols.ts";
import { checkWhole } from "./check/whole.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { Lines } from "./diagnostics/lines.ts";
import type { Program } from "./ir/program.ts";
import { lower } from "./lower.ts";
import type { Vocabulary } from "./vocabulary/kind.ts";

export type { Host } from "./check/source.ts";

export interface CompileOptions {
  readonly files: Host;
  /** The spec, as `files` knows it. */
  readonly entry: string;
  readonly vocabulary: Vocabulary;
  /** Values of parameters, as typed after `--set name=`. */
  readonly set?: Readonly<Record<string, string>>;
  /** The environment whose values count, as typed after `--environment`. */
  readonly environment?: string | null;
}

export interface Compiled {
  /** Null when there are errors. */
  readonly program: Program | null;
  /** In the order of the text, the entry's first. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many errors there are beyond those: nobody mends more than two hundred at once. */
  readonly more?: number;
}

/** What an editor asks beyond the program: the trees, the names, and each declaration as far as it could be read. */
export interface Analysis extends Compiled {
  /** The entry; null when it cannot be read. */
  readonly source: Source | null;
  /** Every file that was read, the entry first. */
  readonly sources: readonly Source[];
  /** The names of the entry, imported ones included. */
  readonly symbols: ReadonlyMap<string, AnySymbol>;
  readonly drafts: readonly Draft[];
}

/** Compiles a spec; never throws on what a user wrote. */
export function compile(options: CompileOptions): Compiled {
  return analyse(options);
}

export function analyse(options: CompileOptions): Analysis {
  const { files, entry, vocabulary, set = {}, environment = null } = options;
  const reporter = new Reporter();
  const gatherer = new Gatherer(files, entry, vocabulary, reporter);
  let chosen: DeclarationSymbol | null = null;
  const scope = gatherer.gather((named) => {
    if (environment !== null) chosen = chooseEnvironment(environment, named, gatherer);
    giveParameters(set, named, reporter, vocabulary);
  });
  if (scope === null) return unreadable(entry);
  const checker = new Checker(gatherer, chosen === null ? new Map() : variationsOf(chosen));
  // What is wrong with every use of a template is found where it is written.
  for (const symbol of readingOrder(gatherer.general)) checker.draft(symbol.id);
  for (const symbol of readingOrder([...takenBy(scope)])) checker.draft(symbol.id);
  const drafts = withNeeded(checker);
  checkWhole(checker, gatherer, drafts, scope);
  const diagnostics = rootCauses(ordered(reporter.diagnostics, gatherer.sources), drafts).map(told);
  const { sources } = gatherer;
  const broken = diagnostics.some((found) => found.severity === "error");
  const lowered = once(() => lower({ entry: scope, sources, drafts, vocabulary, environment }));
  return {
    // Who only asks what is wrong does not pay for the IR.
    get program() {
      return broken ? null : lowered();
    },
    diagnostics,
    more: reporter.more,
    source: scope.source,
    sources,
    symbols: scope.own,
    drafts,
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function unreadable(entry: string): Analysis {
  const tree = { text: "", items: [], tokens: [], errors: [] };
  const nowhere: Source = { path: entry, tree, lines: new Lines(""), folder: "" };
  const reporter = new Reporter();
  reporter.say("ML2048", { path: entry }, new Scope(nowhere), { start: 0, end: 0 });
  const diagnostics = reporter.diagnostics.map(told);
  return { program: null, diagnostics, source: null, sources: [], symbols: new Map(), drafts: [] };
}

/** What `--set` says counts before the environment and the default; every parameter of the entry is read. */
function giveParameters(
  set: Readonly<Record<string, string>>,
  scope: Scope,
  reporter: Reporter,
  vocabulary: Vocabulary,
): void {
  for (const [name, text] of Object.entries(set)) {
    const symbol = scope.own.get(name);
    if (symbol?.is === "parameter") {
      symbol.given = { is: "typed", text };
      continue;
    }
    const known = scope.names((other) => other.is === "parameter");
    const start = { start: 0, end: 0 };
    const { values } = meantBy(name, known, start, scope.source, vocabulary);
    reporter.say("ML2047", { ...values, name }, scope, start);
  }
  // Asked once, so that a missing or unfit value is said even where nothing uses it.
  for (const symbol of scope.own.values()) if (symbol.is === "parameter") void symbol.value;
}

/** What a file makes or takes from others: its pipeline, and all that this needs. */
function* takenBy(scope: Scope): Generator<DeclarationSymbol> {
  const seen = new Set<DeclarationSymbol>();
  for (const symbol of declaredIn(scope)) {
    if (seen.has(symbol)) continue;
    seen.add(symbol);
    yield symbol;
  }
}

/** Everything read and what it refers to, which may have been met on the way only. */
function withNeeded(checker: Checker): readonly Draft[] {
  const order: Draft[] = [];
  const seen = new Set<string>();
  const pending = [...checker.drafts()].reverse();
  for (let draft = pending.pop(); draft !== undefined; draft = pending.pop()) {
    if (seen.has(draft.symbol.id)) continue;
    seen.add(draft.symbol.id);
    order.push(draft);
    for (const id of draft.refs) {
      const needed = seen.has(id) ? undefined : checker.draft(id);
      if (needed !== undefined) pending.push(needed);
    }
  }
  return order;
}

/** Without what only the checker asks of it. */
function told({ values: _, ...diagnostic }: Found): Diagnostic {
  return diagnostic;
}

function ordered(diagnostics: readonly Found[], sources: readonly Source[]): readonly Found[] {
  const place = new Map(sources.map((source, index) => [source.path, index]));
  return [...diagnostics].sort(
    (a, b) =>
      (place.get(a.file) ?? 0) - (place.get(b.file) ?? 0) ||
      a.range.line - b.range.line ||
      a.range.column - b.range.column ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}

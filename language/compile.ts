/** From files to the IR: parse, collect names, read declarations, check the whole, lower. */
import { Checker } from "./check/checker.ts";
import { collect } from "./check/collect.ts";
import type { Draft } from "./check/draft.ts";
import { readingOrder } from "./check/order.ts";
import { externalName } from "./check/rules/external-names.ts";
import { rules } from "./check/rules/index.ts";
import type { RuleContext } from "./check/rules/rule.ts";
import { diagnose, type Host, openSource, related, type Source } from "./check/source.ts";
import type { AnySymbol } from "./check/symbols.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { Lines } from "./diagnostics/lines.ts";
import { hashAll, hashProgram } from "./ir/hash.ts";
import { type Declaration, IR_VERSION, type Program, type SourceRange } from "./ir/program.ts";
import type { Span } from "./syntax/tree.ts";
import type { Vocabulary } from "./vocabulary/kind.ts";

export type { Host } from "./check/source.ts";

export interface CompileOptions {
  readonly files: Host;
  /** The spec, as `files` knows it. */
  readonly entry: string;
  readonly vocabulary: Vocabulary;
  /** Values of parameters, as typed after `--set name=`. */
  readonly set?: Readonly<Record<string, string>>;
}

export interface Compiled {
  /** Null when there are errors. */
  readonly program: Program | null;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What an editor asks beyond the program: the tree, the names, and each declaration as far as it could be read. */
export interface Analysis extends Compiled {
  readonly source: Source | null;
  readonly symbols: ReadonlyMap<string, AnySymbol>;
  readonly drafts: readonly Draft[];
}

/** Compiles a spec; never throws on what a user wrote. */
export function compile(options: CompileOptions): Compiled {
  const { program, diagnostics } = analyse(options);
  return { program, diagnostics };
}

export function analyse({ files, entry, vocabulary, set = {} }: CompileOptions): Analysis {
  const text = files.read(entry);
  if (text === null) return unreadable(entry);
  const source = openSource(entry, text);
  const syntax = source.tree.errors.map((error) =>
    diagnose(error.code, error.values, source, error.span, {
      related: (error.related ?? []).map((place) => related(source, place.span, place.message)),
    }),
  );
  const { symbols, diagnostics: naming } = collect(source, vocabulary, set);
  const checker = new Checker(vocabulary, symbols);
  const drafts: Draft[] = [];
  for (const symbol of readingOrder(source, symbols)) {
    const draft = checker.draft(symbol.id);
    if (draft !== undefined) drafts.push(draft);
  }
  const fixes = [...naming, ...checker.diagnostics].flatMap((found) => found.fixes);
  const meant = new Set(fixes.flatMap((fix) => fix.edits.map((edit) => edit.text)));
  const whole = checkWhole(checker, drafts, symbols, source, meant);
  const diagnostics = ordered([...syntax, ...naming, ...checker.diagnostics, ...whole]);
  const broken = diagnostics.some((found) => found.severity === "error");
  const program = broken ? null : lower(entry, drafts, symbols, vocabulary);
  return { program, diagnostics, source, symbols, drafts };
}

function unreadable(entry: string): Analysis {
  const nowhere: Source = {
    path: entry,
    tree: { text: "", items: [], tokens: [], errors: [] },
    lines: new Lines(""),
  };
  const found = diagnose("ML2048", { path: entry }, nowhere, { start: 0, end: 0 });
  return { program: null, diagnostics: [found], source: null, symbols: new Map(), drafts: [] };
}

function checkWhole(
  checker: Checker,
  drafts: readonly Draft[],
  symbols: ReadonlyMap<string, AnySymbol>,
  source: Source,
  meant: ReadonlySet<string>,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const context: RuleContext = {
    vocabulary: checker.vocabulary,
    world: checker,
    drafts: drafts.filter((draft) => !draft.broken),
    symbols: [...symbols.values()],
    sources: [source],
    meant,
    report: (code, values, draft, pointer, extras) => {
      const span = place(draft, pointer);
      found.push(diagnose(code, values, draft.symbol.source, span, extras));
    },
    reportAt: (code, values, at, span, extras) => void found.push(diagnose(code, values, at, span, extras)),
  };
  for (const rule of rules) rule(context);
  return found;
}

/** The place of a pointer, or of the nearest thing around it that has one. */
function place(draft: Draft, pointer: string): Span {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const span = draft.locations.get(at);
    if (span !== undefined) return span;
  }
  return draft.symbol.nameSpan;
}

function ordered(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      a.range.line - b.range.line ||
      a.range.column - b.range.column ||
      (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  );
}

function lower(
  entry: string,
  drafts: readonly Draft[],
  symbols: ReadonlyMap<string, AnySymbol>,
  vocabulary: Vocabulary,
): Program {
  const bare = drafts.map((draft) => declarationOf(draft)); // What is needed first, so that hashing never goes deep.
  const hashes = hashAll(bare, vocabulary.kinds);
  const params: Record<string, string | number | boolean | null> = {};
  const secrets: string[] = [];
  for (const symbol of symbols.values()) {
    if (symbol.is === "parameter" && symbol.value !== null) params[symbol.name] = symbol.value.value;
    if (symbol.is === "secret") secrets.push(symbol.name);
  }
  const all = bare
    .map((declaration) => ({ ...declaration, hash: hashes.get(declaration.id)! }))
    .sort((a, b) => a.source.line - b.source.line || a.source.column - b.source.column);
  const isTest = ({ kind }: Declaration): boolean => vocabulary.kinds[kind]?.role === "test";
  const declarations = all.filter((declaration) => !isTest(declaration));
  const tests = all.filter(isTest);
  return {
    ir: IR_VERSION,
    language: 1,
    spec: entry,
    params,
    secrets,
    declarations,
    ...(tests.length === 0 ? {} : { tests }),
    hash: hashProgram(declarations.map(({ hash }) => hash)),
  };
}

function declarationOf(draft: Draft): Omit<Declaration, "hash"> {
  const { symbol } = draft;
  const range = (span: Span): SourceRange => ({
    file: symbol.source.path,
    ...symbol.source.lines.range(span),
  });
  const locations: Record<string, SourceRange> = {};
  for (const [pointer, span] of draft.locations) locations[pointer] = range(span);
  return {
    id: symbol.id,
    kind: symbol.kindName,
    name: symbol.name,
    variant: symbol.variantName,
    doc: symbol.phrase.doc,
    props: draft.props as Declaration["props"], // JSON, readonly here
    refs: [...draft.refs],
    external: externalName(draft),
    source: range(symbol.phrase.span),
    locations,
  };
}

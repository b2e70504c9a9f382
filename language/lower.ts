/** From checked declarations to the IR. */
import type { Draft } from "./check/draft.ts";
import { externalName } from "./check/rules/external-names.ts";
import type { Scope } from "./check/scope.ts";
import type { Source } from "./check/source.ts";
import type { Json } from "./ir/canonical.ts";
import { hashAll, hashProgram } from "./ir/hash.ts";
import { type Declaration, IR_VERSION, type Program, type SourceRange } from "./ir/program.ts";
import type { Span } from "./syntax/tree.ts";
import type { Kind, Vocabulary } from "./vocabulary/kind.ts";

interface Checked {
  readonly entry: Scope;
  readonly sources: readonly Source[];
  /** What is needed first, so that hashing never goes deep. */
  readonly drafts: readonly Draft[];
  readonly vocabulary: Vocabulary;
  readonly environment: string | null;
}

export function lower({ entry, sources, drafts, vocabulary, environment }: Checked): Program {
  const bare = drafts.map((draft) => declarationOf(draft));
  const hashes = hashAll(bare, vocabulary.kinds);
  const params: Record<string, string | number | boolean | null> = {};
  const secrets = new Set<string>();
  for (const [name, symbol] of entry.own) {
    if (symbol.is === "parameter" && symbol.value !== null) params[name] = symbol.value.value;
    if (symbol.is === "secret") secrets.add(symbol.name);
  }
  for (const draft of drafts) for (const name of secretsIn(draft.props)) secrets.add(name);
  const place = new Map(sources.map((source, index) => [source.path, index]));
  const all = bare
    .map((declaration) => ({ ...declaration, hash: hashes.get(declaration.id)! }))
    .sort(
      (a, b) =>
        place.get(a.source.file)! - place.get(b.source.file)! ||
        a.source.line - b.source.line ||
        a.source.column - b.source.column,
    );
  const playing = (role: Kind["role"]) => all.filter(({ kind }) => vocabulary.kinds[kind]?.role === role);
  const declarations = playing(undefined);
  const tests = playing("test");
  const environments = playing("environment");
  return {
    ir: IR_VERSION,
    language: 1,
    spec: entry.source.path,
    environment,
    params,
    secrets: [...secrets],
    declarations,
    ...(tests.length === 0 ? {} : { tests }),
    ...(environments.length === 0 ? {} : { environments }),
    hash: hashProgram(declarations.map(({ hash }) => hash)),
  };
}

function* secretsIn(value: Json): Generator<string> {
  if (value === null || typeof value !== "object") return;
  // Only `readSecret` writes objects with this key.
  if ("secret" in value && typeof value.secret === "string") yield value.secret;
  for (const inner of Object.values(value)) yield* secretsIn(inner);
}

function declarationOf(draft: Draft): Omit<Declaration, "hash"> {
  const { symbol } = draft;
  const range = (span: Span): SourceRange => ({
    file: symbol.source.path,
    ...symbol.source.lines.range(span),
  });
  const locations: Record<string, SourceRange> = {};
  for (const [pointer, span] of draft.locations) locations[pointer] = range(span);
  const { owners } = draft.common;
  return {
    id: symbol.id,
    kind: symbol.kindName,
    name: symbol.name,
    variant: symbol.variantName,
    doc: symbol.phrase.doc,
    owners: Array.isArray(owners) ? owners.map(String) : [],
    props: draft.props as Declaration["props"], // JSON, readonly here
    refs: [...draft.refs],
    external: externalName(draft),
    source: range(symbol.phrase.span),
    locations,
  };
}

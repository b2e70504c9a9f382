/** What a file takes from others: `import "./loans.mlops" { loans, scorer as first }`. */
import type { Import, ImportedName, Name, Phrase, Span } from "../syntax/tree.ts";
import type { Vocabulary } from "../vocabulary/kind.ts";
import type { Collector } from "./collect.ts";
import { fileOf } from "./file-paths.ts";
import { meantBy } from "./meant.ts";
import type { Scope } from "./scope.ts";
import { type Host, replaceWith, type Source } from "./source.ts";
import { type AnySymbol, bareName } from "./symbols.ts";

/** A name that a file takes from another. */
export interface Taken {
  readonly name: Name;
  readonly symbol: AnySymbol;
  readonly source: Source;
}

/** What gives an import its files. */
export interface Library {
  readonly files: Host;
  readonly vocabulary: Vocabulary;
  /** The names of a file; null when there is none, `open` when it is being read, because it imports itself. */
  open(file: string): Scope | "open" | null;
}

export class Imports {
  readonly taken: Taken[] = [];
  /** Names of imports that failed, whatever file has them. */
  readonly #lost = new Set<string>();
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** What `entry` declares itself. */
  *without(entry: Scope): Generator<AnySymbol> {
    const taken = new Set(this.taken.map(({ symbol }) => symbol));
    for (const [name, symbol] of entry.own) if (!taken.has(symbol) && !this.#lost.has(name)) yield symbol;
  }

  read(item: Import, collector: Collector): void {
    const { path } = item;
    if (path === null) return; // the parser has said so
    const from = this.#fileOf(path.value, path.span, collector);
    if (from === null) {
      for (const name of item.names) this.#lose(name.alias ?? name, item, collector.scope);
      return;
    }
    if (item.names.length === 0) {
      const some = [...from.own.keys()].slice(0, 3).join(", ");
      collector.report("ML2054", { path: path.value, some: some === "" ? "name" : some }, item.span);
    }
    for (const name of item.names) this.#take(name, item, from, collector);
  }

  /** The names of the file at `path`; null, and said, when there are none to take. */
  #fileOf(path: string, span: Span, collector: Collector): Scope | null {
    const { source } = collector.scope;
    const corrected = (near: string | null) =>
      near === null ? {} : { fixes: replaceWith(source, span, JSON.stringify(near)) };
    const file = fileOf(path, source.path);
    if (file === null) {
      collector.report(
        "ML2045",
        { path },
        span,
        corrected(/^[\w-]+\.mlops$/.test(path) ? `./${path}` : null),
      );
      return null;
    }
    const found = this.#library.open(file);
    if (found === "open") {
      collector.report("ML2053", { path }, span);
      return null;
    }
    if (found !== null) return found;
    const standard = path.startsWith("std/");
    const longer = !standard && this.#library.files.read(`${file}.mlops`) !== null ? `${path}.mlops` : null;
    const near = longer === null ? "" : `; did you mean \`${longer}\`?`;
    collector.report(standard ? "ML2055" : "ML2056", { path, near }, span, corrected(longer));
    return null;
  }

  #take(name: ImportedName, item: Import, from: Scope, collector: Collector): void {
    const as = name.alias ?? name;
    const { scope } = collector;
    const symbol = from.own.get(name.text);
    if (symbol === undefined) {
      const known = [...from.own.keys()];
      const meant = meantBy(name.text, known, name.span, scope.source, this.#library.vocabulary);
      const values = { ...meant.values, name: name.text, path: item.path?.value ?? "" };
      collector.report("ML2057", values, name.span, meant.extras);
      this.#lose(as, item, scope);
      // Whoever wrote it wrong here may have it right below.
      const right = meant.near === null ? undefined : from.own.get(meant.near);
      if (meant.near !== null && right !== undefined && !scope.own.has(meant.near))
        scope.own.set(meant.near, right);
      return;
    }
    if (!collector.free(as, symbol.phrase.head.text)) return;
    scope.own.set(as.text, symbol);
    this.taken.push({ name: as, symbol, source: scope.source });
  }

  /** A name of an import that failed: it means nothing, and that has been said. */
  #lose({ text, span }: Name, item: Import, scope: Scope): void {
    const { items } = scope.source.tree;
    if (items.some((own) => own.kind === "phrase" && bareName(own.operand)?.text === text)) return;
    const head: Name = { kind: "name", text: "import", quoted: false, span: item.span };
    const rest = { arguments: null, operand: null, variant: null, value: null, message: null, block: null };
    const phrase: Phrase = { kind: "phrase", doc: null, head, clauses: [], span: item.span, ...rest };
    const place = { name: text, nameSpan: span, phrase, source: scope.source };
    scope.own.set(text, { is: "constant", ...place, bound: { is: "failed" } });
    this.#lost.add(text);
  }
}

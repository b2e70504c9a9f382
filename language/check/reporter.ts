/** Gathers what is wrong; what is wrong with one use of a template is said where it is used. */
import { entryOf } from "../diagnostics/catalogue.ts";
import type { Span } from "../syntax/tree.ts";
import type { Use } from "./scope.ts";
import { diagnose, type Extras, type Found, related, type Source } from "./source.ts";

/** Where something is reported: a file and, in a template's body, the use that is being read. */
export interface Place {
  readonly source: Source;
  readonly use: Use | null;
  /** In a template that is read on its own. */
  readonly general: boolean;
}

/** Nobody mends more at once; a file of nonsense is refused as soon as one of sense is read. */
const MOST_ERRORS = 200;

export class Reporter {
  readonly diagnostics: Found[] = [];
  #errors = 0;
  /** Places of errors that are not told any more. */
  readonly #untold = new Set<string>();
  #unread = 0;
  readonly #said = new Set<string>();
  readonly #generalPlaces = new Set<string>();
  /** What was said of uses of templates, by its place in the template. */
  readonly #inUses = new Map<string, { found: Found; at: number; readonly uses: Set<string> }>();
  /** What was said of templates read on their own. */
  readonly #general = new Set<string>();

  /** True when it is an error. */
  say(
    code: string,
    values: Readonly<Record<string, string>>,
    { source, use, general }: Place,
    span: Span,
    extras: Extras = {},
  ): boolean {
    if (this.#errors >= MOST_ERRORS && entryOf(code).severity === "error") {
      this.#untold.add(`${code} ${source.path} ${span.start}`);
      return true;
    }
    const written = diagnose(code, values, source, span, extras);
    const at = `${code} ${source.path} ${span.start} ${span.end}`;
    const error = written.severity === "error";
    // A template is read on its own first: what is wrong with every use of it has been said there.
    if (use !== null && !general && this.#general.has(at)) return error;
    const found = use === null ? written : usedAt(written, source, span, use);
    const inUse = use === null || general ? null : `${at} ${written.message}`;
    if (inUse !== null && use !== null) {
      if (this.#alsoAt(inUse, use)) return error;
      const { source: file, span: place } = outermostOf(use);
      this.#inUses.set(inUse, {
        found,
        at: this.diagnostics.length,
        uses: new Set([`${file.path} ${place.start}`]),
      });
    }
    const key = `${at} ${found.range.line}:${found.range.column} ${found.file} ${found.message}`;
    // Constants and arguments are read once for each place that uses them.
    if (this.#said.has(key)) return error;
    this.#said.add(key);
    if (general) {
      this.#general.add(at);
      this.#generalPlaces.add(`${source.path} ${span.start} ${span.end}`);
    }
    if (error) this.#errors += 1;
    this.diagnostics.push(found);
    return error;
  }

  /** How many errors there are beyond those that are told. */
  get more(): number {
    return this.#untold.size + this.#unread;
  }

  /** Notes errors that the parser does not tell. */
  leaveOut(count: number): void {
    this.#unread += count;
  }

  /** Something is wrong there with every use of a template. */
  wrongInGeneral({ source }: Place, span: Span): boolean {
    return this.#generalPlaces.has(`${source.path} ${span.start} ${span.end}`);
  }

  /** Adds a use to what was said of another, when that has the same in the same place; false when none has. */
  #alsoAt(what: string, use: Use): boolean {
    const first = this.#inUses.get(what);
    if (first === undefined) return false;
    const { source, span, what: name } = outermostOf(use);
    const key = `${source.path} ${span.start}`;
    if (first.uses.has(key)) return true;
    first.uses.add(key);
    const { found } = first;
    first.found = { ...found, related: [...found.related, related(source, span, `and for ${name}`)] };
    // What stood before it may have been taken out since.
    const index = this.diagnostics.lastIndexOf(found, first.at);
    if (index >= 0) this.diagnostics[index] = first.found;
    return true;
  }
}

function outermostOf(use: Use): Use {
  let at = use;
  while (at.outer !== null) at = at.outer;
  return at;
}

/** The finding at the outermost use, with the way in as related places. */
function usedAt(found: Found, source: Source, span: Span, use: Use): Found {
  const way: Use[] = [];
  for (let at: Use | null = use; at !== null; at = at.outer) way.push(at);
  const outermost = way.pop() ?? use;
  return {
    ...found,
    file: outermost.source.path,
    range: outermost.source.lines.range(outermost.span),
    // A template's body serves others too: changing it is no fix for one use.
    fixes: [],
    related: [
      related(source, span, `in the template, for ${use.what}`),
      ...way.map((at) => related(at.source, at.span, `which is used for ${at.what} here`)),
      ...found.related,
    ],
  };
}

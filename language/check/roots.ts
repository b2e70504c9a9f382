/** One error for one mistake: what only follows from another finding is left out, what is said twice is said once. */
import { AGAIN, type Related } from "../diagnostics/diagnostic.ts";
import { fieldsOf } from "../vocabulary/schema.ts";
import type { Meaning } from "../vocabulary/types.ts";
import type { Draft } from "./draft.ts";
import type { Found } from "./source.ts";

/** Attributes by which a declaration says what others may ask of it: a misspelt one leaves that unknown. */
const TELLING: readonly Meaning["is"][] = ["columns", "block", "map", "list", "reference", "rules"];
/** Something asked for is not there. */
const MISSING: readonly string[] = ["ML2010", "ML2011", "ML2020"];

/** What stands at the head of an item: nonsense where the item itself could not be read. */
const HEADS: readonly string[] = ["ML2001", "ML2046", "ML2060"];

/** @param found in the order of the text */
export function rootCauses(found: readonly Found[], drafts: readonly Draft[]): readonly Found[] {
  const errors = found.filter(({ severity }) => severity === "error");
  if (errors.length < 2) return found;
  const roots = new Roots(errors, drafts);
  return saidOnce(found.filter((one) => one.severity !== "error" || !roots.isBehind(one)));
}

interface Owner {
  readonly draft: Draft;
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

const lineOf = ({ file, range }: Found): string => `${range.line} ${file}`;
const startOf = ({ file, range }: Found): string => `${range.line} ${range.column} ${file}`;

/** What every error is measured against, looked up once. */
class Roots {
  readonly #errors: readonly Found[];
  readonly #drafts: readonly Draft[];
  readonly #owners: readonly Owner[];
  /** Where the parser stumbled: the places, the lines, the declarations. */
  readonly #starts: ReadonlySet<string>;
  readonly #lines: ReadonlySet<string>;
  readonly #broken: ReadonlySet<Draft | undefined>;
  /** Lines with a constraint that lacks its value. */
  readonly #lacking: ReadonlySet<string>;
  readonly #kinds: readonly Found[];
  readonly #kindLines: ReadonlySet<string>;
  #vague: ReadonlySet<string> | null = null;

  constructor(errors: readonly Found[], drafts: readonly Draft[]) {
    this.#errors = errors;
    this.#drafts = drafts;
    this.#owners = drafts.map((draft) => {
      const { source, phrase } = draft.symbol;
      const { line, endLine } = source.lines.range(phrase.span);
      return { draft, file: source.path, line, endLine };
    });
    const syntax = errors.filter(({ code }) => code.startsWith("ML1"));
    this.#starts = new Set(syntax.map(startOf));
    this.#lines = new Set(syntax.map(lineOf));
    this.#broken = new Set(syntax.map((one) => this.#ownerOf(one)));
    this.#lacking = new Set(errors.filter(({ code }) => code === "ML2027").map(lineOf));
    this.#kinds = errors.filter(({ code }) => code === "ML2001");
    this.#kindLines = new Set(this.#kinds.map(lineOf));
  }

  /** Whether an error is there only because of another. */
  isBehind(one: Found): boolean {
    const { code } = one;
    if (code.startsWith("ML1")) return false;
    // What the parser could not read means nothing, and what holds it lacks a piece.
    if (this.#starts.has(startOf(one))) return true;
    if (HEADS.includes(code) && this.#lines.has(lineOf(one))) return true;
    if (code === "ML2026" && this.#lacking.has(lineOf(one))) return true;
    const whole = /^ML[3-7]/.test(code);
    const own = whole || MISSING.includes(code) ? this.#ownerOf(one) : undefined;
    if (whole && own !== undefined && this.#broken.has(own)) return true;
    // With a kind unknown, the program is not the one that was meant.
    if (whole && this.#kinds.length > 0) return true;
    if (HEADS.includes(code)) return code !== "ML2001" && this.#kindLines.has(lineOf(one));
    return MISSING.includes(code) && own !== undefined && this.#isVague(own);
  }

  #ownerOf({ file, range }: Found): Draft | undefined {
    return this.#owners.find(
      (one) => one.file === file && range.line >= one.line && range.line <= one.endLine,
    )?.draft;
  }

  /** It is not known what the declaration offers: a misspelt attribute, its own or one above, should say it. */
  #isVague(draft: Draft): boolean {
    this.#vague ??= this.#findVague();
    return this.#vague.has(draft.symbol.id);
  }

  #findVague(): ReadonlySet<string> {
    const found = new Set<string>();
    for (const error of this.#errors) {
      const meant = error.code === "ML2005" ? error.fixes[0]?.edits[0]?.text : undefined;
      const draft = meant === undefined ? undefined : this.#ownerOf(error);
      const field = draft && fieldsOf(draft.symbol.variant.schema).find(({ name }) => name === meant);
      if (draft !== undefined && field !== undefined && TELLING.includes(field.meaning.is))
        found.add(draft.symbol.id);
    }
    if (found.size === 0) return found;
    const readers = new Map<string, string[]>();
    for (const { symbol, refs } of this.#drafts) {
      for (const ref of refs) {
        const known = readers.get(ref);
        if (known === undefined) readers.set(ref, [symbol.id]);
        else known.push(symbol.id);
      }
    }
    // A set that grows while it is walked: each declaration is come to once.
    for (const id of found) for (const reader of readers.get(id) ?? []) found.add(reader);
    return found;
  }
}

/** What is wrong is one thing where these errors name the same: a missing name, however often it is used. */
const SAME: Readonly<Record<string, (one: Found) => string>> = {
  ML2008: ({ values }) => `${values["name"]}`,
  ML2020: ({ values }) => `${values["column"]}`,
  ML2011: () => "",
  // By what it reads: a column computed from one that leaks leaks too.
  ML3003: ({ values }) => `${values["label"]}`,
};

/** Equal errors become the first of them, which points at the others' places and whose fix mends them all. */
function saidOnce(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  const places = new Map<string, number>();
  for (const one of found) {
    const name = SAME[one.code]?.(one);
    const key = `${one.code} ${one.file} ${name}`;
    const at = name === undefined ? undefined : places.get(key);
    if (at !== undefined) kept[at] = together(kept[at]!, one);
    else {
      if (name !== undefined) places.set(key, kept.length);
      kept.push(one);
    }
  }
  return kept;
}

function together(first: Found, other: Found): Found {
  const { file, range, message } = other;
  const here: Related = { message: message === first.message ? AGAIN : message, file, range };
  const [fix, ...rest] = first.fixes;
  const again = other.fixes[0];
  return {
    ...first,
    related: [...first.related, here],
    fixes:
      fix === undefined || again === undefined
        ? first.fixes
        : [{ ...fix, edits: [...fix.edits, ...again.edits] }, ...rest],
  };
}

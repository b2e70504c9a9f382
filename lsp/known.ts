/** Names, parts and columns that may be written at a cursor, from the last analysis that there was. */
import type { Draft, Offered } from "../language/check/draft.ts";
import type { AnySymbol, DeclarationSymbol } from "../language/check/symbols.ts";
import type { Analysis } from "../language/compile.ts";
import type { Expression, Item, Phrase } from "../language/syntax/tree.ts";
import type { OfferedColumn } from "../language/vocabulary/kind.ts";
import type { ColumnSchema } from "../language/vocabulary/types.ts";
import type { Cursor } from "./cursor.ts";

export class Known {
  readonly #analysis: Analysis;
  readonly #drafts: ReadonlyMap<string, Draft>;

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
    this.#drafts = draftsOf(analysis);
  }

  get analysis(): Analysis {
    return this.#analysis;
  }

  draft(id: string): Draft | null {
    return this.#drafts.get(id) ?? null;
  }

  /** The names that can be used in the file, with those of the template around the cursor. */
  symbols(): readonly AnySymbol[] {
    return [...this.#analysis.symbols.values()];
  }

  symbol(name: string): AnySymbol | null {
    return this.#analysis.symbols.get(name) ?? null;
  }

  offered(id: string): Offered | null {
    return this.draft(id)?.offered ?? null;
  }

  /** What a reference in the text names: `applicant`, `applicant.train`, a call of a declaration with parameters. */
  named(expression: Expression | null): AnySymbol | null {
    if (expression === null) return null;
    if (expression.kind === "member") return this.named(expression.object);
    if (expression.kind === "call") return this.named(expression.callee);
    return expression.kind === "reference" ? this.symbol(expression.name.text) : null;
  }

  /**
   * The columns of the sibling `of` at the cursor: a reference's, or those of the schema written there. Null where
   * only the data tells.
   */
  columns(cursor: Cursor, of: string): readonly OfferedColumn[] | null {
    const { item } = cursor;
    if (item?.kind === "phrase" && cursor.clause !== null) {
      const about = this.#about(item.operand, of);
      if (about !== null) return about.columns;
    }
    for (const phrase of [...cursor.blocks].reverse()) {
      const sibling = phrase.block?.items.find((item) => nameOf(item) === of);
      if (sibling === undefined) continue;
      if (sibling.kind === "phrase") return schemaOf(sibling);
      const symbol = sibling.kind === "attribute" ? this.named(sibling.value) : null;
      return symbol?.is === "declaration" ? (this.offered(symbol.id)?.columns ?? null) : null;
    }
    return null;
  }

  /** What an expression reads that is of a kind: the evaluation of `scored.f1 >= 80%`. */
  #about(expression: Expression | null, kind: string): Offered | null {
    if (expression?.kind === "binary")
      return this.#about(expression.left, kind) ?? this.#about(expression.right, kind);
    const symbol = this.named(expression);
    return symbol?.is === "declaration" && symbol.kindName === kind ? this.offered(symbol.id) : null;
  }

  /** The declaration that an attribute around the cursor names: `subject = scorer`. */
  sibling({ blocks }: Cursor, of: string): DeclarationSymbol | null {
    const item = blocks[0]?.block?.items.find((each) => nameOf(each) === of);
    const symbol = item?.kind === "attribute" ? this.named(item.value) : null;
    return symbol?.is === "declaration" ? symbol : null;
  }

  /** The columns that the declaration at the cursor computes itself: those of `derive`. */
  derived({ blocks }: Cursor): readonly string[] {
    const derive = blocks[0]?.block?.items.find((item) => nameOf(item) === "derive");
    const items = derive?.kind === "phrase" ? (derive.block?.items ?? []) : [];
    return items.flatMap((item) => (item.kind === "attribute" ? [item.name.text] : []));
  }
}

const drafts = new WeakMap<Analysis, ReadonlyMap<string, Draft>>();

function draftsOf(analysis: Analysis): ReadonlyMap<string, Draft> {
  const known = drafts.get(analysis);
  if (known !== undefined) return known;
  const made = new Map(analysis.drafts.map((draft) => [draft.symbol.id, draft]));
  drafts.set(analysis, made);
  return made;
}

export const nameOf = (item: Item): string | null =>
  item.kind === "import" ? null : item.kind === "phrase" ? item.head.text : item.name.text;

/** As much of a schema as is written. */
function schemaOf(phrase: Phrase): readonly OfferedColumn[] {
  return (phrase.block?.items ?? []).flatMap((item) => {
    if (item.kind !== "column" || item.name.text === "") return [];
    const has = (word: string) => item.constraints.some((constraint) => constraint.word.text === word);
    const column: ColumnSchema = {
      name: item.name.text,
      type: (item.type.kind === "reference" ? item.type.name.text : "string") as ColumnSchema["type"], // for show only
      nullable: has("nullable"),
      role: has("label") ? "label" : has("key") ? "key" : null,
      positive: null,
      min: null,
      max: null,
      values: null,
      unique: has("unique"),
      pattern: null,
      format: null,
      redacted: has("redacted"),
      doc: item.doc,
    };
    return [{ ...column, from: null }];
  });
}

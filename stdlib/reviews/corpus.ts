/** Which column of a dataset a corpus is. */
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";

/** As the IR has it: `book.train`, `pairs.train.spoken`. */
export interface CorpusRef {
  readonly ref: string;
  readonly part?: string | undefined;
  readonly column?: string | undefined;
}

const TEXTUAL: readonly ColumnSchema["type"][] = ["text", "string", "category"];

/**
 * The column named, when it holds text; when none is named, the one column of type `text`, or of any type of text where
 * no column is of that type. What is wrong otherwise, as values of ML4204.
 */
export function textColumn(
  corpus: CorpusRef,
  columns: readonly Pick<ColumnSchema, "name" | "type">[],
): string | { readonly values: Readonly<Record<"dataset" | "problem" | "example", string>> } {
  const texts = columns.filter(({ type }) => TEXTUAL.includes(type));
  const free = texts.filter(({ type }) => type === "text");
  const [only, ...more] =
    corpus.column !== undefined
      ? texts.filter(({ name }) => name === corpus.column)
      : free.length > 0
        ? free
        : texts;
  if (only !== undefined && more.length === 0) return only.name;
  const dataset = corpus.ref.slice(corpus.ref.indexOf(".") + 1);
  const place = corpus.part === undefined ? dataset : `${dataset}.${corpus.part}`;
  const named = columns.find(({ name }) => name === corpus.column);
  const names = (only === undefined ? texts : [only, ...more]).map(({ name }) => `\`${name}\``).join(", ");
  const problem =
    named !== undefined
      ? `\`${named.name}\` is ${named.type}`
      : corpus.column !== undefined
        ? `it has no column \`${corpus.column}\``
        : texts.length === 0
          ? "it has no column of text"
          : `${names} could be meant`;
  const example = `${place}.${(only ?? texts[0])?.name ?? "COLUMN"}`;
  return { values: { dataset: `\`${place}\``, problem, example } };
}

/** What a spec tells of its corpora: a column of a dataset whose schema is declared. */
export function reviewCorpora(
  corpora: readonly CorpusRef[],
  of: (reference: Reference) => Neighbour | null,
): Objection[] {
  return corpora.flatMap((corpus, i): Objection[] => {
    const columns = of({ ref: corpus.ref })?.props["schema"] as readonly ColumnSchema[] | undefined;
    if (columns === undefined) return [];
    const found = textColumn(corpus, columns);
    return typeof found === "string"
      ? []
      : [{ code: "ML4204", values: found.values, pointer: `/corpus/${i}` }];
  });
}

/** The texts that tokenizers and embeddings learn from. */
import { type CorpusRef, textColumn } from "../../stdlib/reviews/corpus.ts";
import { sourceRows } from "../data/rows.ts";
import { withSession } from "../data/session.ts";
import { type RowSource, resolveSource } from "../data/source.ts";
import { identifier, text } from "../data/sql.ts";
import { type StepContext, StepFailure } from "../execute/step.ts";
import { produced } from "./produced.ts";

export type { CorpusRef };

export type CorpusContext = Pick<
  StepContext,
  "program" | "declaration" | "inputs" | "store" | "threads" | "signal"
>;

/** In UTF-16 units; longer running texts come in several documents, cut at line ends, as no string can hold them. */
const LONGEST = 1 << 28;

/**
 * Each corpus in turn, in the source's order. The lines of a `text` dataset's part are one document, in which every
 * line ends with "\n"; a row of any other dataset, or a whole file (`unit = file`), is one document. Missing values are
 * left out.
 * @throws StepFailure ML4204 when a dataset has several columns of text and none is named, or the one named holds no
 * text; ML4101, ML4109 as for any rows
 */
export async function* documents(
  context: CorpusContext,
  corpora: readonly CorpusRef[],
): AsyncGenerator<string, void, undefined> {
  for (const [i, corpus] of corpora.entries()) {
    const { ref, part } = corpus;
    const source = resolveSource(context, part === undefined ? { ref } : { ref, part });
    const column = columnOf(context, corpus, source, i);
    const declaration = context.program.declarations.find(({ id }) => id === source.dataset);
    const lines = declaration?.variant === "text" && declaration.props["unit"] !== "file";
    // An empty line is read as a missing value, and is a line of its text all the same.
    const rows = texts(context, source, column, lines ? "" : null);
    yield* lines ? joined(rows) : eachOf(rows);
  }
}

async function* eachOf(batches: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const batch of batches) yield* batch;
}

async function* joined(batches: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  for await (const batch of batches) {
    const text = `${batch.join("\n")}\n`;
    if (length + text.length > LONGEST && parts.length > 0) {
      yield parts.join("");
      parts = [];
      length = 0;
    }
    parts.push(text);
    length += text.length;
  }
  if (parts.length > 0) yield parts.join("");
}

/**
 * The values of one column in batches of about 2,000, in the source's order.
 * @param missing what stands for a missing value; null leaves it out
 */
function texts(
  context: CorpusContext,
  source: RowSource,
  column: string,
  missing: string | null,
): AsyncGenerator<readonly string[]> {
  const { store, threads, signal } = context;
  return produced(async (emit) => {
    await withSession({ root: store.root, threads }, async (session) => {
      const { from } = await sourceRows(session, store, source);
      const name = identifier(column);
      const value = missing === null ? `${name}::VARCHAR` : `coalesce(${name}::VARCHAR, ${text(missing)})`;
      const where = missing === null ? ` WHERE ${name} IS NOT NULL` : "";
      const result = await session.stream(`SELECT ${value} FROM ${from}${where}`);
      for (;;) {
        signal.throwIfAborted();
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        await emit(chunk.getColumnValues(0) as string[]);
      }
    });
  });
}

function columnOf(context: CorpusContext, corpus: CorpusRef, source: RowSource, at: number): string {
  const found = textColumn(corpus, source.columns);
  if (typeof found === "string") return found;
  const { values } = found;
  throw new StepFailure({
    code: "ML4204",
    values,
    declaration: context.declaration.id,
    pointer: `/corpus/${at}`,
  });
}

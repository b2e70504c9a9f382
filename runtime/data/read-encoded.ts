/** The rows of another dataset, each text's vector beside them. */
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { EncodedDataset } from "../../stdlib/kinds/dataset.ts";
import type { StepContext } from "../execute/step.ts";
import { plainColumn } from "./infer.ts";
import { dataFailure, NO_DAMAGE, type RawRows, type ReadContext } from "./raw.ts";
import { fillTyped } from "./read-typed.ts";
import { columnOf, sourceRows } from "./rows.ts";
import type { Session } from "./session.ts";
import { resolveSource } from "./source.ts";
import { identifier } from "./sql.ts";
import { ROW_COLUMN } from "./table.ts";

const VECTORS = "vectors";

/**
 * Columns `COLUMN_1`, `COLUMN_2`, … behind those of `rows`. Equal texts get equal vectors, whatever stands beside them.
 * @throws StepFailure ML4101 for an unknown column, ML4005 for a name that a vector takes too, ML5258 for a model that
 * reads no single text
 */
export async function readEncoded(context: ReadContext, step: StepContext): Promise<RawRows> {
  const props = context.props as unknown as EncodedDataset; // the checker accepted it as such
  const source = resolveSource(step, props.rows as Reference);
  const name = columnOf(source, props.column).name;
  const { session } = context;
  const { from } = await sourceRows(session, step.store, source);
  const texts = (
    await session.rows(`SELECT coalesce(${identifier(name)}::VARCHAR, '') AS text FROM ${from}`)
  ).map((row) => String(row["text"]));
  const vectors = await vectorsOf(context, step, props, texts);
  const width = vectors[0]?.length ?? 0;
  const added = Array.from({ length: width }, (_, place) => `${name}_${place + 1}`);
  const taken = source.columns.find((column) => added.includes(column.name));
  if (taken !== undefined) {
    const values = {
      file: `The rows with vectors of \`${name}\``,
      problem: `the column ${taken.name} twice`,
    };
    throw dataFailure(context, "ML4005", values, { pointer: "/column" });
  }
  await keepVectors(session, vectors);
  const own = source.columns.map((column) => identifier(column.name));
  const unpacked = added.map((column, place) => `v.vector[${place + 1}] AS ${identifier(column)}`);
  // The source numbers its rows without those of other parts.
  const numbered = `SELECT row_number() OVER (ORDER BY ${ROW_COLUMN}) - 1 AS place, * FROM ${from}`;
  const query =
    `SELECT ${[...own, ...unpacked].join(", ")} FROM (${numbered}) AS s ` +
    `JOIN ${VECTORS} AS v ON s.place = v.place ORDER BY s.place`;
  const filled = await session.alone(async () => fillTyped(session, query, await session.describe(query)));
  return {
    ...filled,
    schema: [...source.columns, ...added.map(numeric)],
    damaged: NO_DAMAGE,
    locate: async (cells) => cells.map((cell) => `row ${cell.row + 1}, ${cell.column}`),
  };
}

async function vectorsOf(
  context: ReadContext,
  step: StepContext,
  props: EncodedDataset,
  texts: readonly string[],
): Promise<Float32Array[]> {
  const { ref } = props.model as Reference;
  const { isLanguageModel, loadLanguageModel } = await import("../learn/language/load.ts");
  const { openEmbedder } = await import("../network/huggingface/embed.ts");
  const { outputs = {}, summary = {} } = step.inputs.get(ref) ?? {};
  const refuse = (found: string) =>
    dataFailure(context, "ML5258", { name: ref.slice(ref.indexOf(".") + 1), found }, { pointer: "/model" });
  if (!isLanguageModel(outputs)) throw refuse("is no language model");
  const model = await loadLanguageModel(step.store, outputs);
  if (model.network.kind === "encoder_decoder") throw refuse("reads one text and writes another");
  const embedder = openEmbedder(model, {
    engine: "auto",
    threads: step.threads,
    pooling: props.pooling ?? (summary["pooling"] === "cls" ? "cls" : "mean"),
    normalize: props.normalize,
    signal: context.signal,
    progress: (done, total) => step.progress(done, total, "texts encoded"),
  });
  try {
    return await embedder.embed(texts);
  } finally {
    await embedder.release();
  }
}

/** A table of `place` and `vector`, a list of doubles. */
async function keepVectors(session: Session, vectors: readonly Float32Array[]): Promise<void> {
  const { DOUBLE, LIST, listValue } = await import("@duckdb/node-api");
  await session.run(`CREATE TABLE ${VECTORS} (place BIGINT, vector DOUBLE[])`);
  const appender = await session.appender(VECTORS);
  vectors.forEach((vector, at) => {
    appender.appendBigInt(BigInt(at));
    appender.appendList(listValue(Array.from(vector)), LIST(DOUBLE));
    appender.endRow();
  });
  appender.closeSync();
}

const numeric = (name: string): ColumnSchema => plainColumn(name, "float", false);

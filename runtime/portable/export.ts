/** Writes a trained model's three files, once all their forms agree. */
import type { Table } from "../data/table.ts";
import { StepFailure } from "../execute/step.ts";
import type { Digest, Store } from "../store/types.ts";
import { readFastBin, writeFastBin } from "./fast-bin.ts";
import type { PortableModel, Predictions } from "./form.ts";
import { checkGraph, checkRows, compareRaw, type Disagreement, openGraph } from "./gate.ts";
import { writeOnnx } from "./onnx/write.ts";
import { predictTable } from "./predict.ts";
import { MODEL_FILES } from "./read.ts";
import { callerRow, isSendable, withEdgeRows } from "./rows.ts";
import { type GoldenRow, signatureOf } from "./signature.ts";

/** Rows that a model is checked with. */
export interface Golden {
  /** Raw columns, at least the model's inputs. */
  readonly table: Table;
  /** [rows × outputs] as training computed them. */
  readonly raw: Float64Array;
}

export interface ExportContext {
  readonly store: Store;
  readonly signal: AbortSignal;
  log(line: string): void;
  /** The declaration that failures point at. */
  readonly declaration?: string;
}

/** Golden rows that the signature carries, beside the two edge rows. */
const SIGNATURE_ROWS = 8;

/**
 * Writes `model.onnx`, `signature.json` and `fast.bin` into the store.
 * @throws StepFailure ML5501 when a form's outputs differ from training's, ML5502 when no ONNX Runtime can run the graph
 */
export async function exportModel(
  model: PortableModel,
  golden: Golden,
  context: ExportContext,
): Promise<Record<string, Digest>> {
  const declaration = context.declaration ?? "model";
  const agree = (found: Disagreement | null): void => {
    if (found !== null) throw disagreement(declaration, found);
  };
  const fast = writeFastBin(model);
  // From here on the model as a server will read it is what is checked.
  const served = readFastBin(fast);
  const table = withEdgeRows(served.inputs, golden.table);
  const expected = predictTable(served, table);
  agree(compareRaw(served, "the direct evaluator", golden.raw, expected.raw.subarray(0, golden.raw.length)));
  agree(checkRows(served, table, expected));
  context.signal.throwIfAborted();

  const { bytes, layout } = writeOnnx(served);
  const session = await openGraph(bytes, context.log);
  if ("reasons" in session) {
    throw new StepFailure(
      {
        code: "ML5502",
        declaration,
        values: { reason: session.reasons[0] ?? "no runtime" },
        details: session.reasons,
      },
      3,
    );
  }
  try {
    const rule = { before: layout.before, num: layout.num, str: layout.str };
    agree(await checkGraph(served, rule, session, table, expected));
  } finally {
    await session.release();
  }
  context.signal.throwIfAborted();

  const signature = signatureOf(served, layout, goldenRows(served, table, expected));
  const { store } = context;
  return {
    [MODEL_FILES.onnx]: await store.put(bytes),
    [MODEL_FILES.signature]: await store.put(`${JSON.stringify(signature, null, 2)}\n`),
    [MODEL_FILES.fast]: await store.put(fast),
  };
}

function goldenRows(model: PortableModel, table: Table, expected: Predictions): GoldenRow[] {
  const places: number[] = [];
  for (let i = 0; i < table.rows - 2 && places.length < SIGNATURE_ROWS; i++) {
    if (isSendable(model.inputs, callerRow(model.inputs, table, i))) places.push(i);
  }
  places.push(table.rows - 2, table.rows - 1);
  const { outputs } = model.learner;
  return places.map((i) => {
    const predicted = expected.predicted[i]!;
    return {
      row: callerRow(model.inputs, table, i),
      raw: [...expected.raw.subarray(i * outputs, (i + 1) * outputs)].map((value) =>
        Number.isNaN(value) ? null : value,
      ),
      predicted:
        model.task === "regression"
          ? Number.isNaN(predicted)
            ? null
            : predicted
          : (model.classes[predicted] ?? null),
    };
  });
}

function disagreement(declaration: string, found: Disagreement): StepFailure {
  return new StepFailure({
    code: "ML5501",
    declaration,
    values: {
      runtime: found.runtime,
      output: found.output,
      row: String(found.row),
      expected: String(found.expected),
      actual: String(found.actual),
    },
    details: [
      "Row counts from 0 among the golden rows; the last two have all values missing, and unknown categories.",
    ],
  });
}

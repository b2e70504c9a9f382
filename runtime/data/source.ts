/** From a reference in a spec (`loans.train`, `applicant.train`) to rows in the store. */
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { Json, StepContext, StepResult } from "../execute/step.ts";
import type { Digest } from "../store/types.ts";

export interface RowSource {
  /** The dataset's Parquet file. */
  readonly rows: Digest;
  /** The dataset's columns, declared or inferred. */
  readonly columns: readonly ColumnSchema[];
  /** The fitted transform (`readTransform`) when the reference is to `features`; null for a bare dataset. */
  readonly transform: Digest | null;
  /** The part of the split; null for all rows. */
  readonly part: string | null;
  /** Id of the dataset, `dataset.loans`. */
  readonly dataset: string;
  /** Id of what the reference names, `features.applicant`. */
  readonly declaration: string;
}

/**
 * Rows and transform behind a reference to `dataset` or `features`.
 * @throws Error when the referenced step has no result: the scheduler runs a step only after its inputs.
 */
export function resolveSource(
  context: Pick<StepContext, "inputs" | "program">,
  reference: Reference,
): RowSource {
  const part = reference.part ?? null;
  const declaration = context.program.declarations.find((candidate) => candidate.id === reference.ref);
  if (!declaration) throw new Error(`no declaration ${reference.ref}`);
  if (declaration.kind === "features") {
    const dataset = (declaration.props["from"] as Reference).ref;
    return {
      ...datasetSource(dataset, resultOf(context, dataset), part),
      transform: outputOf(reference.ref, resultOf(context, reference.ref), "transform"),
      declaration: reference.ref,
    };
  }
  return datasetSource(reference.ref, resultOf(context, reference.ref), part);
}

/** A dataset step's own result as a source. */
export function datasetSource(dataset: string, result: StepResult, part: string | null): RowSource {
  return {
    rows: outputOf(dataset, result, "rows"),
    columns: readColumns(result.summary["columns"]),
    transform: null,
    part,
    dataset,
    declaration: dataset,
  };
}

/** The columns that a dataset step's summary holds: it wrote them from `ColumnSchema[]`. */
function readColumns(columns: Json | undefined): readonly ColumnSchema[] {
  return (columns ?? []) as unknown as readonly ColumnSchema[];
}

function resultOf(context: Pick<StepContext, "inputs">, id: string): StepResult {
  const result = context.inputs.get(id);
  if (!result) throw new Error(`no result of ${id}`);
  return result;
}

function outputOf(id: string, result: StepResult, name: string): Digest {
  const digest = result.outputs[name];
  if (!digest) throw new Error(`${id} has no output ${name}`);
  return digest;
}

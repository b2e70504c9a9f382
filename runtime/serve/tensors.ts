/** Requests of the Open Inference Protocol as rows: datatype, shape and length of each tensor checked. */
import type { InputColumn } from "../portable/form.ts";
import { isNumeric } from "../portable/input.ts";
import { RequestRefused } from "./problem.ts";

export interface InferenceRequest {
  readonly id: string | null;
  readonly values: readonly Record<string, unknown>[];
  /** Outputs asked for; null is all of the usual ones. */
  readonly outputs: readonly string[] | null;
}

const INTEGERS = ["INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"];
const FLOATS = ["FP16", "FP32", "FP64"];
const DATATYPES = ["BOOL", ...INTEGERS, ...FLOATS, "BYTES"];

interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly data: readonly unknown[];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Throws `RequestRefused` (400) for anything that is not a request of the protocol for these columns. */
export function inferenceRows(columns: readonly InputColumn[], body: unknown): InferenceRequest {
  if (!isObject(body) || !Array.isArray(body["inputs"])) {
    throw new RequestRefused(
      400,
      'The body has no list inputs; expected {"inputs": [{"name", "shape", "datatype", "data"}]}.',
    );
  }
  const byName = new Map(columns.map((column) => [column.name, column]));
  const tensors = body["inputs"].map((input: unknown, at) => readTensor(input, at));
  const seen = new Set<string>();
  for (const { name, datatype } of tensors) {
    if (seen.has(name)) throw new RequestRefused(400, `The input ${name.slice(0, 100)} is given twice.`);
    seen.add(name);
    const column = byName.get(name);
    if (column !== undefined) assertDatatype(column, datatype);
  }
  const rows = tensors[0]?.data.length ?? 0;
  for (const { name, data } of tensors) {
    if (data.length !== rows) {
      throw new RequestRefused(
        400,
        `The input ${name.slice(0, 100)} has ${data.length} rows; expected ${rows}, as the inputs before it.`,
      );
    }
  }
  const id = body["id"];
  if (id !== undefined && typeof id !== "string") throw new RequestRefused(400, "id is no string.");
  return {
    id: id ?? null,
    values: Array.from({ length: rows }, (_, row) =>
      Object.fromEntries(tensors.map(({ name, data }) => [name, data[row]])),
    ),
    outputs: outputsOf(body["outputs"]),
  };
}

function readTensor(input: unknown, at: number): Tensor {
  if (!isObject(input) || typeof input["name"] !== "string") {
    throw new RequestRefused(
      400,
      `inputs[${at}] has no name; expected {"name", "shape", "datatype", "data"}.`,
    );
  }
  const { name, datatype, shape, data } = input as {
    name: string;
    datatype?: unknown;
    shape?: unknown;
    data?: unknown;
  };
  const fail = (message: string): never => {
    throw new RequestRefused(400, `The input ${name.slice(0, 100)}: ${message}.`);
  };
  if (typeof datatype !== "string" || !DATATYPES.includes(datatype))
    fail(`datatype must be one of ${DATATYPES.join(", ")}`);
  if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && size >= 0))
    fail("shape must be a list of whole numbers");
  if (isObject(input["parameters"]) && input["parameters"]["binary_data_size"] !== undefined) {
    fail("the binary tensor extension is not spoken here; send data as JSON");
  }
  if (!Array.isArray(data)) fail("data is no list");
  const sizes = shape as readonly number[];
  if (sizes.length < 1 || sizes.length > 2 || (sizes[1] ?? 1) !== 1)
    fail(`shape [${sizes.slice(0, 8).join(", ")}] is not [N] or [N, 1]`);
  const flat = (data as readonly unknown[]).map((value) =>
    Array.isArray(value) && value.length === 1 ? value[0] : value,
  );
  if (flat.length !== sizes[0]) fail(`data has ${flat.length} values, but shape says ${sizes[0]}`);
  // Missing values are null in JSON; NaN has no spelling there.
  return { name, datatype: datatype as string, data: datatype === "BOOL" ? flat.map(booleanOf) : flat };
}

/** Some clients write BOOL tensors as 0 and 1. */
function booleanOf(value: unknown): unknown {
  return value === 1 ? true : value === 0 ? false : value;
}

function assertDatatype(column: InputColumn, datatype: string): void {
  const accepted = acceptedBy(column);
  if (accepted.includes(datatype)) return;
  throw new RequestRefused(
    400,
    `The input ${column.name}: datatype ${datatype}; expected ${accepted.join(", ")}.`,
  );
}

function acceptedBy(column: InputColumn): readonly string[] {
  if (column.type === "boolean") return ["BOOL", ...INTEGERS];
  if (!isNumeric(column) || column.type === "date" || column.type === "timestamp") return ["BYTES"];
  return [...INTEGERS, ...FLOATS];
}

function outputsOf(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw new RequestRefused(400, "outputs is no list.");
  if (value.length === 0) return null;
  return value.map((output: unknown, at) => {
    if (isObject(output) && typeof output["name"] === "string") return output["name"];
    throw new RequestRefused(400, `outputs[${at}] has no name.`);
  });
}

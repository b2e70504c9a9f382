/** JSON Schema (2020-12) of a model's requests and answers, and an example row. */
import { formatOf } from "../portable/dates.ts";
import type { InputColumn, PortableModel } from "../portable/form.ts";
import { isNumeric } from "../portable/input.ts";
import { expectation } from "./problem.ts";

/** One row as a caller sends it. */
export type ExampleRow = Readonly<Record<string, string | number | boolean | null>>;

type Schema = Readonly<Record<string, unknown>>;

/** One column: type, range, values and what its absence means. */
export function columnSchema(column: InputColumn): Schema {
  const base = JSON_TYPES[column.type];
  const type = column.nullable ? [base, "null"] : base;
  const values = column.values === null ? null : column.nullable ? [...column.values, null] : column.values;
  const dated = column.type === "date" || column.type === "timestamp";
  return {
    type,
    ...(values === null ? {} : { enum: values }),
    ...(column.min === null || dated ? {} : { minimum: column.min }),
    ...(column.max === null || dated ? {} : { maximum: column.max }),
    ...(dated && column.format === null ? { format: column.type === "date" ? "date" : "date-time" } : {}),
    description: [column.doc, `${expectation(column)}.`].filter(Boolean).join(" "),
  };
}

const JSON_TYPES: Readonly<Record<InputColumn["type"], string>> = {
  int: "integer",
  float: "number",
  boolean: "boolean",
  category: "string",
  string: "string",
  text: "string",
  date: "string",
  timestamp: "string",
};

/** One row of the model's inputs. */
export function rowSchema(model: PortableModel, missing: "impute" | "refuse"): Schema {
  const required = model.inputs.filter((column) => missing === "refuse" || !column.nullable);
  return {
    type: "object",
    properties: Object.fromEntries(model.inputs.map((column) => [column.name, columnSchema(column)])),
    required: required.map((column) => column.name),
  };
}

/** What the deployment's own route takes: one row, an array of rows, or `{rows: [...]}`. */
export function requestSchema(
  model: PortableModel,
  missing: "impute" | "refuse",
  batchLimit: number,
): Schema {
  const rows = { type: "array", items: rowSchema(model, missing), minItems: 1, maxItems: batchLimit };
  return {
    oneOf: [
      rowSchema(model, missing),
      { type: "object", properties: { rows }, required: ["rows"], additionalProperties: false },
      rows,
    ],
  };
}

/** One prediction, without the model's name and version. */
export function predictionSchema(model: PortableModel): Schema {
  const raw = {
    type: "array",
    items: { type: "number" },
    description: "The learner's outputs before the link, with ?raw=true.",
  };
  if (model.task === "regression") {
    return { type: "object", properties: { value: { type: "number" }, raw }, required: ["value"] };
  }
  const share = { type: "number", minimum: 0, maximum: 1 };
  return {
    type: "object",
    properties: {
      label: { type: "string", enum: model.classes, description: labelRule(model) },
      probability: { ...share, description: "Of the label." },
      probabilities: {
        type: "object",
        properties: Object.fromEntries(model.classes.map((name) => [name, share])),
        required: model.classes,
      },
      raw,
    },
    required: ["label", "probability", "probabilities"],
  };
}

function labelRule(model: PortableModel): string {
  const positive = model.classes[1];
  return model.task === "binary" && positive !== undefined
    ? `${positive} when its probability is at least ${model.threshold}.`
    : "The most probable class.";
}

/** What the deployment's own route answers: one prediction, or `predictions` for a batch. */
export function responseSchema(model: PortableModel): Schema {
  const served = {
    model: { type: "string", description: "The registered name." },
    version: { type: "integer", description: "The registered version that answered." },
  };
  const prediction = predictionSchema(model) as { properties: object; required: string[] };
  return {
    oneOf: [
      {
        type: "object",
        properties: { ...prediction.properties, ...served },
        required: [...prediction.required, "model", "version"],
      },
      {
        type: "object",
        properties: { predictions: { type: "array", items: prediction }, ...served },
        required: ["predictions", "model", "version"],
      },
    ],
  };
}

/**
 * A row that passes the request's check: golden values where they fit the column, a stand-in elsewhere and in
 * redacted columns.
 */
export function exampleRow(
  model: PortableModel,
  golden: Readonly<Record<string, unknown>> | null,
  redacted: ReadonlySet<string>,
): ExampleRow {
  const row: Record<string, string | number | boolean | null> = {};
  for (const column of model.inputs) {
    const value = redacted.has(column.name) ? undefined : golden?.[column.name];
    row[column.name] = fits(column, value) ? (value as string | number | boolean | null) : standIn(column);
  }
  return row;
}

function fits(column: InputColumn, value: unknown): boolean {
  if (value === null) return column.nullable;
  if (column.type === "boolean") return typeof value === "boolean";
  if (isNumeric(column) && column.type !== "date" && column.type !== "timestamp") {
    return typeof value === "number" && Number.isFinite(value);
  }
  return typeof value === "string" && value !== "";
}

function standIn(column: InputColumn): string | number | boolean | null {
  if (column.nullable) return null;
  if (column.values !== null) return column.values[0] ?? null;
  if (column.type === "boolean") return false;
  if (column.type === "date" || column.type === "timestamp")
    return formatOf(column) === "ISO 8601" ? "2026-01-31" : null;
  if (isNumeric(column)) return Math.max(column.min ?? 0, Math.min(0, column.max ?? 0));
  return "…";
}

/** Answers that must be JSON of a declared form: what is required, and whether a text has it. */
import * as z from "zod";
import type { ColumnSchema } from "../../../language/vocabulary/types.ts";
import type { RequiredResponse } from "./manifest.ts";
import type { ResponseFormat } from "./parameters.ts";
import { wrong } from "./refusal.ts";

/** What is wrong with a text, in words; null when it has the form. */
export type Check = (text: string) => string | null;

export interface Structure {
  readonly check: Check;
  readonly retries: number;
}

/**
 * The request's own form holds before the deployment's.
 * @param retries for the request's own
 * @throws OpenAiRefused when the schema cannot be read
 */
export function structureOf(
  format: ResponseFormat | null | undefined,
  required: RequiredResponse | null,
  retries: number,
): Structure | null {
  if (format?.type === "json_object") return { check: jsonCheck(z.record(z.string(), z.unknown())), retries };
  if (format?.type === "json_schema") {
    const { schema } = format.json_schema;
    if (schema === undefined)
      throw wrong("response_format.json_schema.schema", "Give the schema that the answer must have.");
    return { check: jsonCheck(schemaOf(schema)), retries };
  }
  if (required === null) return null;
  const { columns } = required;
  return { check: jsonCheck(z.fromJSONSchema(columnsSchema(columns))), retries: required.retries };
}

function schemaOf(schema: Record<string, unknown>): z.ZodType {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw wrong("response_format.json_schema.schema", `The schema cannot be used here: ${why}.`);
  }
}

const jsonCheck =
  (schema: z.ZodType): Check =>
  (text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return "it is not JSON";
    }
    const result = schema.safeParse(value);
    if (result.success) return null;
    const [issue] = result.error.issues;
    const at = issue!.path.length === 0 ? "it" : `\`${issue!.path.join(".")}\``;
    return `${at}: ${issue!.message.charAt(0).toLowerCase()}${issue!.message.slice(1)}`;
  };

type JsonSchema = Exclude<Parameters<typeof z.fromJSONSchema>[0], boolean>;

/** JSON Schema of an object with these columns and no other members. */
export function columnsSchema(columns: readonly ColumnSchema[]): JsonSchema {
  return {
    type: "object",
    properties: Object.fromEntries(columns.map((column) => [column.name, columnSchema(column)])),
    required: columns.filter(({ nullable }) => !nullable).map(({ name }) => name),
    additionalProperties: false,
  };
}

const TYPES = {
  int: "integer",
  float: "number",
  boolean: "boolean",
  category: "string",
  string: "string",
  text: "string",
  date: "string",
  timestamp: "string",
} as const;

function columnSchema({ type, values, min, max, nullable, doc }: ColumnSchema): JsonSchema {
  const one: JsonSchema = {
    ...(values === null ? { type: TYPES[type] } : { enum: [...values] }),
    ...(min === null ? {} : { minimum: min }),
    ...(max === null ? {} : { maximum: max }),
    ...(type === "date" ? { format: "date" } : type === "timestamp" ? { format: "date-time" } : {}),
  };
  const described = doc === null ? {} : { description: doc };
  return nullable ? { anyOf: [one, { type: "null" }], ...described } : { ...one, ...described };
}

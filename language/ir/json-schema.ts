/** The IR's JSON Schema (2020-12), every kind's props included: what other tools validate against. */
import * as z from "zod";
import type { Vocabulary } from "../vocabulary/kind.ts";
import type { LayerSpec } from "../vocabulary/layer.ts";
import { columnSchema, type Meaning, meanings } from "../vocabulary/types.ts";
import { irExpression } from "./expression.ts";
import { listFor } from "./lists.ts";
import { declaration, IR_VERSION, program, sourceRange } from "./program.ts";

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** As zod hands it over to be changed in place. */
type Draft = Record<string, unknown>;

const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });

/** Schemas that are written once and referred to. */
const SHARED = new Map<z.ZodType, string>([
  [sourceRange, "SourceRange"],
  [columnSchema, "ColumnSchema"],
]);

const UNITS: Readonly<Record<string, string>> = {
  ratio: "As a share: 0.8 is 80%.",
  duration: "In seconds.",
  size: "In bytes.",
};

/**
 * @param vocabulary the kinds, metrics and calls that declarations may hold
 */
export function irJsonSchema(vocabulary: Vocabulary): JsonSchema {
  const defs: Record<string, JsonSchema> = {
    Json: {
      title: "Json",
      description: "Any JSON value.",
      type: ["object", "array", "string", "number", "boolean", "null"],
    },
    Expression: titled("Expression", part(irExpression, vocabulary, irExpression)),
    SourceRange: titled("SourceRange", part(sourceRange, vocabulary, sourceRange)),
    ColumnSchema: titled("ColumnSchema", part(columnSchema, vocabulary, columnSchema)),
    Layer: titled("Layer", {
      oneOf: Object.values(vocabulary.layers).map((spec) => layerOf(spec, vocabulary)),
    }),
  };
  const lists: Record<string, string[]> = {};
  for (const kind of Object.values(vocabulary.kinds)) {
    for (const variant of Object.values(kind.variants)) {
      const own = variant.name === kind.name && !kind.variantRequired;
      const name = pascal(own ? kind.name : `${variant.name}_${kind.name}`);
      const list = listFor(kind);
      lists[list] = [...(lists[list] ?? []), name];
      const schema = declaration.extend({
        kind: z.literal(kind.name),
        variant: own ? z.null() : z.literal(variant.name),
        props: variant.schema,
      });
      defs[name] = titled(name, part(schema, vocabulary), variant.doc);
    }
  }
  const whole = part(program, vocabulary);
  const properties = whole["properties"] as Draft; // a program is an object
  const listOf = (names: readonly string[]) => ({ type: "array", items: { oneOf: names.map(ref) } });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:mlops:ir:${IR_VERSION}`,
    title: "Program",
    description: "What a checked spec means: `mlops check SPEC --ir FILE` writes it.",
    ...whole,
    properties: {
      ...properties,
      ...Object.fromEntries(Object.entries(lists).map(([list, names]) => [list, listOf(names)])),
    },
    $defs: defs,
  };
}

/** One layer, its arguments precisely; those with layers of their own hold the same again. */
function layerOf({ name, doc, args, body }: LayerSpec, vocabulary: Vocabulary): JsonSchema {
  const own = { layer: { type: "string", const: name }, args: part(args, vocabulary) };
  const inner = { layers: { type: "array", items: ref("Layer") } };
  return {
    type: "object",
    description: doc,
    properties: body === "layers" ? { ...own, ...inner } : own,
    required: ["layer", "args", ...(body === "layers" ? ["layers"] : [])],
    additionalProperties: false,
  };
}

const pascal = (name: string): string =>
  name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

const titled = (title: string, schema: JsonSchema, description?: string): JsonSchema => ({
  title,
  ...(description === undefined ? {} : { description }),
  ...schema,
});

/** One schema without the definitions it shares; `whole` is the shared one that is being defined itself. */
function part(schema: z.ZodType, vocabulary: Vocabulary, whole?: z.ZodType): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io: "output",
    override: (context) => {
      const { jsonSchema } = context;
      const zodSchema = context.zodSchema as unknown as z.ZodType; // zod types it as its core, the same object
      const name = zodSchema === whole ? undefined : SHARED.get(zodSchema);
      if (name !== undefined) replace(jsonSchema, ref(name));
      const meaning = meanings._map.get(zodSchema) as Meaning | undefined;
      if (meaning !== undefined) explain(jsonSchema, meaning, vocabulary);
    },
  }) as Draft;
  const defs = (made["$defs"] ?? {}) as Readonly<Record<string, Draft>>;
  const { $defs: _, $schema: __, ...rest } = made;
  return tidy(rest, defs) as JsonSchema;
}

function replace(target: Draft, by: JsonSchema): void {
  for (const key of Object.keys(target)) delete target[key];
  Object.assign(target, by);
}

function explain(target: Draft, meaning: Meaning, vocabulary: Vocabulary): void {
  if (meaning.is === "expression") replace(target, ref("Expression"));
  if (meaning.is === "layers") replace(target, { type: "array", items: ref("Layer") });
  if (meaning.is === "call") {
    const forms = Object.entries(meaning.forms).map(([name, form]) =>
      called("call", name, form.doc, part(form.args, vocabulary)),
    );
    const value = { type: "object", properties: { value: ref("Json") }, required: ["value"] };
    const literal = meaning.literal ? [called("call", "value", "A constant.", value)] : [];
    replace(target, { oneOf: [...forms, ...literal] });
  }
  if (meaning.is === "metric") {
    const metrics = Object.values(vocabulary.metrics).map(({ name, doc, args }) =>
      called("name", name, doc, part(args, vocabulary)),
    );
    replace(target, { oneOf: metrics });
  }
  if (meaning.is === "reference") {
    const alternatives = (target["anyOf"] ?? [target]) as Draft[];
    // A reference lowers to an object; a path may stand for it as a text.
    const properties = alternatives.find((one) => one["properties"] !== undefined)?.["properties"] as Draft;
    properties["ref"] = { type: "string", pattern: `^(${meaning.to.join("|")})\\.` };
  }
  const unit = meaning.is === "number" ? UNITS[meaning.unit] : undefined;
  target["description"] = [meaning.doc, unit].filter(Boolean).join(" ");
}

const called = (key: string, name: string, description: string, args: JsonSchema): JsonSchema => ({
  type: "object",
  description,
  properties: { [key]: { type: "string", const: name }, args },
  required: [key, "args"],
  additionalProperties: false,
});

/** Names the definitions that zod numbered, and leaves out what says nothing. */
function tidy(value: unknown, defs: Readonly<Record<string, Draft>>): unknown {
  if (Array.isArray(value)) return value.map((item) => tidy(item, defs));
  if (typeof value !== "object" || value === null) return value;
  const tidied: Draft = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === "propertyNames") continue;
    if ((key === "minimum" || key === "maximum") && Math.abs(member as number) === Number.MAX_SAFE_INTEGER)
      continue;
    // Only expressions hold themselves.
    if (key === "$ref" && member === "#") tidied[key] = "#/$defs/Expression";
    else if (key === "$ref" && typeof member === "string" && member.startsWith("#/$defs/__")) {
      const target = defs[member.slice("#/$defs/".length)];
      tidied[key] = target?.["oneOf"] === undefined ? "#/$defs/Json" : "#/$defs/Expression";
    } else tidied[key] = tidy(member, defs);
  }
  return tidied;
}

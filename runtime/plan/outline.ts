/** The shape of a plan as a text that is kept beside the spec: steps, what they read, their attributes; no hash, no time. */
import { isDeepStrictEqual } from "node:util";
import { inOrder, nameOf } from "../../language/ir/order.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import { fieldsOf } from "../../language/vocabulary/schema.ts";
import { attributesOf } from "./attributes.ts";
import { type Kinds, schemaOf } from "./meaning.ts";

/** One paragraph a step, each after those that it reads: its kind and name, `reads …`, and what is not as stdlib has it. */
export function outlinePlan(program: Program, kinds: Kinds): string {
  return inOrder(program)
    .map((declaration) => outlineStep(declaration, kinds))
    .join("\n");
}

function outlineStep(declaration: Declaration, kinds: Kinds): string {
  const { kind, name, variant, refs } = declaration;
  const schema = schemaOf(kinds, declaration);
  const fallbacks = new Map(
    (schema === null ? [] : fieldsOf(schema)).map((field) => [field.name, field.fallback]),
  );
  const props = Object.fromEntries(
    Object.entries(declaration.props).filter(
      ([prop, value]) => !isDeepStrictEqual(value, fallbacks.get(prop)),
    ),
  );
  // The variant stands in the heading.
  const attributes = attributesOf({ ...declaration, props, variant: null }, schema);
  const lines = Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .flatMap(([path, value]) =>
      typeof value === "string" ? [`  ${path} = ${value}`] : value.map((item) => `  ${path} ${item}`),
    );
  const reads = refs.length === 0 ? [] : [`  reads ${refs.map(nameOf).join(", ")}`];
  return `${[`${kind} ${name}${variant === null ? "" : `: ${variant}`}`, ...reads, ...lines].join("\n")}\n`;
}

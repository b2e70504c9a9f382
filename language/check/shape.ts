/** What the fields of an object schema are for, told once: blocks are read thousands of times. */
import type { Field } from "../vocabulary/schema.ts";

export interface Shape {
  readonly fields: readonly Field[];
  /** Attributes, blocks and rules of the body, by name. */
  readonly body: ReadonlyMap<string, Field>;
  /** Their names, for suggestions. */
  readonly names: readonly string[];
  /** Fields that others look at stand first. */
  readonly order: readonly Field[];
  readonly entries: Field | undefined;
  readonly operand: Field | undefined;
  readonly assigned: Field | undefined;
  readonly message: Field | undefined;
  readonly arguments: readonly Field[];
  readonly clauses: readonly Field[];
}

/** Fields that others look at are read first. */
const rank = (field: Field): number => {
  switch (field.meaning.is) {
    case "reference":
    case "columns":
      return 0;
    case "expression":
      return 1;
    case "map":
      return field.meaning.keys === "new-column" ? 1 : 2;
    default:
      return 2;
  }
};

const shapes = new WeakMap<readonly Field[], Shape>();

export function shapeOf(fields: readonly Field[]): Shape {
  const known = shapes.get(fields);
  if (known !== undefined) return known;
  const at = (position: string) => fields.filter((field) => field.position?.at === position);
  const body = new Map(
    fields.filter(({ position }) => position === null).map((field) => [field.name, field]),
  );
  const shape: Shape = {
    fields,
    body,
    names: [...body.keys()],
    order: [...fields].sort((a, b) => rank(a) - rank(b)),
    entries: at("entries")[0],
    operand: at("operand")[0],
    assigned: at("assigned")[0],
    message: at("message")[0],
    arguments: at("argument"),
    clauses: at("clause"),
  };
  shapes.set(fields, shape);
  return shape;
}

export const wordOf = ({ position }: Field): string => (position?.at === "clause" ? position.word : "");

/** What a model cannot learn from, told from the declarations that it reads. */
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import { seenThrough } from "../kinds/seen.ts";
import { emptyPart, lacking, schemaOf } from "./rows.ts";

type Of = (reference: Reference) => Neighbour | null;

/** What the variants have in common, and some only. */
export type Learning = {
  readonly data: Reference;
  readonly target?: string;
  readonly tune?: Reference;
  readonly class_weights?: string;
  readonly rows?: number;
  readonly columns?: number;
};

export function reviewModel(props: Learning, name: string, of: Of): Objection[] {
  const schema = schemaOf(props.data, of);
  const target = schema?.find((column) =>
    props.target === undefined ? column.role === "label" : column.name === props.target,
  );
  return [
    ...shares(props),
    ...(schema === undefined ? [] : reviewTarget(props, schema, target, of)),
    ...reviewTune(props, name, target, of),
    ...emptyPart(props.data, "/data", of),
    ...emptyPart(props.tune, "/tune", of),
  ];
}

/** A share of nothing grows no tree. */
function shares(props: Learning): Objection[] {
  return (["rows", "columns"] as const)
    .filter((attribute) => props[attribute] === 0)
    .map((attribute) => ({
      code: "ML2016",
      values: { attribute, problem: "must be more than 0%, or a tree has nothing to grow from" },
      pointer: `/${attribute}`,
    }));
}

function reviewTarget(
  props: Learning,
  schema: readonly ColumnSchema[],
  target: ColumnSchema | undefined,
  of: Of,
): Objection[] {
  const { target: named } = props;
  if (target === undefined) {
    const derived = of(props.data)?.props["derive"] ?? {};
    if (named === undefined || !Object.hasOwn(derived, named)) return [];
    return [{ code: "ML3026", values: { target: named }, pointer: "/target" }];
  }
  const isNumber = target.type === "int" || target.type === "float";
  const found: Objection[] = [];
  if (isNumber && props.class_weights === "balanced")
    found.push({ code: "ML5007", values: { target: `\`${target.name}\`` }, pointer: "/class_weights" });
  if (schema.length > 0 && seenThrough(props.data, target.name, of)?.reads.length === 0)
    found.push({ code: "ML4112", values: { target: `\`${target.name}\`` }, pointer: "/data" });
  return found;
}

/** The part that decides when to stop goes through what was fitted for the training part. */
function reviewTune(props: Learning, name: string, target: ColumnSchema | undefined, of: Of): Objection[] {
  const { tune, data } = props;
  if (tune === undefined || tune.ref === data.ref) return [];
  const spelt = (reference: Reference) => reference.ref.slice(reference.ref.indexOf(".") + 1);
  const values = { model: `the model \`${name}\``, data: spelt(data), tune: spelt(tune) };
  if (!tune.ref.startsWith("dataset.") || !data.ref.startsWith("dataset."))
    return [{ code: "ML3027", values, pointer: "/tune" }];
  return target === undefined ? [] : lacking(tune, "/tune", { name, data, target }, of);
}

/** Splits that divide what belongs together, or do nothing. */
import type { Objection } from "../../language/vocabulary/kind.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import type { Split } from "./dataset.ts";

type Schema = readonly ColumnSchema[];
const MOMENTS: readonly ColumnSchema["type"][] = ["date", "timestamp"];

/** What is wrong with a split, whatever the rows hold. */
export function reviewParts(split: Split | undefined, schema: Schema | undefined): Objection[] {
  if (split === undefined) return [];
  return [...emptyParts(split), ...(schema === undefined ? [] : reviewColumns(split, schema))];
}

function emptyParts(split: Split): Objection[] {
  return Object.entries(split.parts)
    .filter(([, share]) => share === 0)
    .map(([part]) => ({ code: "ML3043", values: { part }, pointer: `/split/parts/${part}` }));
}

function reviewColumns(split: Split, schema: Schema): Objection[] {
  const column = (name: string | undefined) => schema.find((one) => one.name === name);
  const found: Objection[] = [];
  const keys = schema.filter(({ role }) => role === "key");
  const standsOnce = (one: ColumnSchema) => one.unique || (one.role === "key" && keys.length === 1);
  for (const [attribute, names] of [
    ["group", [split.group]],
    ["distinct", split.distinct ?? []],
  ] as const) {
    const once = names.map(column).find((one) => one !== undefined && standsOnce(one));
    if (once !== undefined)
      found.push({
        code: "ML3041",
        values: { attribute, column: once.name },
        pointer: `/split/${attribute}`,
      });
  }
  const stratum = column(split.stratify);
  if (stratum !== undefined) {
    const what = standsOnce(stratum)
      ? "another in each row"
      : ["float", "text", ...MOMENTS].includes(stratum.type)
        ? `of type \`${stratum.type}\``
        : null;
    if (what !== null)
      found.push({ code: "ML3042", values: { column: stratum.name, what }, pointer: "/split/stratify" });
  }
  return [...found, ...reviewMoment(split, column(split.at)), ...reviewEntity(split, schema)];
}

function reviewMoment(split: Split, at: ColumnSchema | undefined): Objection[] {
  if (at === undefined || MOMENTS.includes(at.type)) return [];
  const problem =
    split.gap !== undefined
      ? "a gap in time needs moments"
      : at.type === "boolean" || at.type === "text" || at.type === "category"
        ? "its values have no order in time"
        : null;
  if (problem === null) return [];
  return [{ code: "ML4083", values: { column: at.name, type: at.type, problem }, pointer: "/split/at" }];
}

/** Rows of one entity in several parts: a model is then judged on customers that it knows. */
function reviewEntity(split: Split, schema: Schema): Objection[] {
  const entity = schema.find(({ role }) => role === "entity");
  const divided = [split.group, split.distinct, split.at, split.by].every((one) => one === undefined);
  if (entity === undefined || entity.unique || !divided || Object.keys(split.parts).length < 2) return [];
  const name = /^[A-Za-z_]\w*$/.test(entity.name) ? entity.name : `\`${entity.name}\``;
  const values = { entity: entity.name };
  // Beside what is already written in the brackets.
  const beside = (["stratify", "seed"] as const).find((argument) => split[argument] !== undefined);
  if (beside === undefined) return [{ code: "ML3040", values, pointer: "/split" }];
  return [{ code: "ML3040", values, pointer: `/split/${beside}`, add: `group = ${name}` }];
}

/** Each dataset that a query reads is a table under its own name: two parts of one would be two of one name. */
export function reviewSources(from: readonly Reference[] | undefined): Objection[] {
  const seen = new Set<string>();
  for (const [index, { ref, as }] of (from ?? []).entries()) {
    const name = as ?? ref.slice(ref.indexOf(".") + 1);
    if (seen.has(name)) return [{ code: "ML3046", values: { name }, pointer: `/from/${index}` }];
    seen.add(name);
  }
  return [];
}

/** `invariant`, `rises` and `falls`: columns that can be swapped or raised, and classes that exist. */
import type { Neighbour, Objection } from "../../../language/vocabulary/kind.ts";
import type { ColumnSchema, Reference } from "../../../language/vocabulary/types.ts";
import { seenThrough } from "../seen.ts";
import type { Test } from "../test.ts";
import { kindOf, type Of, quoted, type Subject } from "./subject.ts";

const NUMBERS: readonly string[] = ["int", "float"];
const SWAPPED: readonly string[] = ["category", "boolean", "string"];

export function reviewBehaviour(props: Test, subject: Subject, of: Of): Objection[] {
  const { columns, features, neighbour } = subject;
  const derive = features?.derive ?? {};
  const unfit = (name: string, attribute: string, fits: readonly string[], pointer: string): Objection[] => {
    const refuse = (why: string): Objection[] => [
      { code: "ML6063", values: { column: name, attribute, why }, pointer },
    ];
    if (Object.hasOwn(derive, name)) return refuse("it is computed, and no row has it");
    const column = columns.find((other) => other.name === name);
    if (column === undefined || fits.includes(column.type)) return [];
    if (attribute === "invariant" && NUMBERS.includes(column.type))
      return refuse("a number is not swapped; `rises with` and `falls with` raise one");
    return refuse(
      attribute === "invariant"
        ? `it is \`${column.type}\`, and only a category, a string or a boolean has values to swap`
        : `it is \`${column.type}\`, and only a number can be raised`,
    );
  };
  const found = reviewData(props, subject, of);
  const swaps = (props.invariant ?? []).flatMap(({ column }, index) =>
    unfit(column, "invariant", SWAPPED, `/invariant/${index}/column`),
  );
  found.push(...swaps);
  for (const attribute of ["rises", "falls"] as const) {
    for (const [index, rule] of (props[attribute] ?? []).entries()) {
      found.push(...unfit(rule.with, attribute, NUMBERS, `/${attribute}/${index}/with`));
      const severalOnly = neighbour.tasks?.length === 1 && neighbour.tasks[0] === "multiclass";
      if (rule.for === undefined && severalOnly) {
        const values = { attribute, column: rule.with, model: `the model \`${subject.name}\`` };
        found.push({ code: "ML6066", values, pointer: `/${attribute}/${index}` });
      }
      const classes = columns.find((column) => column.name === neighbour.target)?.values?.map(String);
      if (rule.for !== undefined && classes != null && !classes.includes(rule.for)) {
        const values = { of: attribute, problem: `\`${rule.for}\` is none of ${quoted(classes)}` };
        found.push({ code: "ML6052", values, pointer: `/${attribute}/${index}/for` });
      }
    }
  }
  return found;
}

const from = (features: Neighbour | null, of: Of): Neighbour | null =>
  features === null ? null : of(features.props["from"] as Reference);

/** The rows on which a model is tried have what it reads. */
function reviewData(props: Test, { name, neighbour, kind }: Subject, of: Of): Objection[] {
  if (props.data === undefined || kind !== "model") return [];
  const read = of(props.data);
  const source = kindOf(props.data) === "features" ? from(read, of) : read;
  const columns = source?.props["schema"] as readonly ColumnSchema[] | undefined;
  // As the model's schema has it.
  const reads = seenThrough(neighbour.props["data"] as Reference, neighbour.target, of)?.reads;
  if (columns === undefined || reads === undefined) return [];
  const missing = reads.filter((column) => !columns.some((other) => other.name === column.name));
  if (missing.length === 0) return [];
  const names = missing.map((column) => column.name);
  const values = {
    row: "`data`",
    columns: `the ${names.length === 1 ? "column" : "columns"} ${quoted(names)}`,
    why: `the model \`${name}\` reads ${names.length === 1 ? "it" : "them"}`,
  };
  return [{ code: "ML6058", values, pointer: "/data" }];
}

/** What of a dataset cannot be read, whatever the file holds. */
import type { IrExpression } from "../../language/ir/expression.ts";
import type { Neighbour, Objection } from "../../language/vocabulary/kind.ts";
import type { ColumnSchema, Reference } from "../../language/vocabulary/types.ts";
import { type Computed, computed, computedType } from "./computed.ts";
import { emptyPart } from "./rows.ts";

/** What is reviewed of a dataset of any variant. */
export interface Readable {
  readonly schema?: readonly ColumnSchema[];
  readonly expect?: readonly { readonly condition: IrExpression }[];
  readonly delimiter?: string;
  readonly from?: readonly Reference[];
}

export function reviewDataset(props: Readable, of: (reference: Reference) => Neighbour | null): Objection[] {
  return [
    ...reviewColumns(props.schema ?? []),
    ...reviewExpectations(props),
    ...reviewDelimiter(props.delimiter),
    ...reviewSources(props.from ?? []),
    ...(props.from ?? []).flatMap((reference, index) => emptyPart(reference, `/from/${index}`, of)),
  ];
}

/** Names under which the runtime keeps a row's place and part. */
const RESERVED = ["__row", "__part"];

function reviewColumns(schema: readonly ColumnSchema[]): Objection[] {
  const found: Objection[] = [];
  const folded = new Map<string, string>();
  schema.forEach((column, index) => {
    const pointer = `/schema/${index}`;
    const { name } = column;
    const twin = folded.get(name.toLowerCase());
    if (twin !== undefined) {
      const values = {
        file: "The schema",
        problem: `columns \`${twin}\` and \`${name}\`, which only case tells apart`,
      };
      found.push({ code: "ML4005", values, pointer });
    } else folded.set(name.toLowerCase(), name);
    if (RESERVED.includes(name.toLowerCase()))
      found.push({ code: "ML3022", values: { column: name }, pointer });
  });
  return found;
}

function reviewExpectations({ schema, expect = [] }: Readable): Objection[] {
  const types = new Map<string, Computed>(schema?.map(({ name, type }) => [name, computedType(type)]));
  return expect.flatMap(({ condition }, index): Objection[] => {
    const type = computed(condition, { column: (name) => types.get(name), table: true });
    if (type === null || typeof type === "string") return [];
    const values = { column: "This rule", problem: type.problem };
    return [{ code: "ML4110", values, pointer: `/expect/${index}/condition` }];
  });
}

/** Files are cut byte by byte. */
function reviewDelimiter(delimiter: string | undefined): Objection[] {
  if (delimiter === undefined || /^[\t\x20-\x21\x23-\x7e]$/.test(delimiter)) return [];
  const problem = "must be one character of ASCII, such as `;`, and no quote or line end";
  return [{ code: "ML2016", values: { attribute: "delimiter", problem }, pointer: "/delimiter" }];
}

/** A query reads each dataset as a table under its name, and SQL takes no two tables of one name. */
function reviewSources(from: readonly Reference[]): Objection[] {
  const first = new Map<string, string>();
  for (const [index, { ref }] of from.entries()) {
    const name = ref.slice(ref.indexOf(".") + 1);
    const twin = first.get(name.toLowerCase());
    if (twin !== undefined && twin !== name) {
      const values = { what: `the second table \`${name}\``, where: "`from`" };
      return [{ code: "ML2028", values, pointer: `/from/${index}` }];
    }
    first.set(name.toLowerCase(), name);
  }
  return [];
}

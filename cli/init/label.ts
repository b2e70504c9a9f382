/** Which column of a table is to be predicted, and as what. */
import { listed, nearest } from "../../language/check/suggest.ts";
import type { ColumnType } from "../../language/vocabulary/types.ts";
import type { ColumnProfile, Profile } from "../../runtime/data/profile.ts";

export interface Label {
  readonly name: string;
  readonly type: ColumnType;
  /** As it is written in the spec; null where no class is the one that is looked for. */
  readonly positive: string | null;
  readonly task: "binary" | "multiclass" | "regression";
}

export interface Refusal {
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What people call a label when it is nothing else. */
const USUAL = /^(label|target|class|outcome|y)$/i;
/** What people call the class that is looked for. */
const LOOKED_FOR = /^(1|true|t|yes|y|positive|pos|bad|fraud|spam|churn(ed)?|default(ed)?|approved|died)$/i;

/** The column named, or the only one with a usual name; else why there is none. */
export function chooseLabel(profile: Profile, file: string, given: string | null): Label | Refusal {
  const names = profile.columns.map(({ name }) => name);
  const usual = names.filter((name) => USUAL.test(name));
  const name = given ?? (usual.length === 1 ? usual[0]! : null);
  if (name === null) return { code: "ML8063", values: { columns: listed(names) } };
  const column = profile.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return labelOf(column, profile.rows);
  const near = nearest(name, names);
  const values = {
    file,
    label: name,
    columns: listed(near === null ? names : [near]),
    near: near === null ? "" : `; did you mean \`${near}\`?`,
  };
  return { code: "ML8064", values };
}

function labelOf(column: ColumnProfile, rows: number): Label | Refusal {
  const { name, type, distinct, missing } = column;
  const refuse = (problem: string): Refusal => ({ code: "ML8065", values: { label: name, problem } });
  if (missing === rows) return refuse("it is empty in every row");
  if (distinct < 2) return refuse("it has the same value in every row");
  switch (type) {
    case "boolean":
      return { name, type, positive: "true", task: "binary" };
    case "int":
    case "float": {
      if (distinct > 2) return { name, type, positive: null, task: "regression" };
      // Two numbers are two classes by another name: 0 and 1.
      return { name, type: "category", positive: JSON.stringify(String(column.range?.max)), task: "binary" };
    }
    case "category": {
      if (distinct > 2) return { name, type, positive: null, task: "multiclass" };
      const rarest = column.top.at(-1)?.value ?? "";
      const usual = column.top.find(({ value }) => LOOKED_FOR.test(value))?.value;
      return { name, type, positive: JSON.stringify(usual ?? rarest), task: "binary" };
    }
    case "date":
    case "timestamp":
      return refuse("it is a moment; derive a number or a class from it first");
    case "string":
    case "text":
      return refuse("nearly every row has another text");
  }
}

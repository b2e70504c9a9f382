/** The columns that a model asks its callers for, as far as the spec alone tells. */
import type { NoteContext } from "../../language/diff/model.ts";
import type { IrExpression } from "../../language/ir/expression.ts";
import type { Declaration } from "../../language/ir/program.ts";
import type { ColumnSchema } from "../../language/vocabulary/types.ts";
import type { Features } from "../kinds/features.ts";
import { follow } from "./pairs.ts";

type Side = "before" | "after";

/** The columns of the rows that a model reads; null where no schema is declared. */
export function sourceColumns(
  context: NoteContext,
  side: Side,
  model: Declaration | null,
): readonly ColumnSchema[] | null {
  const data = follow(context, side, model, "data");
  const dataset = data?.kind === "features" ? follow(context, side, data, "from") : data;
  // The IR's props passed the kind's own schema when the spec was checked.
  return (dataset?.props["schema"] as unknown as readonly ColumnSchema[] | undefined) ?? null;
}

/** The column that a model predicts; null when it is not known before the data is read. */
export function targetOf(context: NoteContext, side: Side, model: Declaration | null): ColumnSchema | null {
  const columns = sourceColumns(context, side, model);
  const name = model?.props["target"] ?? columns?.find(({ role }) => role === "label")?.name;
  return columns?.find((column) => column.name === name) ?? null;
}

/** What a caller sends, by name; null where no schema is declared. */
export function requestColumns(
  context: NoteContext,
  side: Side,
  model: Declaration | null,
): ReadonlyMap<string, ColumnSchema> | null {
  const columns = sourceColumns(context, side, model);
  if (columns === null) return null;
  const data = follow(context, side, model, "data");
  const target = targetOf(context, side, model)?.name;
  // As above.
  const read = data?.kind === "features" ? readByFeatures(data.props as unknown as Features, columns) : null;
  return new Map(
    columns
      .filter((column) => column.name !== target && (read?.has(column.name) ?? seenByDefault(column)))
      .map((column) => [column.name, column]),
  );
}

/** Numbers, booleans and categories without a role; all else only where `features` speak of it. */
const seenByDefault = ({ role, type }: ColumnSchema): boolean =>
  role === null && ["int", "float", "boolean", "category"].includes(type);

/** What a model behind these features reads: columns that it sees, and those from which the seen ones are derived. */
function readByFeatures(props: Features, columns: readonly ColumnSchema[]): ReadonlySet<string> {
  const dropped = new Set(props.drop ?? []);
  const spoken = new Set([...Object.keys(props.encode ?? {}), ...Object.keys(props.vectorize ?? {})]);
  const seen = columns.filter((column) => {
    if (dropped.has(column.name) || column.role === "label") return false;
    const usable = seenByDefault(column) || spoken.has(column.name);
    return usable && (props.only?.includes(column.name) ?? true);
  });
  const derive: Readonly<Record<string, IrExpression>> = props.derive ?? {};
  const read = new Set<string>();
  const open = [...seen.map(({ name }) => name), ...Object.keys(derive).filter((name) => !dropped.has(name))];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (read.has(name)) continue;
    read.add(name);
    const from = derive[name];
    if (from !== undefined) open.push(...columnsIn(from));
  }
  return read;
}

function columnsIn(node: IrExpression): readonly string[] {
  switch (node.is) {
    case "column":
      return [node.name];
    case "call":
      return [...node.args, ...Object.values(node.named)].flatMap(columnsIn);
    case "unary":
      return columnsIn(node.operand);
    case "binary":
      return [node.left, node.right].flatMap(columnsIn);
    case "if":
      return [node.condition, node.then, node.else].flatMap(columnsIn);
    case "list":
      return node.items.flatMap(columnsIn);
    default:
      return [];
  }
}

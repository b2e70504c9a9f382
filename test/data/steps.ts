/** Declarations, contexts and expressions made by hand, without a test runner. */
import { join } from "node:path";
import type { IrExpression } from "../../language/ir/expression.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { ColumnSchema, ColumnType } from "../../language/vocabulary/types.ts";
import { plainColumn } from "../../runtime/data/infer.ts";
import type { Json, StepContext, StepResult } from "../../runtime/execute/step.ts";
import type { Store } from "../../runtime/store/types.ts";

export type Props = Record<string, unknown>;

export interface Place {
  readonly folder: string;
  readonly store: Store;
  readonly declarations: readonly Declaration[];
  readonly inputs: ReadonlyMap<string, StepResult>;
  readonly threads: number;
}

export function declarationOf(id: string, variant: string | null, props: Props): Declaration {
  const [kind, name] = id.split(".") as [string, string];
  return {
    id,
    kind,
    name,
    variant,
    doc: null,
    owners: [],
    props: props as Record<string, Json>,
    refs: [],
    external: null,
    hash: "",
    source: { file: "spec.mlops", line: 1, column: 1, endLine: 1, endColumn: 1 },
    locations: {},
  };
}

export function contextOf(place: Place, declaration: Declaration): StepContext {
  const program: Program = {
    ir: 1,
    language: 1,
    environment: null,
    spec: "spec.mlops",
    params: {},
    secrets: [],
    declarations: [...place.declarations],
    hash: "",
  };
  return {
    program,
    declaration,
    props: declaration.props,
    inputs: place.inputs,
    project: place.folder,
    resume: join(place.folder, "resume"),
    store: place.store,
    registry: { champion: () => null },
    signal: new AbortController().signal,
    threads: place.threads,
    progress: () => {},
    track: () => {},
    log: () => {},
  };
}

/** `column("income", "float", { nullable: true })` */
export function column(name: string, type: ColumnType, more: Partial<ColumnSchema> = {}): ColumnSchema {
  return { ...plainColumn(name, type, false), ...more };
}

export const col = (name: string): IrExpression => ({ is: "column", name });
export const lit = (value: number | string | boolean | null): IrExpression => ({ is: "literal", value });
export const call = (name: string, ...args: IrExpression[]): IrExpression => ({
  is: "call",
  name,
  args,
  named: {},
  path: [],
});
export const op = (
  left: IrExpression,
  operator: Extract<IrExpression, { is: "binary" }>["op"],
  right: IrExpression,
): IrExpression => ({ is: "binary", op: operator, left, right });
export const rows: IrExpression = { is: "name", name: "rows", path: [] };

export function choose(
  condition: IrExpression,
  whenTrue: IrExpression,
  whenFalse: IrExpression,
): IrExpression {
  // biome-ignore lint/suspicious/noThenProperty: the IR's own word; expressions are never awaited
  return { is: "if", condition, then: whenTrue, else: whenFalse };
}

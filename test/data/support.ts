/** A store in a folder of its own, and steps run as the scheduler runs them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import type { IrExpression } from "../../language/ir/expression.ts";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { ColumnSchema, ColumnType } from "../../language/vocabulary/types.ts";
import { readDataset } from "../../runtime/data/dataset.ts";
import { fitFeatures } from "../../runtime/data/features.ts";
import { plainColumn } from "../../runtime/data/infer.ts";
import { type RowSource, resolveSource } from "../../runtime/data/source.ts";
import {
  type Json,
  type RuntimeDiagnostic,
  type StepContext,
  StepFailure,
  type StepResult,
} from "../../runtime/execute/step.ts";
import { type LocalStore, openStore } from "../../runtime/store/store.ts";

export type Props = Record<string, unknown>;

export class Project {
  readonly folder: string;
  readonly store: LocalStore;
  readonly declarations: Declaration[] = [];
  readonly results = new Map<string, StepResult>();
  threads = 2;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "mlops-data-"));
    this.store = openStore(join(this.folder, ".mlops"));
    afterAll(() => {
      this.store.close();
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  write(file: string, content: string | Uint8Array): this {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), content);
    return this;
  }

  declare(id: string, variant: string | null, props: Props): Declaration {
    const [kind, name] = id.split(".") as [string, string];
    const at = { file: "spec.mlops", line: 1, column: 1, endLine: 1, endColumn: 1 };
    const declared: Declaration = {
      id,
      kind,
      name,
      variant,
      doc: null,
      props: props as Record<string, Json>,
      refs: [],
      external: null,
      hash: "",
      source: at,
      locations: {},
    };
    const known = this.declarations.findIndex((candidate) => candidate.id === id);
    if (known >= 0) this.declarations[known] = declared;
    else this.declarations.push(declared);
    return declared;
  }

  context(declaration: Declaration): StepContext {
    const program: Program = {
      ir: 1,
      language: 1,
      spec: "spec.mlops",
      params: {},
      secrets: [],
      declarations: this.declarations,
      hash: "",
    };
    return {
      program,
      declaration,
      props: declaration.props,
      inputs: this.results,
      project: this.folder,
      store: this.store,
      registry: { champion: () => null },
      signal: new AbortController().signal,
      threads: this.threads,
      progress: () => {},
      track: () => {},
      log: () => {},
    };
  }

  /** Runs `dataset NAME: VARIANT`. */
  async dataset(name: string, variant: string, props: Props): Promise<StepResult> {
    const id = `dataset.${name}`;
    const result = await readDataset(this.context(this.declare(id, variant, props)));
    this.results.set(id, result);
    return result;
  }

  async features(name: string, props: Props): Promise<StepResult> {
    const id = `features.${name}`;
    const result = await fitFeatures(this.context(this.declare(id, "features", props)));
    this.results.set(id, result);
    return result;
  }

  source(ref: string, part?: string): RowSource {
    const anyDeclaration = this.declarations[0]!;
    return resolveSource(this.context(anyDeclaration), part === undefined ? { ref } : { ref, part });
  }
}

/** `column("income", "float", { nullable: true })` */
export function column(name: string, type: ColumnType, more: Partial<ColumnSchema> = {}): ColumnSchema {
  return { ...plainColumn(name, type, false), ...more };
}

/** The diagnostic of a step that fails for a reason the user can mend. */
export async function failureOf(work: Promise<unknown>): Promise<RuntimeDiagnostic> {
  try {
    await work;
  } catch (error) {
    if (error instanceof StepFailure) return error.diagnostic;
    throw error;
  }
  throw new Error("the step passed");
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

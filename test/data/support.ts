/** A store in a folder of its own, and steps run as the scheduler runs them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import type { Declaration } from "../../language/ir/program.ts";
import { readDataset } from "../../runtime/data/dataset.ts";
import { fitFeatures } from "../../runtime/data/features.ts";
import { type RowSource, resolveSource } from "../../runtime/data/source.ts";
import {
  type RuntimeDiagnostic,
  type StepContext,
  StepFailure,
  type StepResult,
} from "../../runtime/execute/step.ts";
import { type LocalStore, openStore } from "../../runtime/store/store.ts";
import { contextOf, declarationOf, type Props } from "./steps.ts";

export * from "./steps.ts";

export class Project {
  readonly folder: string;
  readonly store: LocalStore;
  readonly declarations: Declaration[] = [];
  readonly inputs = new Map<string, StepResult>();
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
    const declared = declarationOf(id, variant, props);
    const known = this.declarations.findIndex((candidate) => candidate.id === id);
    if (known >= 0) this.declarations[known] = declared;
    else this.declarations.push(declared);
    return declared;
  }

  context(declaration: Declaration): StepContext {
    return contextOf(this, declaration);
  }

  /** Runs `dataset NAME: VARIANT`. */
  async dataset(name: string, variant: string, props: Props): Promise<StepResult> {
    const id = `dataset.${name}`;
    const result = await readDataset(this.context(this.declare(id, variant, props)));
    this.inputs.set(id, result);
    return result;
  }

  async features(name: string, props: Props): Promise<StepResult> {
    const id = `features.${name}`;
    const result = await fitFeatures(this.context(this.declare(id, "features", props)));
    this.inputs.set(id, result);
    return result;
  }

  source(ref: string, part?: string): RowSource {
    const anyDeclaration = this.declarations[0]!;
    return resolveSource(this.context(anyDeclaration), part === undefined ? { ref } : { ref, part });
  }
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

/** A spec and its programs in a folder of their own, compiled and carried out in this process. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { compile } from "../../language/compile.ts";
import { executorsOf } from "../../runtime/execute/executors.ts";
import { type RunOutcome, runProgram } from "../../runtime/execute/run.ts";
import { planProgram } from "../../runtime/plan/plan.ts";
import { openRegistry } from "../../runtime/registry/registry.ts";
import { type LocalStore, openStore } from "../../runtime/store/store.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";

/** Node as a spec names it. */
export const NODE = JSON.stringify(process.execPath);

export interface Outcome extends RunOutcome {
  readonly log: readonly string[];
}

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "mlops-step-"));
  readonly store: LocalStore;
  readonly #registry;

  constructor() {
    this.store = openStore(join(this.folder, ".mlops"));
    this.#registry = openRegistry(this.store.root);
    afterAll(() => {
      this.#registry.close();
      this.store.close();
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  write(file: string, text: string): this {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
    return this;
  }

  async run(spec: string, signal = new AbortController().signal): Promise<Outcome> {
    const log: string[] = [];
    const outcome = await runProgram({
      ...(await this.#place(spec)),
      signal,
      onEvent: (event) => {
        if (event.type === "log") log.push(event.line);
      },
    });
    return { ...outcome, log };
  }

  /** `reuse`, or every reason to run, by declaration. */
  async plan(spec: string): Promise<Record<string, string>> {
    const { steps } = await planProgram(await this.#place(spec));
    return Object.fromEntries(
      steps.map(({ name, action, why }) => [name, action === "reuse" ? action : why.join("; ")]),
    );
  }

  /** The text of a step's output. */
  async output({ steps }: Outcome, name: string, output: string): Promise<string> {
    const digest = steps.find((step) => step.name === name)?.result?.outputs[output];
    if (digest === undefined) throw new Error(`${name} left no ${output}`);
    return this.store.readText(digest);
  }

  async #place(text: string) {
    const { program, diagnostics } = compile({
      files: { read: () => text },
      entry: "spec.mlops",
      vocabulary,
    });
    if (program === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
    return {
      program,
      project: this.folder,
      store: this.store,
      registry: this.#registry,
      kinds: vocabulary.kinds,
      executors: await executorsOf(program),
    };
  }
}

/** Small programs and executors of our own, so that the planner and the runner are tested without any learning. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Declaration, Program } from "../../language/ir/program.ts";
import type { Kind } from "../../language/vocabulary/kind.ts";
import * as v from "../../language/vocabulary/types.ts";
import type { Json, StepContext, StepExecutor, StepResult } from "../../runtime/execute/step.ts";
import type { Executors, Workplace } from "../../runtime/plan/inspect.ts";
import type { Kinds } from "../../runtime/plan/meaning.ts";
import { digestJson } from "../../runtime/store/hash.ts";
import { type LocalStore, openStore } from "../../runtime/store/store.ts";

export interface Written {
  /** `kind.name` */
  readonly id: string;
  readonly props?: Readonly<Record<string, Json>>;
  readonly variant?: string;
  readonly external?: string;
}

const nowhere = { file: "test.mlops", line: 1, column: 1, endLine: 1, endColumn: 1 };

function refsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (typeof value !== "object" || value === null) return [];
  const own = typeof value["ref"] === "string" ? [value["ref"]] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
}

export function program(...written: Written[]): Program {
  const declarations = written.map(({ id, props = {}, variant = null, external = null }): Declaration => {
    const [kind = "", name = ""] = id.split(".");
    const refs = [...new Set(refsIn(props as Json))];
    const hash = digestJson(props as Json).slice("sha256:".length);
    return {
      id,
      kind,
      name,
      variant,
      doc: null,
      owners: [],
      props,
      refs,
      external,
      hash,
      source: nowhere,
      locations: {},
    };
  });
  return {
    environment: null,
    ir: 1,
    language: 1,
    spec: "test.mlops",
    params: {},
    secrets: [],
    declarations,
    hash: "",
  };
}

export const ref = (id: string, part?: string): Json =>
  part === undefined ? { ref: id } : { ref: id, part };

const schema = z.object({
  from: v.reference(["work"], "What it reads."),
  metrics: v.set(v.text("A metric."), "A set."),
  layers: v.list(v.text("A layer."), "A list with an order."),
  require: v.rules({ condition: v.operand(v.text("A condition.")) }, "Rules."),
});

/** `work` is a kind with attributes, a set, an ordered list and rules. */
export const kinds: Kinds = {
  work: {
    name: "work",
    doc: "",
    variants: { work: { name: "work", doc: "", schema, example: "", snippet: "" } },
    variantRequired: false,
    stateful: false,
    context: "",
    terminal: false,
  } satisfies Kind,
};

/** A step that writes its props and what it reads; `output` stands for everything else in the result's bytes. */
export async function write(context: StepContext): Promise<StepResult> {
  const inputs = [...context.inputs.values()].map(({ outputs }) => outputs).sort();
  const { output, ...props } = context.props;
  const bytes =
    output === undefined ? JSON.stringify({ props, inputs: digestJson(inputs as Json) }) : String(output);
  return { outputs: { rows: await context.store.put(bytes) }, summary: {} };
}

export type Work = (context: StepContext) => Promise<StepResult>;

/** A table with the kinds `work` and `file` (reads `path`), and those given. `calls` counts by declaration name. */
export function executorsOf(
  work: Work = write,
  more: readonly StepExecutor[] = [],
): { readonly executors: Executors; readonly calls: Record<string, number> } {
  const calls: Record<string, number> = {};
  const counted = (run: Work): Work => {
    return (context) => {
      calls[context.declaration.name] = (calls[context.declaration.name] ?? 0) + 1;
      return run(context);
    };
  };
  const file: StepExecutor = {
    kind: "file",
    version: 1,
    externals: ({ props, project }) => ({ files: [join(project, String(props["path"]))] }),
    load: async () =>
      counted(async ({ store, project, props }) => {
        const text = readFileSync(join(project, String(props["path"])), "utf8");
        return { outputs: { rows: await store.put(text.trim()) }, summary: {} };
      }),
  };
  const table: StepExecutor[] = [
    { kind: "work", version: 1, load: async () => counted(work) },
    file,
    ...more,
  ];
  return { executors: new Map(table.map((executor) => [executor.kind, executor])), calls };
}

export interface Bench {
  readonly project: string;
  readonly store: LocalStore;
  place(program: Program, executors: Executors): Workplace;
  close(): void;
}

/** A project folder with an open store. */
export function project(): Bench {
  const folder = mkdtempSync(join(tmpdir(), "mlops-test-"));
  const store = openStore(join(folder, ".mlops"));
  return {
    project: folder,
    store,
    place: (program, executors) => ({
      program,
      executors,
      project: folder,
      store,
      registry: { champion: () => null },
      kinds,
    }),
    close: () => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const slowly =
  (milliseconds: number): Work =>
  async (context) => {
    await sleep(milliseconds, undefined, { signal: context.signal });
    return write(context);
  };

/** Tries the tests of a program, one after the other in the spec's order. */
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { spoken } from "../../language/ir/order.ts";
import type { Declaration } from "../../language/ir/program.ts";
import type { Test } from "../../stdlib/kinds/test.ts";
import { failureOf } from "../execute/failure.ts";
import type { SettledStep } from "../execute/report.ts";
import type { RunOptions } from "../execute/run.ts";
import type { RuntimeDiagnostic } from "../execute/step.ts";
import type { Kinds } from "../plan/meaning.ts";
import { declarationOf, type TestContext } from "./context.ts";
import { needsOf } from "./needs.ts";
import { type ClaimResult, failedClaim, type TestResult } from "./report.ts";
import { neededResults } from "./results.ts";

export interface TestOptions extends Omit<RunOptions, "only"> {
  readonly tests: readonly Declaration[];
  readonly update: boolean;
  /** Told of each test as soon as it is known. */
  readonly onResult?: (result: TestResult) => void;
}

export interface TestOutcome {
  readonly results: readonly TestResult[];
  /** What the steps themselves said that a test needed and that failed. */
  readonly diagnostics: readonly RuntimeDiagnostic[];
  readonly exit: 0 | 1 | 2 | 3 | 130;
}

/** Each loads what it needs when it is asked for: a test of a gate opens no database. */
const SUBJECTS: Readonly<Record<string, (context: TestContext) => Promise<readonly ClaimResult[]>>> = {
  dataset: async (context) => (await import("./dataset.ts")).testDataset(context),
  features: async (context) => (await import("./features.ts")).testFeatures(context),
  model: async (context) => (await import("./model.ts")).testModel(context),
  gate: async (context) => (await import("./gate.ts")).testGate(context),
};

/** Never throws for what a test finds. @throws StoreError when the store itself cannot be used */
export async function runTests(options: TestOptions): Promise<TestOutcome> {
  const { program, tests, signal, kinds } = options;
  const needs = new Map(tests.map((test) => [test.id, needsOf(program, test)]));
  const needed = new Set([...needs.values()].flatMap((ids) => [...ids]));
  const { results, failed, exit } = await neededResults(options, needed);
  const known = typeof kinds === "function" ? await kinds() : kinds;
  const found: TestResult[] = [];
  for (const test of tests) {
    if (signal.aborted) break;
    const missing = failed.find((step) => needs.get(test.id)!.has(step.declaration) && isRoot(step, failed));
    const result =
      missing === undefined
        ? await tryTest(test, { ...options, kinds: known }, results)
        : withoutStep(test, missing, spoken(missing.declaration));
    found.push(result);
    options.onResult?.(result);
  }
  // A step that waits for one that failed has nothing of its own to say.
  const diagnostics = failed.filter(({ status }) => status === "failed").flatMap((step) => step.diagnostics);
  if (signal.aborted || exit === 130) return { results: found, diagnostics, exit: 130 };
  return { results: found, diagnostics, exit: exitOf(found, exit) };
}

/** A step that is blocked by another that failed is not what is to be mended. */
const isRoot = (step: SettledStep, failed: readonly SettledStep[]): boolean =>
  step.status !== "blocked" || failed.every((other) => other.status === "blocked");

function exitOf(results: readonly TestResult[], steps: 0 | 1 | 2 | 3): 0 | 1 | 2 | 3 {
  if (steps !== 0) return steps;
  if (results.some(({ status }) => status === "broken")) return 1;
  return results.some(({ status }) => status === "failed") ? 2 : 0;
}

function withoutStep(test: Declaration, { status, result }: SettledStep, step: string): TestResult {
  const found = result?.verdict === "insufficient" ? "lacks evidence" : result !== null ? "said no" : status;
  const values = { step: `the ${step}`, test: `\`${test.name}\``, found };
  const diagnostic = { code: "ML6073", values, declaration: test.id, pointer: "/subject" };
  return { ...resultOf(test), status: "broken", seconds: 0, claims: [], diagnostics: [diagnostic] };
}

const resultOf = (test: Declaration): Pick<TestResult, "id" | "name" | "subject"> => ({
  id: test.id,
  name: test.name,
  subject: (test.props as unknown as Test).subject?.ref ?? null,
});

async function tryTest(
  declaration: Declaration,
  options: TestOptions & { readonly kinds: Kinds },
  results: TestContext["results"],
): Promise<TestResult> {
  const started = performance.now();
  const props = declaration.props as unknown as Test; // the checker accepted it as such
  const { program, project, store, signal, kinds, update } = options;
  const threads = options.threads ?? availableParallelism();
  const context = { program, declaration, props, results, project, store, kinds, signal, threads, update };
  const seconds = () => (performance.now() - started) / 1000;
  try {
    const { claims, updated } = await claimsOf(context);
    const wrong = claims.filter(({ passed }) => !passed);
    const status = wrong.length > 0 ? "failed" : updated ? "updated" : "passed";
    const diagnostics = wrong.map((claim) => failedClaim(declaration, claim));
    return { ...resultOf(declaration), status, seconds: seconds(), claims, diagnostics };
  } catch (error) {
    const { diagnostic } = failureOf(error, declaration.id, store.root);
    const status = diagnostic.code === "ML6074" ? "failed" : "broken";
    return { ...resultOf(declaration), status, seconds: seconds(), claims: [], diagnostics: [diagnostic] };
  }
}

async function claimsOf(
  context: TestContext,
): Promise<{ readonly claims: readonly ClaimResult[]; readonly updated: boolean }> {
  const { subject } = context.props;
  if (subject === undefined) {
    const { testSnapshot } = await import("./snapshot.ts");
    const { claim, updated } = testSnapshot(context);
    return { claims: [claim], updated };
  }
  const { kind } = declarationOf(context.program, subject.ref);
  return { claims: await SUBJECTS[kind]!(context), updated: false };
}

/** What a test found. */
import type { RuntimeDiagnostic } from "../execute/step.ts";

/** One thing that a test claims: an `expect`, an `accepts`, an `invariant`, the whole of a snapshot. */
export interface ClaimResult {
  /** As it is written: `expect couple.income == 4000`. */
  readonly text: string;
  /** JSON pointer into the test's props. */
  readonly pointer: string;
  readonly passed: boolean;
  /** What came out, in one line. */
  readonly found: string;
  /** Further lines: reasons, a diff. */
  readonly details: readonly string[];
  /** Rows that show it, the worst first; titles in the first line. */
  readonly rows?: readonly (readonly string[])[];
}

export interface TestResult {
  /** `test.incomes` */
  readonly id: string;
  readonly name: string;
  /** Id of what is tested; null for a snapshot. */
  readonly subject: string | null;
  /** `broken`: it could not be tried. `updated`: its snapshot was written. */
  readonly status: "passed" | "failed" | "broken" | "updated";
  readonly seconds: number;
  readonly claims: readonly ClaimResult[];
  /** What a reader should see, at the spec's lines: failed claims, and why a test could not be tried. */
  readonly diagnostics: readonly RuntimeDiagnostic[];
}

/** A test's own diagnostic for a claim that did not hold. */
export function failedClaim(test: { readonly id: string; readonly name: string }, claim: ClaimResult) {
  return {
    code: "ML6070",
    values: { test: `\`${test.name}\``, claim: `\`${claim.text}\``, found: claim.found },
    declaration: test.id,
    pointer: claim.pointer,
    details: claim.details,
  } satisfies RuntimeDiagnostic;
}

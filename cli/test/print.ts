/** Tests as people read them: a line each, and under a failed one what was claimed and what came out. */
import type { Program, SourceRange } from "../../language/ir/program.ts";
import type { ClaimResult, TestResult } from "../../runtime/test/report.ts";
import type { Terminal } from "../command.ts";
import { paint, type Tone } from "../style.ts";
import { duration, table } from "../table.ts";

const SIGNS: Readonly<Record<TestResult["status"], readonly [string, Tone]>> = {
  passed: ["✓", "good"],
  updated: ["✓", "warn"],
  failed: ["✗", "bad"],
  broken: ["!", "bad"],
};

/** Where a claim stands: the attribute, or the test's head. */
export function placeOf(program: Program, test: string, pointer: string): SourceRange {
  const declaration = program.tests?.find(({ id }) => id === test);
  if (declaration === undefined) throw new Error(`the program has no test ${test}`);
  return declaration.locations[pointer] ?? declaration.source;
}

export function printTest(terminal: Terminal, program: Program, result: TestResult): void {
  const { color } = terminal;
  const [sign, tone] = SIGNS[result.status];
  const counted = `${paint(color, tone, sign)} ${paint(color, "strong", result.name)}  ${outcome(result)}`;
  terminal.out(`${counted}  ${paint(color, "dim", took(result.seconds))}`);
  for (const claim of result.claims) {
    if (!claim.passed) terminal.out(claimLines(color, program, result, claim).join("\n"));
  }
}

/** Short times in milliseconds: most tests take a few. */
const took = (seconds: number): string =>
  seconds < 1 ? `${Math.round(seconds * 1000)} ms` : duration(seconds);

function outcome({ status, claims }: TestResult): string {
  const all = `${claims.length} claim${claims.length === 1 ? "" : "s"}`;
  if (status === "broken") return "could not be tried";
  if (status === "updated") return claims[0]?.found ?? "";
  if (status === "passed") return all;
  const failed = claims.filter(({ passed }) => !passed).length;
  return claims.length === 0 ? "failed" : `${failed} of ${all} failed`;
}

function claimLines(color: boolean, program: Program, { id }: TestResult, claim: ClaimResult): string[] {
  const { file, line, column } = placeOf(program, id, claim.pointer);
  const rows = claim.rows === undefined ? [] : rowLines(claim.rows);
  return [
    `  ${claim.text}  ${paint(color, "dim", `${file}:${line}:${column}`)}`,
    ...[claim.found, ...claim.details, ...rows].map((text) => `    ${text}`.trimEnd()),
  ];
}

export function rowLines([titles = [], ...rows]: readonly (readonly string[])[]): string[] {
  return table(
    titles.map((title) => ({ title })),
    rows,
  ).split("\n");
}

export function summaryLine(results: readonly TestResult[]): string {
  const count = (status: TestResult["status"]) => results.filter((one) => one.status === status).length;
  const said = (["passed", "updated", "failed", "broken"] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status === "broken" ? "could not be tried" : status}`);
  return `${results.length} test${results.length === 1 ? "" : "s"}: ${said.join(", ")}`;
}

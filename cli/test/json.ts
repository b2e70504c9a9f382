/** The one document of `mlops test --json`. */
import { reportFinding } from "../../language/diagnostics/report.ts";
import type { Program } from "../../language/ir/program.ts";
import type { TestOutcome } from "../../runtime/test/run-tests.ts";
import { placeOf } from "./print.ts";

export function testsJson(program: Program, { results, diagnostics, exit }: TestOutcome): object {
  const found = [...diagnostics, ...results.flatMap((result) => result.diagnostics)];
  return {
    status: exit === 0 ? "passed" : exit === 130 ? "interrupted" : "failed",
    tests: results.map(({ id, name, subject, status, seconds, claims }) => ({
      name,
      subject,
      status,
      seconds,
      claims: claims.map(({ text, pointer, passed, found: what, details, rows }) => {
        const { file, ...range } = placeOf(program, id, pointer);
        return { text, passed, found: what, details, ...(rows === undefined ? {} : { rows }), file, range };
      }),
    })),
    diagnostics: found.map((finding) => reportFinding(finding, program)),
  };
}

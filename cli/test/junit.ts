/** Tests as JUnit XML, which CI systems show: a case each, a failure with what came out, an error where none could be tried. */
import { reportFinding } from "../../language/diagnostics/report.ts";
import type { Program } from "../../language/ir/program.ts";
import type { ClaimResult, TestResult } from "../../runtime/test/report.ts";
import { placeOf, rowLines } from "./print.ts";

export function junitXml(program: Program, results: readonly TestResult[]): string {
  const count = (status: TestResult["status"]) => results.filter((one) => one.status === status).length;
  const time = results.reduce((sum, { seconds }) => sum + seconds, 0);
  const totals = `tests="${results.length}" failures="${count("failed")}" errors="${count("broken")}" time="${time.toFixed(3)}"`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites ${totals}>`,
    `  <testsuite name=${quoted(program.spec)} ${totals}>`,
    ...results.map((result) => testCase(program, result)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(program: Program, result: TestResult): string {
  const { file, line } = placeOf(program, result.id, "");
  const head = `    <testcase name=${quoted(result.name)} classname=${quoted(result.subject ?? program.spec)} file=${quoted(file)} line="${line}" time="${result.seconds.toFixed(3)}"`;
  const inside =
    result.status === "failed" && result.claims.length > 0
      ? result.claims.filter(({ passed }) => !passed).map((claim) => failure(program, result, claim))
      : result.diagnostics.map((finding) => {
          const { code, message, help } = reportFinding(finding, program);
          const tag = result.status === "failed" ? "failure" : "error";
          return `      <${tag} type="${code}" message=${quoted(message)}>${escaped(help ?? "")}</${tag}>`;
        });
  return inside.length === 0 ? `${head}/>` : [`${head}>`, ...inside, "    </testcase>"].join("\n");
}

function failure(program: Program, { id }: TestResult, claim: ClaimResult): string {
  const { file, line, column } = placeOf(program, id, claim.pointer);
  const rows = claim.rows === undefined ? [] : rowLines(claim.rows);
  const text = [`${file}:${line}:${column}`, claim.found, ...claim.details, ...rows].join("\n");
  return `      <failure type="ML6070" message=${quoted(`${claim.text}: ${claim.found}`)}>${escaped(text)}</failure>`;
}

const quoted = (text: string): string =>
  `"${escaped(text).replaceAll("\n", "&#10;").replaceAll('"', "&quot;")}"`;

/** XML 1.0 has no place for most control characters, written or escaped. */
function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}

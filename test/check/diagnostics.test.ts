/** How findings are shown, carried out and placed. */
import { describe, expect, it } from "vitest";
import { fill, pageOf } from "../../language/diagnostics/catalogue.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { applyFixes } from "../../language/diagnostics/fix.ts";
import { Lines } from "../../language/diagnostics/lines.ts";
import { countDiagnostics, renderDiagnostic } from "../../language/diagnostics/render.ts";
import { reportFinding } from "../../language/diagnostics/report.ts";
import { changed, codesOf, findings, PIPELINE, programOf } from "./spec.ts";

const show = (text: string, color = false): string =>
  findings(text)
    .map((found) => renderDiagnostic(found, { color, lines: () => new Lines(text) }))
    .join("");

describe("lines", () => {
  it("go from offsets to places and back, whatever ends the lines", () => {
    const text = "ab\r\ncd\n\nxyz";
    const lines = new Lines(text);
    for (let offset = 0; offset <= text.length; offset += 1) {
      const { line, column } = lines.position(offset);
      expect(lines.offset(line, column)).toBe(offset);
    }
    expect([lines.line(1), lines.line(2), lines.line(3), lines.line(4), lines.line(5)]).toEqual([
      "ab",
      "cd",
      "",
      "xyz",
      "",
    ]);
  });
});

describe("a rendered finding", () => {
  it("shows its line, a caret under the place, what else is there, help and fix", () => {
    expect(
      show(changed("evaluation scored {\n  model = scorer", "evaluation scored {\n  model = applicant")),
    ).toBe(`error[ML2009]: Name a model in \`model\`: the features \`applicant\` stands here
  --> spec.mlops:43:11
   |
43 |   model = applicant
   |           ^^^^^^^^^
  --> spec.mlops:23:10
   |
23 | features applicant {
   |          ^^^^^^^^^ \`applicant\` is declared here
`);
    expect(show(changed("depth = 4", "dpth = 4"))).toContain("  fix: write `depth` (mlops check --fix)\n");
  });

  it("keeps the carets under what they mean behind tabs", () => {
    expect(show('dataset d: csv {\n\tpath = "x"\n\tdept = 4\n}\n')).toContain("3 | \tdept = 4\n  | \t^^^^\n");
  });

  it("has colours when asked for, and the same words", () => {
    const plain = show(changed("depth = 4", "dpth = 4"));
    const coloured = show(changed("depth = 4", "dpth = 4"), true);
    expect(coloured).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is how a terminal is told of colours
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(plain);
  });

  it("are counted in words", () => {
    const found = (severity: Diagnostic["severity"]) => ({ severity }) as Diagnostic;
    expect(countDiagnostics([found("error"), found("warning"), found("error")])).toBe("2 errors, 1 warning");
    expect(countDiagnostics([])).toBe("");
  });
});

describe("fixes", () => {
  it("mend several slips at once, and what is left is right", () => {
    const slips: readonly (readonly [string, string])[] = [
      ["depth = 4", "dpth: 4"],
      ["amount = median", "amount = medain"],
      ["slices = [area]", "slices = area"],
      ["scored.auc >= champion", "scord.auc >= champion"],
    ];
    let text = slips.reduce((all, [right, wrong]) => changed(right, wrong, all), PIPELINE);
    for (let round = 0; round < 5; round += 1) {
      const { files, applied } = applyFixes(findings(text), () => text);
      if (applied.length === 0) break;
      text = files.get("spec.mlops") ?? text;
    }
    expect(codesOf(text)).toEqual([]);
  });

  it("never touch each other", () => {
    const edit = (column: number, text: string) => ({
      file: "a",
      range: { line: 1, column, endLine: 1, endColumn: column + 2 },
      text,
    });
    const finding = (edits: Diagnostic["fixes"][number]["edits"]) =>
      ({ fixes: [{ title: "", edits }] }) as unknown as Diagnostic;
    const { files, applied } = applyFixes(
      [finding([edit(1, "XX")]), finding([edit(2, "YY")]), finding([edit(5, "Z")])],
      () => "abcdefg",
    );
    expect(applied.length).toBe(2);
    expect(files.get("a")).toBe("XXcdZg");
  });

  it("add a metric where the evaluation lists them", () => {
    const text = changed(
      "scored.accuracy > baseline(majority).accuracy",
      "scored.log_loss < baseline(majority).log_loss",
    );
    const { files } = applyFixes(findings(text), () => text);
    expect(files.get("spec.mlops")).toContain("metrics = [accuracy, f1, auc, recall(top = 10%), log_loss]");
    expect(codesOf(files.get("spec.mlops") ?? "")).toEqual([]);
  });
});

it("a name used in many places is shown once, its other lines told in one", () => {
  const shown = show(changed("evaluation scored {", "evaluation score {"));
  expect(shown).toContain("  again: on lines 51, 52, 53\n");
  expect(shown.split("-->")).toHaveLength(2);
});

describe("a finding of a run", () => {
  const program = programOf(PIPELINE);
  const at = (pointer?: string) =>
    reportFinding(
      {
        code: "ML2016",
        values: { attribute: "x", problem: "is y" },
        declaration: "model.scorer",
        details: ["more"],
        ...(pointer === undefined ? {} : { pointer }),
      },
      program,
    );

  it("stands at its attribute, or the nearest thing around it", () => {
    expect(at("/depth").range).toMatchObject({ line: 39, column: 3, endColumn: 12 });
    expect(at("/depth/deeper").range.line).toBe(39);
    expect(at("/nowhere").range).toMatchObject({ line: 34, column: 1 });
    expect(at().range).toMatchObject({ line: 34, column: 1, endColumn: 6 });
  });

  it("says its message and its details", () => {
    expect(at("/depth")).toMatchObject({
      message: "`x` is y",
      help: null,
      details: ["more"],
      page: "docs/diagnostics/ML2016.md",
      severity: "error",
    });
  });
});

it("a message keeps a placeholder that has no value, so that it is seen", () => {
  expect(fill("{a} and {b}", { a: "1" })).toBe("1 and {b}");
  expect(pageOf("ML1234")).toBe("docs/diagnostics/ML1234.md");
});

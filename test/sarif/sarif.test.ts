/** `mlops check --sarif`: a log that OASIS's own schema accepts, and that says what the terminal and `--json` say. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { afterAll, describe, expect, it } from "vitest";
import { command as check } from "../../cli/commands/check.ts";
import { sarifLog } from "../../cli/sarif.ts";
import { compile } from "../../language/compile.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { applyFixes } from "../../language/diagnostics/fix.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { changed, PIPELINE } from "../check/spec.ts";
import { runCommand } from "./run.ts";

const root = mkdtempSync(join(tmpdir(), "mlops-sarif-"));
const cwd = join(root, "specs here");
mkdirSync(join(root, ".git"));
mkdirSync(cwd);
afterAll(() => rmSync(root, { recursive: true, force: true }));
const write = (name: string, text: string): string => {
  writeFileSync(join(cwd, name), text);
  return name;
};

/** The schema is of draft 4, which differs from draft 7 in the name of `id` alone as far as it is used there. */
const require = createRequire(import.meta.url);
const {
  $schema: _,
  id: __,
  ...schema
} = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json") as Record<string, unknown>;
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
formats.default(ajv);
const validate = ajv.compile(schema);

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region: Region;
  };
  readonly message?: { readonly text: string };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly [Location];
  readonly relatedLocations?: readonly Location[];
  readonly fixes?: readonly {
    readonly artifactChanges: readonly {
      readonly replacements: readonly {
        readonly deletedRegion: Region;
        readonly insertedContent: { readonly text: string };
      }[];
    }[];
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}
interface Log {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: {
          readonly rules: readonly { readonly id: string; readonly help: { readonly markdown: string } }[];
        };
      };
      readonly results: readonly Result[];
    },
  ];
}

async function logOf(text: string) {
  const name = write("spec.mlops", text);
  const answer = await runCommand(check, cwd, [name, "--sarif", "out/findings.sarif"]);
  const log = JSON.parse(readFileSync(join(cwd, "out/findings.sarif"), "utf8")) as Log;
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return { ...answer, log, results: log.runs[0].results };
}

/** One spec with errors, a warning, related places and fixes. */
const BROKEN = changed("depth = 4", "dpth = 4")
  .replace("dataset loans: csv {", 'dataset spare: csv {\n  path = "spare.csv"\n}\n\ndataset loans: csv {')
  .replace("scored.f1 >= 0.80", "scored.f2 >= 0.80")
  .concat("\ngate ready {\n  require scored.f1 >= 0.5\n}\n");

describe("mlops check --sarif", () => {
  it("is valid when there is nothing to say", async () => {
    const { code, results, out } = await logOf(PIPELINE);
    expect(code).toBe(0);
    expect(results).toEqual([]);
    expect(out).toContain("nothing wrong");
  });

  it("says what --json and the terminal say", async () => {
    const { code, results, err } = await logOf(BROKEN);
    expect(code).toBe(1);
    const { out } = await runCommand(check, cwd, ["spec.mlops"], true);
    const { diagnostics } = JSON.parse(out) as { diagnostics: readonly Diagnostic[] };
    expect(diagnostics.length).toBeGreaterThan(2);
    expect(results.map(({ ruleId, message }) => [ruleId, message.text])).toEqual(
      diagnostics.map(({ code, message }) => [code, message]),
    );
    for (const [index, { severity, code, message, range, related, fixes }] of diagnostics.entries()) {
      expect(err).toContain(`${severity}[${code}]: ${message}`);
      expect(err).toContain(`spec.mlops:${range.line}:${range.column}`);
      const result = results[index]!;
      expect(result.level).toBe(severity === "info" ? "note" : severity);
      expect(result.locations[0].physicalLocation.region).toEqual({
        startLine: range.line,
        startColumn: range.column,
        endLine: range.endLine,
        endColumn: range.endColumn,
      });
      expect(result.relatedLocations?.length ?? 0).toBe(related.length);
      expect(result.fixes?.length ?? 0).toBe(fixes.length);
    }
    expect(results.some((result) => result.relatedLocations !== undefined)).toBe(true);
    expect(results.some((result) => result.fixes !== undefined)).toBe(true);
  });

  it("names files from the repository's root, and rules with their pages", async () => {
    const { log, results } = await logOf(BROKEN);
    const { rules } = log.runs[0].tool.driver;
    for (const { ruleId, ruleIndex, locations } of results) {
      expect(rules[ruleIndex]?.id).toBe(ruleId);
      expect(rules[ruleIndex]?.help.markdown).toContain(`# ${ruleId}: `);
      expect(locations[0].physicalLocation.artifactLocation).toEqual({
        uri: "specs%20here/spec.mlops",
        uriBaseId: "%SRCROOT%",
      });
    }
  });

  it("offers replacements that mend the text as --fix does", async () => {
    const text = changed("depth = 4", "dpth = 4");
    const { results } = await logOf(text);
    const [replacement] = results.flatMap((result) =>
      (result.fixes?.[0]?.artifactChanges ?? []).flatMap((change) => change.replacements),
    );
    const { startLine, startColumn, endColumn } = replacement!.deletedRegion;
    const lines = text.split("\n");
    const line = lines[startLine - 1]!;
    lines[startLine - 1] =
      line.slice(0, startColumn - 1) + replacement!.insertedContent.text + line.slice(endColumn - 1);
    const { diagnostics } = compile({ files: { read: () => text }, entry: "spec.mlops", vocabulary });
    expect(lines.join("\n")).toBe(applyFixes(diagnostics, () => text).files.get("spec.mlops"));
  });

  it("keeps a finding's fingerprint where lines move, and tells equal lines apart", async () => {
    const before = (await logOf(BROKEN)).results.map((result) => result.partialFingerprints["mlops/v1"]);
    const after = (await logOf(`// a line more\n\n${BROKEN}`)).results.map(
      (result) => result.partialFingerprints["mlops/v1"],
    );
    expect(after).toEqual(before);
    expect(new Set(before).size).toBe(before.length);
  });

  it("goes to standard output alone with -", async () => {
    write("spec.mlops", BROKEN);
    const { code, out, err } = await runCommand(check, cwd, ["spec.mlops", "--sarif", "-"]);
    expect(code).toBe(1);
    expect(validate(JSON.parse(out))).toBe(true);
    expect(err).toContain("spec.mlops: ");
    const both = await runCommand(check, cwd, ["spec.mlops", "--sarif", "-"], true);
    expect(both).toMatchObject({ code: 1, out: "" });
    expect(both.err).toContain("ML8051");
  });

  it("keeps --json's document beside a file of SARIF", async () => {
    write("spec.mlops", BROKEN);
    const { out } = await runCommand(check, cwd, ["spec.mlops", "--sarif", "beside.sarif"], true);
    expect(JSON.parse(out)).toHaveProperty("diagnostics");
    expect(validate(JSON.parse(readFileSync(join(cwd, "beside.sarif"), "utf8")))).toBe(true);
  });
});

it("files that come with the language are named without a path of this machine", () => {
  const found: Diagnostic = {
    code: "ML2005",
    severity: "error",
    message: "m",
    file: "std:gates.mlops",
    range: { line: 1, column: 1, endLine: 1, endColumn: 2 },
    related: [],
    fixes: [],
    help: null,
    page: "",
  };
  const log = sarifLog([found], {
    cwd,
    version: "1.0.0",
    page: () => null,
    line: () => "",
  }) as unknown as Log;
  expect(validate(log)).toBe(true);
  expect(log.runs[0].results[0]?.locations[0].physicalLocation.artifactLocation).toEqual({
    uri: "std:gates.mlops",
  });
});

it("a chain of causes stands among the related locations", () => {
  const range = { line: 1, column: 1, endLine: 1, endColumn: 2 };
  const at = { file: "a.mlops", range };
  const found: Diagnostic = {
    code: "ML8050",
    severity: "info",
    message: "the model `m` did not run",
    ...at,
    related: [],
    fixes: [],
    help: null,
    page: "",
    because: {
      code: "ML8050",
      message: "the features",
      ...at,
      because: { code: "ML4001", message: "no file", ...at },
    },
  };
  const log = sarifLog([found], {
    cwd,
    version: "1.0.0",
    page: () => null,
    line: () => "",
  }) as unknown as Log;
  expect(validate(log)).toBe(true);
  expect(log.runs[0].results[0]?.relatedLocations?.map(({ message }) => message?.text)).toEqual([
    "because ML8050: the features",
    "because ML4001: no file",
  ]);
});

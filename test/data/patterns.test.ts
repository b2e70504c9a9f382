/** Patterns and formats that the checker refuses are refused by DuckDB's RE2 and strptime too: no false alarm. */
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { formatProblem } from "../../language/check/moment-format.ts";
import { patternProblem } from "../../language/check/pattern.ts";
import { text } from "../../runtime/data/sql.ts";

let runs: (sql: string) => Promise<boolean>;
beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  runs = async (sql) => {
    try {
      await connection.runAndReadAll(sql);
      return true;
    } catch {
      return false;
    }
  };
});

const isPattern = (pattern: string) => runs(`SELECT regexp_full_match('a', ${text(pattern)})`);

describe("a pattern", () => {
  it.each([
    "[A-Z]{2}[0-9]+",
    "(?i)abc",
    "(?P<year>[0-9]{4})-(?P<month>..)",
    "(?:a|b)*?c+?",
    "[]a]",
    "[^]a]+",
    "[[:alpha:]]+",
    "\\Q(((\\E",
    "a{,5}",
    "(|a)",
    "()",
    "\\pL+\\p{Greek}",
    "\\d\\D\\w\\z",
    "^$",
    "(?i:x)y",
    "(?s).*",
    "[\\]]",
    "[(-[:alpha:]",
    "[\\a-[:alpha:]",
    "\\11",
    "",
  ])("%s is fine", async (pattern) => {
    expect(await isPattern(pattern)).toBe(true);
    expect(patternProblem(pattern)).toBeNull();
  });

  it.each([
    "(a",
    "a)",
    "[a",
    "*a",
    "a|*",
    "(*)",
    "(?=a)",
    "(?!a)",
    "(?<=a)b",
    "(?<!a)b",
    "(a)\\1",
    "a\\",
    "^(a|b",
  ])("%s is refused", async (pattern) => {
    expect(await isPattern(pattern)).toBe(false);
    expect(patternProblem(pattern)).not.toBeNull();
  });

  it("is never refused that RE2 takes", async () => {
    const piece = fc.constantFrom(
      ..."ab()[]{}*+?|^$.\\-:1=!<PQEdi,".split(""),
      "(?",
      "(?:",
      "(?i)",
      "[^",
      "\\Q",
      "\\E",
      "[:alpha:]",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const pattern = pieces.join("");
        if (patternProblem(pattern) !== null)
          expect([pattern, await isPattern(pattern)]).toEqual([pattern, false]);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("a format", () => {
  it.each([
    ["YYYY-MM-DD", "%Y-%m-%d"],
    ["dd/mm/yyyy", null],
    ["DD.MM.YYYY HH:MM:SS", "%d.%m.%Y %H:%M:%S"],
    ["yyyy-MM-dd", "%Y-%m-%d"],
    ["YYYY-MM-DD HH24:MI", "%Y-%m-%d %H:%M"],
  ])("%s is no strptime format", (format, meant) => {
    const found = formatProblem(format);
    expect(found).not.toBeNull();
    if (meant !== null) expect(found?.meant).toBe(meant);
  });

  it.each(["%Y-%m-%d", "%d.%m.%y", "%d/%m/%Y %H:%M:%S", "%Y%m%d", "%b %d, %Y", "%Y-%m-%dT%H:%M:%S.%f%z"])(
    "%s is fine",
    (format) => expect(formatProblem(format)).toBeNull(),
  );

  it("is read by strptime when it is not refused", async () => {
    for (const letter of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ%0".split("")) {
      const format = `%Y %${letter}`;
      if (formatProblem(format) !== null) continue;
      expect([format, await runs(`SELECT try_strptime('2026 1', ${text(format)})`)]).toEqual([format, true]);
    }
  });
});

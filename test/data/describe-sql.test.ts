/** Queries are described before anything runs: what DuckDB or SQLite would refuse is found where it is written. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { placeInText } from "../../language/check/place-in-text.ts";
import { compile } from "../../language/compile.ts";
import type { Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { applyFixes } from "../../language/diagnostics/fix.ts";
import { describeQueries } from "../../runtime/data/describe-sql.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";

const project = mkdtempSync(join(tmpdir(), "mlops-describe-"));
afterAll(() => rmSync(project, { recursive: true, force: true }));

async function described(text: string): Promise<readonly Diagnostic[]> {
  const { program, diagnostics } = compile({ files: { read: () => text }, entry: "spec.mlops", vocabulary });
  if (program === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return describeQueries(program, {
    project,
    locate: (attribute, value, at, length) => placeInText(text, attribute, value, at, length),
  });
}

const LOANS = `dataset loans: csv {
  path = "loans.csv"
  schema {
    income: float
    opened: date
    approved: category label positive "yes"
  }
}

dataset spare: csv {
  path = "spare.csv"
  schema {
    code: string
  }
}

dataset wild: parquet {
  path = "wild.parquet"
}
`;
const query = (written: string, schema = "", from = "loans") =>
  `${LOANS}\ndataset asked: sql {\n  from = [${from}]\n  query = ${written}\n${schema}}\n`;
const schema = (columns: string) => `  schema {\n    ${columns}\n  }\n`;

/** The text that a finding points at. */
function pointed(text: string, { range }: Diagnostic): string {
  return (text.split("\n")[range.line - 1] ?? "").slice(range.column - 1, range.endColumn - 1);
}

describe("a query that DuckDB refuses", () => {
  const refused: readonly (readonly [what: string, text: string, message: RegExp, at: string])[] = [
    ["an unknown column", query('"SELECT incme FROM loans"'), /`incme`; did you mean `income`\?/, "incme"],
    [
      "one behind a table's name, in a text block",
      query('"""\n    SELECT\n      income,\n      l.opned\n    FROM loans l\n    """'),
      /`opned`; did you mean `opened`\?/,
      "opned",
    ],
    ["behind signs of several bytes", query("\"SELECT 'für 5€', incme FROM loans\""), /`incme`/, "incme"],
    ["an unknown table", query('"SELECT * FROM laons"'), /`laons`; did you mean `loans`\?/, "laons"],
    ["a dataset that `from` lacks", query('"SELECT * FROM spare"'), /add `spare` to `from`/, "s"],
    [
      "an unknown function",
      query('"SELECT roundd(income) FROM loans"'),
      /`roundd`; did you mean `round`/,
      "roundd",
    ],
    ["a misspelled word", query('"SELECT income FORM loans"'), /`FORM`; did you mean `FROM`\?/, "FORM"],
    ["an open bracket", query('"SELECT (income FROM loans"'), /cannot be read from `FROM` on/, "F"],
    ["an end too early", query('"SELECT income FROM loans WHERE"'), /ends too early/, ""],
    ["types that do not meet", query('"SELECT income + opened FROM loans"'), /DOUBLE, DATE/, "+"],
    ["another statement", query('"DELETE FROM loans"'), /one SELECT/, 'query = "DELETE FROM loans"'],
    ["two statements", query('"SELECT 1; SELECT 2"'), /one SELECT/, 'query = "SELECT 1; SELECT 2"'],
    ["a file", query("\"SELECT * FROM read_csv('/etc/hosts')\""), /file/, "r"],
  ];
  it.each(refused)("%s", async (_, text, message, at) => {
    const [found, ...more] = await described(text);
    expect(found?.code).toBe("ML4007");
    expect(found?.message).toMatch(message);
    expect(found?.message).not.toContain("\n");
    if (at !== "") expect(pointed(text, found!)).toBe(at);
    expect(more).toEqual([]);
  });

  it("is mended by its fix", async () => {
    const text = query('"""\n    SELECT incme, l.opned AS o\n    FROM loans l\n    """');
    let mended = text;
    for (let round = 0; round < 3; round += 1) {
      const { files } = applyFixes(await described(mended), () => mended);
      mended = files.get("spec.mlops") ?? mended;
    }
    expect(mended).toBe(text.replace("incme", "income").replace("opned", "opened"));
    expect(await described(mended)).toEqual([]);
  });

  it("may be one over another query, whose columns are its own", async () => {
    const text = `${query('"SELECT income * 2 AS twice FROM loans"')}\ndataset again: sql {\n  from = [asked]\n  query = "SELECT twce FROM asked"\n}\n`;
    const found = await described(text);
    expect(found.map(({ message }) => message)).toEqual([
      "The query does not run: no column is called `twce`; did you mean `twice`?",
    ]);
  });

  it("points at the attribute where the text is put together or escaped", async () => {
    const [found] = await described(query('"SELECT \\"incme\\" FROM loans"'));
    expect(pointed(query('"SELECT \\"incme\\" FROM loans"'), found!)).toContain("query =");
  });

  it("is said to change from run to run", async () => {
    expect((await described(query('"SELECT random() AS r FROM loans"'))).map(({ code }) => code)).toEqual([
      "ML4015",
    ]);
  });
});

describe("what a query gives, against the schema", () => {
  const codes = async (text: string) => (await described(text)).map(({ code }) => code);

  it("columns that it lacks", async () => {
    const text = query('"SELECT income AS incom FROM loans"', schema("income: float"));
    const [found] = await described(text);
    expect(found).toMatchObject({
      code: "ML4002",
      message: "The query has no column income: did you mean incom?",
    });
    expect(pointed(text, found!)).toBe("income: float");
  });

  it("types that cannot be read", async () => {
    expect(await codes(query('"SELECT opened FROM loans"', schema("opened: float")))).toEqual(["ML4080"]);
    expect(await codes(query('"SELECT [1, 2] AS a FROM loans"', schema("a: int")))).toEqual(["ML4080"]);
    expect(await codes(query('"SELECT income FROM loans"', schema("income: timestamp")))).toEqual(["ML4080"]);
  });

  it("types that may well be read are left alone", async () => {
    for (const [expression, type] of [
      ["income::INT", "float"],
      ["income::DECIMAL(10, 2)", "int"],
      ["income > 5", "int"],
      ["approved", "float"],
      ["approved", "date"],
      ["opened", "timestamp"],
      ["opened", "string"],
      ["20261231", 'date format "%Y%m%d"'],
    ] as const) {
      expect(await codes(query(`"SELECT ${expression} AS a FROM loans"`, schema(`a: ${type}`)))).toEqual([]);
    }
  });

  it("a feature computed from the label", async () => {
    const label = schema('good: boolean\n    approved: category label positive "yes"');
    expect(await codes(query("\"SELECT approved = 'yes' AS good, approved FROM loans\"", label))).toEqual([
      "ML4081",
    ]);
    // What a window looks at may be other rows, from before.
    const window = "\"SELECT lag(approved) OVER (ORDER BY opened) = 'yes' AS good, approved FROM loans\"";
    expect(await codes(query(window, label))).toEqual([]);
  });

  it("nothing is said where the source's columns are known only from its data", async () => {
    expect(await codes(query('"SELECT anything FROM wild"', "", "wild"))).toEqual([]);
    expect(await codes(query('"SELECT anything FORM wild"', "", "wild"))).toEqual(["ML4007"]);
  });
});

describe("a SQLite query", () => {
  const database = new DatabaseSync(join(project, "shop.db"));
  database.exec("CREATE TABLE Payment (id INTEGER, amount REAL)");
  database.close();
  const sqlite = (body: string, path = "shop.db") =>
    `dataset paid: sqlite {\n  path = "${path}"\n  ${body}\n}\n`;

  it.each([
    ['query = "SELECT amont FROM Payment"', "no column is called `amont`; did you mean `amount`?"],
    ['query = "SELECT * FROM Paymnt"', "no table is called `Paymnt`; did you mean `Payment`?"],
    ['table = "payments"', "no table is called `payments`; did you mean `Payment`?"],
  ])("%s", async (body, problem) => {
    expect((await described(sqlite(body))).map(({ message }) => message)).toEqual([
      `The query does not run: ${problem}`,
    ]);
  });

  it("gives what the schema wants, or that is said", async () => {
    const found = await described(sqlite(`table = "Payment"\n${schema("id: int\n    total: float")}`));
    expect(found.map(({ code }) => code)).toEqual(["ML4002"]);
  });

  it("of a database that is not here is left alone", async () => {
    expect(await described(sqlite('query = "SELECT amont FROM Payment"', "elsewhere.db"))).toEqual([]);
  });
});

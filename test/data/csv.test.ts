import { describe, expect, it } from "vitest";
import { loadTable } from "../../runtime/data/load.ts";
import { column, failureOf, Project } from "./support.ts";

const people = [
  column("id", "string", { role: "key" }),
  column("age", "int", { min: 0, max: 120 }),
  column("income", "float", { nullable: true }),
  column("area", "category", { values: ["urban", "rural"] }),
  column("member", "boolean"),
  column("since", "date"),
];

async function columnsOf(project: Project, ref: string) {
  const table = await loadTable(project.store, project.source(ref));
  return Object.fromEntries(
    [...table.columns].map(([name, read]) => [
      name,
      read.type === "number"
        ? [...read.values]
        : [...read.codes].map((code) => (code < 0 ? null : read.levels[code])),
    ]),
  );
}

describe("a csv dataset", () => {
  it("types its columns as the schema says", async () => {
    const project = new Project().write(
      "people.csv",
      'id,age,income,area,member,since\na1,34,1200.5,urban,yes,2024-01-01\na2,7,,rural,0,2024-02-29\na3,12.0,-0.1e3,"urban",TRUE,1970-01-02\n',
    );
    const result = await project.dataset("people", "csv", { path: "people.csv", schema: people });
    expect(result.summary).toMatchObject({ rows: 3, source_rows: 3, dropped: 0, bad_rows: 0 });
    expect(await columnsOf(project, "dataset.people")).toEqual({
      id: ["a1", "a2", "a3"],
      age: [34, 7, 12],
      income: [1200.5, Number.NaN, -100],
      area: ["urban", "rural", "urban"],
      member: [1, 0, 1],
      since: [1704067200, 1709164800, 86400],
    });
  });

  it("names file, line, column, value and rule of every bad row, though quoted fields hold new lines", async () => {
    const project = new Project().write(
      "people.csv",
      'id,age,income,area,member,since\n"a\n1",34,1,urban,yes,2024-01-01\na2,old,1,rural,no,2024-01-01\na2,200,x,desert,perhaps,2024-13-01\n,1,1,urban,yes,2024-01-01\n',
    );
    const failure = await failureOf(project.dataset("people", "csv", { path: "people.csv", schema: people }));
    expect(failure.code).toBe("ML4004");
    expect(failure.values).toMatchObject({ count: "4", total: "4" });
    expect(failure.details).toEqual([
      'people.csv:4:4: age "old" is not a whole number of 64 bits',
      'people.csv:5:4: age "200" is not at most 120',
      'people.csv:5:8: income "x" is not a finite number',
      'people.csv:5:10: area "desert" is not one of urban, rural',
      'people.csv:5:17: member "perhaps" is not true or false (yes, no, 1, 0)',
      'people.csv:5:25: since "2024-13-01" is not a date (ISO 8601, 2024-12-31)',
      "people.csv:6:1: id (empty) is not a value (it is missing)",
      'people.csv:5:1: id "a2" is not unique (first at people.csv:4:1)',
    ]);
  });

  const damaged = 'id,x\n1,1\n2\n3,3,3\n4,"four\n5,5\n6,b\n7,7\n';
  const schema = [column("id", "int", { role: "key" }), column("x", "float")];

  it("fails, drops or keeps bad rows, and counts them", async () => {
    const project = new Project().write("d.csv", damaged);
    const failure = await failureOf(project.dataset("d", "csv", { path: "d.csv", schema }));
    expect(failure.code).toBe("ML4003");
    expect(failure.details).toEqual([
      "d.csv:3: 1 field instead of 2",
      "d.csv:4: 3 fields instead of 2",
      "d.csv:5: a quote that is never closed",
    ]);

    const dropped = await project.dataset("d", "csv", { path: "d.csv", schema, on_bad_row: "drop" });
    expect(dropped.summary).toMatchObject({
      rows: 3,
      source_rows: 7,
      dropped: 4,
      bad_rows: 4,
      bad_cells: { x: 1 },
    });
    expect(await columnsOf(project, "dataset.d")).toEqual({ id: [1, 5, 7], x: [1, 5, 7] });
    expect(dropped.diagnostics?.[0]).toMatchObject({
      code: "ML4011",
      values: { columns: "unreadable 3, x 1" },
    });
    expect(dropped.notes).toContain('d.csv:7:3: x "b" is not a finite number');

    const kept = await project.dataset("d", "csv", { path: "d.csv", schema, on_bad_row: "keep" });
    expect(kept.summary).toMatchObject({ rows: 4, source_rows: 7, dropped: 3, bad_rows: 4 });
    expect(await columnsOf(project, "dataset.d")).toEqual({ id: [1, 5, 6, 7], x: [1, 5, Number.NaN, 7] });
  });

  it("refuses bytes that are not UTF-8, with their line", async () => {
    const project = new Project().write("d.csv", Buffer.from("id,x\n1,caf\xe9\n2,ok\n", "latin1"));
    const failure = await failureOf(
      project.dataset("d", "csv", { path: "d.csv", schema: [column("id", "int"), column("x", "string")] }),
    );
    expect(failure.details).toEqual(["d.csv:2: bytes that are not UTF-8"]);
  });

  it("says once which columns are missing, and what was probably meant", async () => {
    const project = new Project().write("d.csv", "Loan_ID,applicantincome,other\n1,2,3\n");
    const failure = await failureOf(
      project.dataset("d", "csv", {
        path: "d.csv",
        schema: [column("Loan_ID", "int"), column("ApplicantIncome", "float"), column("Zone", "category")],
      }),
    );
    expect(failure).toMatchObject({
      code: "ML4002",
      values: { columns: "ApplicantIncome, Zone" },
      pointer: "/schema/1",
    });
    expect(failure.details?.[0]).toBe("ApplicantIncome: did you mean applicantincome?");
  });

  it("says which file is missing, and of which columns only case tells them apart", async () => {
    const project = new Project().write("d.csv", "a,A\n1,2\n");
    expect(await failureOf(project.dataset("d", "csv", { path: "e.csv" }))).toMatchObject({ code: "ML4001" });
    expect(await failureOf(project.dataset("d", "csv", { path: "d.csv" }))).toMatchObject({ code: "ML4005" });
  });

  it.each([
    ["a byte order mark", "\ufeffa,b\n1,x\n2,y\n"],
    ["Windows line ends", "a,b\r\n1,x\r\n2,y\r\n"],
    ["old Macintosh line ends", "a,b\r1,x\r2,y\r"],
    ["mixed line ends", "a,b\r\n1,x\n2,y\r\n"],
    ["no last line end", "a,b\n1,x\n2,y"],
    ["blank lines", "a,b\n\n1,x\n\n\n2,y\n\n"],
    ["semicolons", "a;b\n1;x\n2;y\n"],
    ["tabs", "a\tb\n1\tx\n2\ty\n"],
    ["quotes everywhere", '"a","b"\n"1","x"\n"2","y"\n'],
  ])("reads a file with %s", async (_, content) => {
    const project = new Project().write("d.csv", content);
    await project.dataset("d", "csv", { path: "d.csv", schema: [column("b", "string"), column("a", "int")] });
    expect(await columnsOf(project, "dataset.d")).toEqual({ a: [1, 2], b: ["x", "y"] });
  });

  it("keeps quotes, delimiters, new lines and non-ASCII letters of values", async () => {
    const project = new Project().write("d.csv", 'a\n"x ""y"", z"\n"two\nlines"\nnaïve 🚀\nbare"quote\n');
    await project.dataset("d", "csv", { path: "d.csv", delimiter: ",", schema: [column("a", "string")] });
    expect(await columnsOf(project, "dataset.d")).toEqual({
      a: ['x "y", z', "two\nlines", "naïve 🚀", 'bare"quote'],
    });
  });

  it("reads the files of a glob in name order, whatever the order of their columns", async () => {
    const project = new Project().write("p/2.csv", "b,a\ny,2\n").write("p/1.csv", "a,b\n1,x\n");
    await project.dataset("d", "csv", {
      path: "p/*.csv",
      schema: [column("a", "int"), column("b", "string")],
    });
    expect(await columnsOf(project, "dataset.d")).toEqual({ a: [1, 2], b: ["x", "y"] });
  });

  it("takes the schema's spellings of missing", async () => {
    const project = new Project().write("d.csv", "a,b\nNA,?\n1,x\n");
    const nullable = { nullable: true };
    await project.dataset("d", "csv", {
      path: "d.csv",
      missing: ["NA", "?"],
      schema: [column("a", "float", nullable), column("b", "category", nullable)],
    });
    expect(await columnsOf(project, "dataset.d")).toEqual({ a: [Number.NaN, 1], b: [null, "x"] });
  });

  it("reads dates in the schema's format, and moments with an offset as UTC", async () => {
    const project = new Project().write(
      "d.csv",
      "a,b\n31/12/1969,1970-01-01T02:00:00+02:00\n02/01/1970,1970-01-01 00:00:01.5\n",
    );
    await project.dataset("d", "csv", {
      path: "d.csv",
      schema: [column("a", "date", { format: "%d/%m/%Y" }), column("b", "timestamp")],
    });
    expect(await columnsOf(project, "dataset.d")).toEqual({ a: [-86400, 86400], b: [0, 1.5] });
  });

  it("keeps 64-bit integers whole", async () => {
    const project = new Project().write("d.csv", "a\n9223372036854775807\n9223372036854775808\n");
    const failure = await failureOf(
      project.dataset("d", "csv", { path: "d.csv", schema: [column("a", "int")] }),
    );
    expect(failure.details).toEqual(['d.csv:3:1: a "9223372036854775808" is not a whole number of 64 bits']);
  });

  it("masks redacted values", async () => {
    const project = new Project().write("d.csv", "a\nsecret\n");
    const schema = [column("a", "float", { redacted: true })];
    const failure = await failureOf(project.dataset("d", "csv", { path: "d.csv", schema }));
    expect(JSON.stringify(failure)).not.toContain("secret");
  });

  it("infers types when no schema is given", async () => {
    const project = new Project().write(
      "d.csv",
      `id,n,x,day,ok,kind,words\n${Array.from({ length: 60 }, (_, i) => `k${i}x,${i},${i}.5,2024-01-01,${i % 2 ? "true" : "false"},${i % 3 ? "a" : ""},some words here ${i}`).join("\n")}\n`,
    );
    const { summary } = await project.dataset("d", "csv", { path: "d.csv" });
    expect(
      (summary["columns"] as unknown as { name: string; type: string; nullable: boolean }[]).map(
        ({ name, type, nullable }) => `${name}: ${type}${nullable ? " nullable" : ""}`,
      ),
    ).toEqual([
      "id: string",
      "n: int",
      "x: float",
      "day: date",
      "ok: boolean",
      "kind: category nullable",
      "words: text",
    ]);
  });

  it("gives the same bytes on one thread and on many", async () => {
    const content = `a,b,c\n${Array.from({ length: 200_000 }, (_, i) => `${i},${(i * 7919) % 1000},v${i % 17}`).join("\n")}\n`;
    const digests = new Set<string>();
    for (const threads of [1, 2, 4]) {
      const project = new Project().write("d.csv", content);
      project.threads = threads;
      const result = await project.dataset("d", "csv", {
        path: "d.csv",
        schema: [column("a", "int", { role: "key" }), column("b", "float"), column("c", "category")],
        split: { seed: 1, stratify: "c", parts: { train: 0.7, test: 0.3 } },
      });
      digests.add(result.outputs["rows"]!);
    }
    expect(digests.size).toBe(1);
  });
});

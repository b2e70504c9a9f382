import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { loadTable } from "../../runtime/data/load.ts";
import { withSession } from "../../runtime/data/session.ts";
import { column, failureOf, Project } from "./support.ts";

async function valuesOf(project: Project, ref: string) {
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

const birds = [
  column("species", "category"),
  column("mass", "float", { nullable: true }),
  column("banded", "boolean", { nullable: true }),
];

describe("a json dataset", () => {
  const content = `[
  {"species": "Adélie", "mass": 3750, "banded": true},
  {"species": "Gentoo", "mass": null},
  {"mass": 12.5, "species": "a \\"b\\"", "banded": false, "extra": [1, {"x": 2}]}
]`;

  it("reads an array of objects, keys in any order or absent", async () => {
    const project = new Project().write("b.json", content);
    await project.dataset("b", "json", { path: "b.json", schema: birds });
    expect(await valuesOf(project, "dataset.b")).toEqual({
      species: ["Adélie", "Gentoo", 'a "b"'],
      mass: [3750, Number.NaN, 12.5],
      banded: [1, Number.NaN, 0],
    });
  });

  it("names line and column of a bad value", async () => {
    const project = new Project().write("b.json", content.replace("3750", '"heavy"'));
    const failure = await failureOf(project.dataset("b", "json", { path: "b.json", schema: birds }));
    expect(failure.details).toEqual(['b.json:2:25: mass "heavy" is not a finite number']);
  });

  it("says where the file stops being JSON", async () => {
    const project = new Project().write("b.json", '[\n  {"a": 1},\n  {"a": }\n]');
    const failure = await failureOf(project.dataset("b", "json", { path: "b.json" }));
    expect(failure).toMatchObject({ code: "ML4006", values: { file: "b.json" } });
    expect(failure.values["problem"]).toMatch(/^line 3, column 9: /);
  });

  it("refuses elements that are no objects, and files without an array", async () => {
    const project = new Project().write("b.json", '[{"a": 1}, 2]').write("c.json", '{"a": 1}');
    expect((await failureOf(project.dataset("b", "json", { path: "b.json" }))).values["problem"]).toBe(
      "element 2 of its array is no object",
    );
    expect((await failureOf(project.dataset("c", "json", { path: "c.json" }))).values["problem"]).toContain(
      "jsonl",
    );
  });

  it("finds a key that no object has", async () => {
    const project = new Project().write("b.json", '[{"Mass": 1}]');
    const failure = await failureOf(
      project.dataset("b", "json", { path: "b.json", schema: [column("mass", "float", { nullable: true })] }),
    );
    expect(failure).toMatchObject({
      code: "ML4002",
      values: { columns: "mass", hint: ": did you mean Mass?" },
    });
  });

  it("infers its columns in order of appearance", async () => {
    const project = new Project().write("b.json", '[{"z": 1, "a": "x"}, {"k": true, "z": 2.5}]');
    const { summary } = await project.dataset("b", "json", { path: "b.json" });
    expect(
      (summary["columns"] as { name: string; type: string }[]).map(({ name, type }) => [name, type]),
    ).toEqual([
      ["z", "float"],
      ["a", "string"],
      ["k", "boolean"],
    ]);
  });
});

describe("a jsonl dataset", () => {
  it("reports broken lines by number, and leaves them out when told to", async () => {
    const project = new Project().write("e.jsonl", '{"a": 1}\n\n{"a": \n[3]\n{"a": "x"}\n{"a": 5}\n');
    const schema = [column("a", "int")];
    const failure = await failureOf(project.dataset("e", "jsonl", { path: "e.jsonl", schema }));
    expect(failure.code).toBe("ML4003");
    expect(failure.details?.map((line) => line.split(" ")[0])).toEqual(["e.jsonl:3:", "e.jsonl:4:"]);
    const dropped = await project.dataset("e", "jsonl", { path: "e.jsonl", schema, on_bad_row: "drop" });
    expect(dropped.summary).toMatchObject({ rows: 2, source_rows: 5, dropped: 3, bad_rows: 3 });
    expect(dropped.notes).toContain('e.jsonl:5:2: a "x" is not a whole number of 64 bits');
    expect(await valuesOf(project, "dataset.e")).toEqual({ a: [1, 5] });
  });
});

describe("a parquet dataset", () => {
  it("keeps the file's types, and holds a declared schema to them", async () => {
    const project = new Project();
    const file = join(project.folder, "p.parquet");
    await withSession({ root: project.store.root }, (session) =>
      session.run(
        `COPY (SELECT range AS i, CASE WHEN range <> 1 THEN range / 4 ELSE 'nan'::DOUBLE END AS x, range = 1 AS ok,
           DATE '2024-01-01' + range::INTEGER AS day, 'k' || range AS name FROM range(3)) TO '${file}'`,
      ),
    );
    const { summary } = await project.dataset("p", "parquet", { path: "p.parquet" });
    expect(
      (summary["columns"] as { name: string; type: string }[]).map(({ name, type }) => `${name}: ${type}`),
    ).toEqual(["i: int", "x: float", "ok: boolean", "day: date", "name: string"]);
    expect((await valuesOf(project, "dataset.p"))["x"]).toEqual([0, Number.NaN, 0.5]);
    const failure = await failureOf(
      project.dataset("p", "parquet", {
        path: "p.parquet",
        schema: [column("x", "int", { nullable: true })],
      }),
    );
    expect(failure.details).toEqual(['p.parquet: row 3, x: x "0.5" is not a whole number of 64 bits']);
  });

  it("says that a file is no Parquet", async () => {
    const project = new Project().write("p.parquet", "id,x\n1,2\n");
    expect(await failureOf(project.dataset("p", "parquet", { path: "p.parquet" }))).toMatchObject({
      code: "ML4006",
    });
  });
});

describe("a text dataset", () => {
  it("has one row a line, blank ones missing", async () => {
    const project = new Project().write("t.txt", '\ufeffone\r\n\ntwo, "three"\nlast');
    const { summary } = await project.dataset("t", "text", { path: "t.txt" });
    expect(summary["rows"]).toBe(4);
    expect(await valuesOf(project, "dataset.t")).toEqual({ text: ["one", null, 'two, "three"', "last"] });
  });

  it("has one row a file when told so", async () => {
    const project = new Project().write("t/b.txt", "b\nb").write("t/a.txt", "a");
    await project.dataset("t", "text", { path: "t/*.txt", unit: "file" });
    expect(await valuesOf(project, "dataset.t")).toEqual({ text: ["a", "b\nb"] });
  });
});

describe("a sqlite dataset", () => {
  function database(project: Project): void {
    const db = new DatabaseSync(join(project.folder, "m.db"));
    db.exec("CREATE TABLE Invoice (Id INTEGER PRIMARY KEY, Total REAL, Country TEXT)");
    const insert = db.prepare("INSERT INTO Invoice VALUES (?, ?, ?)");
    db.exec("BEGIN");
    for (let i = 1; i <= 5000; i++)
      insert.run(i === 5000 ? 9007199254740993n : i, i / 3, i % 2 ? "Norway" : null);
    db.exec("COMMIT");
    db.close();
  }

  it("reads a table in chunks, integers whole", async () => {
    const project = new Project();
    database(project);
    const { summary } = await project.dataset("i", "sqlite", {
      path: "m.db",
      table: "Invoice",
      schema: [
        column("Id", "int", { role: "key" }),
        column("Total", "float"),
        column("Country", "category", { nullable: true }),
      ],
    });
    expect(summary).toMatchObject({ rows: 5000 });
    const values = await valuesOf(project, "dataset.i");
    expect(values["Total"]).toEqual(Array.from({ length: 5000 }, (_, i) => (i + 1) / 3));
    expect(values["Country"]?.slice(0, 2)).toEqual(["Norway", null]);
  });

  it("reads a query, and says what the database has when a name is wrong", async () => {
    const project = new Project();
    database(project);
    await project.dataset("i", "sqlite", { path: "m.db", query: "SELECT count(*) AS n FROM Invoice" });
    expect(await valuesOf(project, "dataset.i")).toEqual({ n: [5000] });
    const failure = await failureOf(project.dataset("i", "sqlite", { path: "m.db", table: "Invoices" }));
    expect(failure).toMatchObject({
      code: "ML4007",
      values: { problem: "no table Invoices; did you mean Invoice?" },
    });
    expect(
      await failureOf(project.dataset("i", "sqlite", { path: "m.db", query: "SELECT nothing" })),
    ).toMatchObject({
      code: "ML4007",
      pointer: "/query",
    });
    expect(await failureOf(project.dataset("i", "sqlite", { path: "m.db" }))).toMatchObject({
      code: "ML4012",
    });
  });
});

describe("a sql dataset", () => {
  async function upstream(): Promise<Project> {
    const project = new Project()
      .write("c.csv", "id,country\n1,NO\n2,DE\n3,NO\n")
      .write("o.csv", "customer,amount\n1,10\n1,5.5\n2,3\n9,100\n");
    await project.dataset("customers", "csv", {
      path: "c.csv",
      schema: [column("id", "int", { role: "key" }), column("country", "category")],
      split: { by: "position", parts: { train: 0.67, test: 0.33 } },
    });
    await project.dataset("orders", "csv", {
      path: "o.csv",
      schema: [column("customer", "int"), column("amount", "float")],
    });
    return project;
  }

  const from = [{ ref: "dataset.customers" }, { ref: "dataset.orders" }];

  it("joins, groups and orders by all columns when the query does not say", async () => {
    const project = await upstream();
    await project.dataset("j", "sql", {
      from,
      query:
        "SELECT country, count(amount) AS n, sum(amount) AS total FROM customers LEFT JOIN orders ON id = customer GROUP BY country",
    });
    expect(await valuesOf(project, "dataset.j")).toEqual({
      country: ["DE", "NO"],
      n: [1, 2],
      total: [3, 15.5],
    });
  });

  it("keeps the query's order, ties by all columns, under a limit too", async () => {
    const project = await upstream();
    await project.dataset("j", "sql", {
      from,
      query: "SELECT id, country FROM customers ORDER BY country DESC LIMIT 1",
    });
    expect(await valuesOf(project, "dataset.j")).toEqual({ id: [1], country: ["NO"] });
    await project.dataset("j", "sql", { from, query: "SELECT customer FROM orders LIMIT 2;" });
    expect(await valuesOf(project, "dataset.j")).toEqual({ customer: [1, 1] });
  });

  it("reads one part of a dataset", async () => {
    const project = await upstream();
    await project.dataset("j", "sql", {
      from: [{ ref: "dataset.customers", part: "test" }],
      query: "SELECT * FROM customers",
    });
    expect((await valuesOf(project, "dataset.j"))["id"]).toEqual([3]);
  });

  it.each([
    ["SELECT nope FROM orders", "ML4007"],
    ["SELEC 1", "ML4007"],
    ["DROP TABLE orders", "ML4007"],
    ["SELECT * FROM read_csv('c.csv')", "ML4007"],
    ["SELECT amount, random() AS r FROM orders", "ML4015"],
    ["SELECT amount FROM orders WHERE now() > DATE '2020-01-01'", "ML4015"],
  ])("refuses %s", async (query, code) => {
    const project = await upstream();
    expect(await failureOf(project.dataset("j", "sql", { from, query }))).toMatchObject({ code });
  });
});

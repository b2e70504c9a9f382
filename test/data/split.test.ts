import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadTable } from "../../runtime/data/load.ts";
import { withSession } from "../../runtime/data/session.ts";
import { column, failureOf, Project, type Props } from "./support.ts";

const schema = [
  column("id", "int", { role: "key" }),
  column("group", "category"),
  column("label", "category"),
  column("at", "timestamp", { nullable: true }),
];

interface Row {
  id: number;
  group: string;
  label: string;
  at: number | null;
}

/** Part of each row by id. */
async function parted(
  project: Project,
  rows: readonly Row[],
  split: Props,
): Promise<Map<number, string | null>> {
  const moment = (at: number | null) => (at === null ? "" : new Date(at * 1000).toISOString());
  project.write(
    "d.csv",
    `id,group,label,at\n${rows.map((row) => `${row.id},${row.group},${row.label},${moment(row.at)}`).join("\n")}\n`,
  );
  const result = await project.dataset("d", "csv", { path: "d.csv", schema, split });
  const file = await project.store.file(result.outputs["rows"]!);
  const found = await withSession({ root: project.store.root }, (session) =>
    session.rows(`SELECT id, __part AS part FROM read_parquet('${file}') ORDER BY __row`),
  );
  return new Map(found.map((row) => [Number(row["id"]), row["part"] as string | null]));
}

const parts = { train: 0.7, validation: 0.15, test: 0.15 };
const rowsOf = (count: number, from = 0): Row[] =>
  Array.from({ length: count }, (_, i) => ({
    id: from + i,
    group: `g${(from + i) % 13}`,
    label: (from + i) % 10 < 3 ? "rare" : "common",
    at: (from + i) * 3600,
  }));
const count = (
  map: ReadonlyMap<number, string | null>,
  part: string | null,
  keep: (id: number) => boolean = () => true,
) => [...map].filter(([id, value]) => value === part && keep(id)).length;

describe("a split by hash", () => {
  it("takes rows as wide as an image", async () => {
    const project = new Project();
    const names = Array.from({ length: 520 }, (_, i) => `p${i}`);
    const rows = Array.from({ length: 10 }, (_, row) => names.map((_, i) => (row * i) % 7).join(","));
    project.write("wide.csv", [names.join(","), ...rows].join("\n"));
    const wide = names.map((name) => column(name, "float", { nullable: true }));
    const split = { seed: 1, parts: { train: 0.5, test: 0.5 } };
    const result = await project.dataset("wide", "csv", { path: "wide.csv", schema: wide, split });
    expect(result.summary).toMatchObject({ rows: 10 });
  });

  it("covers every row once, with shares exact to one row in every stratum and overall", async () => {
    const project = new Project();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("a", "b", "c"), { minLength: 40, maxLength: 120 }),
        fc.integer(),
        async (labels, seed) => {
          const rows = labels.map((label, id): Row => ({ id, group: "g", label, at: null }));
          const map = await parted(project, rows, { seed, stratify: "label", parts });
          expect(map.size).toBe(rows.length);
          for (const [part, share] of Object.entries(parts)) {
            expect(Math.abs(count(map, part) - share * rows.length)).toBeLessThanOrEqual(1);
            for (const label of ["a", "b", "c"]) {
              const of = labels.filter((value) => value === label).length;
              const here = count(map, part, (id) => labels[id] === label);
              expect(Math.abs(here - share * of)).toBeLessThan(2);
            }
          }
          expect(count(map, null)).toBe(0);
        },
      ),
      { numRuns: 12 },
    );
  });

  it("does not depend on the order of the rows", async () => {
    const project = new Project();
    const rows = rowsOf(200);
    const straight = await parted(project, rows, { seed: 1, parts });
    const reversed = await parted(project, [...rows].reverse(), { seed: 1, parts });
    expect([...reversed].sort(([a], [b]) => a - b)).toEqual([...straight]);
  });

  it("depends on the seed", async () => {
    const project = new Project();
    const first = await parted(project, rowsOf(200), { seed: 1, parts });
    const second = await parted(project, rowsOf(200), { seed: 2, parts });
    expect([...second]).not.toEqual([...first]);
  });

  it("moves few rows when rows are added", async () => {
    const project = new Project();
    for (const split of [
      { seed: 1, parts },
      { seed: 1, stratify: "label", parts },
    ]) {
      const before = await parted(project, rowsOf(1000), split);
      const after = await parted(project, rowsOf(1010), split);
      const moved = [...before].filter(([id, part]) => after.get(id) !== part).length;
      expect(moved).toBeLessThanOrEqual(20);
    }
  });

  it("keeps a group in one part", async () => {
    const map = await parted(new Project(), rowsOf(260), {
      seed: 3,
      group: "group",
      parts: { train: 0.6, test: 0.4 },
    });
    for (let g = 0; g < 13; g++) {
      expect(new Set([...map].filter(([id]) => id % 13 === g).map(([, part]) => part)).size).toBe(1);
    }
    expect(Math.abs(count(map, "train") - 156)).toBeLessThanOrEqual(20);
  });

  it("keeps rows that are equal in the distinct columns in one part", async () => {
    const map = await parted(new Project(), rowsOf(260), {
      distinct: ["group", "label"],
      parts: { train: 0.5, test: 0.5 },
    });
    const byUnit = Map.groupBy(rowsOf(260), (row) => `${row.group} ${row.label}`);
    for (const unit of byUnit.values()) expect(new Set(unit.map((row) => map.get(row.id))).size).toBe(1);
  });

  it("never divides identical rows when there is no key", async () => {
    const project = new Project().write(
      "d.csv",
      `x\n${Array.from({ length: 300 }, (_, i) => i % 20).join("\n")}\n`,
    );
    await project.dataset("d", "csv", {
      path: "d.csv",
      schema: [column("x", "int")],
      split: { seed: 1, parts: { train: 0.5, test: 0.5 } },
    });
    const of = async (part: string) => {
      const table = await loadTable(project.store, project.source("dataset.d", part));
      const x = table.columns.get("x");
      return new Set(x?.type === "number" ? x.values : []);
    };
    const [train, test] = [await of("train"), await of("test")];
    expect(train.size + test.size).toBe(20);
    expect([...train].filter((value) => test.has(value))).toEqual([]);
  });
});

describe("a split by order", () => {
  it("cuts by position", async () => {
    const map = await parted(new Project(), rowsOf(10), { by: "position", parts: { train: 0.7, test: 0.3 } });
    expect([...map.values()]).toEqual([...Array(7).fill("train"), ...Array(3).fill("test")]);
  });

  it("cuts by time, moments whole, rows without a moment in no part", async () => {
    const rows = [5, 1, 3, 3, 3, 2, null, 4, 0].map(
      (hour, id): Row => ({
        id,
        group: "g",
        label: "l",
        at: hour === null ? null : hour * 3600,
      }),
    );
    const map = await parted(new Project(), rows, { at: "at", parts: { train: 0.5, test: 0.5 } });
    expect([...map.values()]).toEqual([
      "test",
      "train",
      "train",
      "train",
      "train",
      "train",
      null,
      "test",
      "train",
    ]);
  });

  it("leaves a gap before the cut", async () => {
    const map = await parted(new Project(), rowsOf(10), {
      at: "at",
      gap: 7200,
      parts: { train: 0.6, test: 0.4 },
    });
    expect([...map.values()]).toEqual([...Array(4).fill("train"), null, null, ...Array(4).fill("test")]);
  });
});

describe("a split that cannot be", () => {
  it("is refused", async () => {
    const project = new Project();
    expect(await failureOf(parted(project, rowsOf(10), { at: "at", group: "group", parts }))).toMatchObject({
      code: "ML4013",
    });
    expect(await failureOf(parted(project, rowsOf(2), { seed: 1, parts }))).toMatchObject({ code: "ML4014" });
    expect(await failureOf(parted(project, rowsOf(10), { gap: 60, parts }))).toMatchObject({
      code: "ML4013",
    });
  });
});

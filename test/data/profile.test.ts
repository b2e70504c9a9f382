import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { proposeDataset } from "../../cli/propose-dataset.ts";
import { compile } from "../../language/compile.ts";
import { profileFile } from "../../runtime/data/profile.ts";
import { vocabulary } from "../../stdlib/vocabulary.ts";
import { failureOf, Project } from "./support.ts";

const signal = new AbortController().signal;
const csv = `id,mass (g),sex,day\n${Array.from({ length: 40 }, (_, i) => `p${i},${i === 3 ? "" : i * 2},${i % 2 ? "male" : "female"},2024-01-${String((i % 9) + 1).padStart(2, "0")}`).join("\n")}\n`;

describe("a profile", () => {
  it("counts, measures and draws every column", async () => {
    const project = new Project().write("birds.csv", `${csv}too,few\n`);
    const profile = await profileFile(join(project.folder, "birds.csv"), { signal });
    expect(profile).toMatchObject({ format: "csv", header: true, rows: 40, unreadable: 1 });
    expect(profile.examples).toEqual(["birds.csv:42: 2 fields instead of 4"]);
    const [id, mass, sex, day] = profile.columns;
    expect(id).toMatchObject({ type: "string", key: true, missing: 0, distinct: 40, histogram: null });
    expect(mass).toMatchObject({ type: "int", missing: 1, distinct: 39, range: { min: 0, max: 78 } });
    expect(mass!.histogram!.reduce((sum, rows) => sum + rows, 0)).toBe(39);
    expect(sex).toMatchObject({
      type: "category",
      top: [
        { value: "female", rows: 20 },
        { value: "male", rows: 20 },
      ],
    });
    expect(day).toMatchObject({ type: "date", range: { min: 1704067200 } });
  });

  it("proposes a declaration that checks and reads the file", async () => {
    const project = new Project().write("data/my birds-1.csv", csv);
    const profile = await profileFile(join(project.folder, "data/my birds-1.csv"), { signal });
    const text = proposeDataset(profile, "data/my birds-1.csv", null);
    expect(text).toBe(
      'dataset my_birds_1: csv {\n  path = "data/my birds-1.csv"\n\n  schema {\n    id: string key\n    `mass (g)`: int nullable\n    sex: category\n    day: date\n  }\n}\n',
    );
    const { diagnostics, program } = compile({
      files: { read: () => text },
      entry: "spec.mlops",
      vocabulary,
    });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const props = program!.declarations[0]!.props;
    expect((await project.dataset("my_birds_1", "csv", props)).summary).toMatchObject({
      rows: 40,
      bad_rows: 0,
    });
  });

  it("sees that a file has no line of names", async () => {
    const project = new Project().write("n.csv", "1,a\n2,b\n3,a\n4,b\n");
    const profile = await profileFile(join(project.folder, "n.csv"), { signal });
    expect(profile).toMatchObject({ header: false, rows: 4 });
    expect(proposeDataset(profile, "n.csv", null)).toContain("header = false");
  });

  it("says what is wrong with a path", async () => {
    const project = new Project();
    expect(await failureOf(profileFile(join(project.folder, "none.csv"), { signal }))).toMatchObject({
      code: "ML4001",
    });
  });
});

/** plan, run, runs, why and gc as people type them, on a small spec of real steps. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mlops } from "../samples/mlops.ts";

const folder = mkdtempSync(join(tmpdir(), "mlops-commands-"));
const spec = join(folder, "small.mlops");
const write = (depth: number, bound: number) =>
  writeFileSync(
    spec,
    `mlops 1

dataset points: csv {
  path = "rows.csv"
  schema {
    x: float
    z: float
    y: category label positive "yes"
  }
  split(seed = 1) { train = 60%, test = 40% }
}

model scorer: decision_tree {
  data = points.train
  depth = ${depth}
}

evaluation scored {
  model = scorer
  data = points.test
  metrics = [accuracy, f1]
}

gate ready {
  require scored.accuracy >= ${bound}
}

release tree {
  model = scorer
  gate = ready
}
`,
  );

beforeAll(() => {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const [x, z] = [(i * 37) % 101, (i * 53) % 97];
    return `${x},${z},${x + z > 100 ? "yes" : "no"}`;
  });
  writeFileSync(join(folder, "rows.csv"), `x,z,y\n${rows.join("\n")}\n`);
  write(3, 0.6);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const json = async (...args: string[]) => JSON.parse((await mlops([...args, "--json"], folder)).out);

describe("one project, from first plan to gc", () => {
  it("plan: everything is a first run", async () => {
    const { status, out } = await mlops(["plan", spec], folder);
    expect(status).toBe(0);
    expect(out).toMatch(/^STEP +ACTION +LAST TIME +WHY\ndataset points +run +- +first run\n/);
    expect(out).toContain("5 to run (5 never run before)");
  });

  it("run: a table of steps, metrics with intervals, the gate's rules, the release", async () => {
    const { status, out } = await mlops(["run", spec, "--threads", "1"], folder);
    expect(status).toBe(0);
    expect(out).toMatch(/model scorer +ran +\d+\.\d s +first run/);
    expect(out).toMatch(/accuracy +0\.\d{4} +0\.\d{4} to /);
    expect(out).toMatch(/gate ready: passed\n {2}passed scored\.accuracy >= 0\.6: 0\.\d+ against 0\.6000/);
    expect(out).toContain("release tree: tree version 1 as champion");
    expect(out).toMatch(/\nrun r1 passed\n$/);
  });

  it("run again, from another folder: all reused", async () => {
    const { out } = await mlops(["run", spec, "--json"], tmpdir());
    const report = JSON.parse(out) as { steps: { status: string }[] };
    expect(new Set(report.steps.map(({ status }) => status))).toEqual(new Set(["reused"]));
  });

  it("why: down to what started it", async () => {
    write(2, 0.6);
    const { out } = await mlops(["why", spec, "scored"], folder);
    expect(out).toBe(
      "evaluation scored: run\n  model scorer runs first\n  model scorer: run\n    depth: 3 → 2\n",
    );
    expect((await mlops(["why", spec, "scorer2"], folder)).status).toBe(1);
  });

  it("run: a gate that says no ends with 2 and shows the numbers", async () => {
    write(2, 1);
    const { status, out } = await mlops(["run", spec], folder);
    expect(status).toBe(2);
    expect(out).toMatch(/gate ready: failed\n {2}failed scored\.accuracy >= 1: 0\.\d+ against 1\b/);
    expect(out).toMatch(/release tree +blocked +gate ready said no/);
  });

  it("run: rows that cannot be read end with 1 and a place in the spec", async () => {
    const text = readFileSync(spec, "utf8");
    writeFileSync(spec, text.replace("rows.csv", "nowhere.csv"));
    const { status, err } = await mlops(["run", spec], folder);
    writeFileSync(spec, text);
    expect(status).toBe(1);
    expect(err).toMatch(/error\[ML4\d\d\d\].*nowhere\.csv/);
    expect(err).toMatch(/small\.mlops:4:/);
  });

  it("runs: listed, shown with plots as files, compared", async () => {
    const { runs } = (await json("runs")) as { runs: { run: string; status: string }[] };
    expect(runs.map(({ run, status }) => `${run} ${status}`)).toEqual([
      "r4 failed",
      "r3 failed",
      "r2 passed",
      "r1 passed",
    ]);
    const shown = await json("runs", "show", "r1", "--plots", "plots");
    expect(shown.metrics.scored).toHaveProperty("f1");
    expect(readdirSync(join(folder, "plots/scored"))).toContain("roc.svg");
    expect(existsSync(join(folder, "plots/scored/roc.svg"))).toBe(true);
    const { out } = await mlops(["runs", "compare", "r1", "r3", "--diff"], folder);
    expect(out).toMatch(/^METRIC +r1 +r3 +CHANGE\nscored\.accuracy/);
    expect(out).toContain("r1 → r3\n");
    expect(out).toContain("  model scorer depth: 3 → 2\n");
    expect(out).toContain("  gate ready require: scored.accuracy >= 0.6 → scored.accuracy >= 1\n");
    const sorted = await json("runs", "compare", "r1", "r2", "r3", "--sort", "accuracy");
    const accuracies = (sorted.runs as { metrics: { scored: { accuracy: number } } }[]).map(
      ({ metrics }) => metrics.scored.accuracy,
    );
    expect(accuracies).toEqual([...accuracies].sort((a, b) => b - a));
  });

  it.each([
    [["runs", "show", "r99"], "ML8009"],
    [["runs", "compare", "r1", "r2", "--sort", "nope"], "ML8013"],
    [["runs", "--limit", "few"], "ML8011"],
    [["run", "small.mlops", "--threads", "two"], "ML8011"],
  ])("mlops %j is %s", async (args, code) => {
    const { status, err } = await mlops(args, folder);
    expect(status).toBe(1);
    expect(err).toContain(`error[${code}]`);
  });

  it("gc: finds a damaged object, keeps what is released", async () => {
    expect(await json("gc", "--keep", "1", "--dry-run")).toMatchObject({
      runs: 0,
      dryRun: true,
      damaged: [],
    });
    const { artifacts } = await json("runs", "show", "r1");
    const digest = (artifacts as { digest: string }[])[0]!.digest;
    const hex = digest.slice("sha256:".length);
    writeFileSync(join(folder, ".mlops/objects", hex.slice(0, 2), hex.slice(2)), "damaged");
    const { status, err } = await mlops(["gc", "--verify"], folder);
    expect(status).toBe(3);
    expect(err).toContain(`Run again to make \`rows\` of dataset.points (run r1) anew: its object ${digest}`);
    write(3, 0.6);
    const report = (await json("run", spec)) as {
      status: string;
      steps: { name: string; status: string; why: string[] }[];
    };
    expect(report.status).toBe("passed");
    expect(report.steps.find(({ name }) => name === "points")?.why).toEqual([
      `its artifact rows is gone (${digest})`,
    ]);
    expect(report.steps.filter(({ status }) => status === "ran").map(({ name }) => name)).toEqual(["points"]);
  });
});

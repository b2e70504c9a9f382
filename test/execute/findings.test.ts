/** What goes wrong while a run works is told with a code at the spec's line, with what it stops, on the terminal and in JSON. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Cause, Diagnostic } from "../../language/diagnostics/diagnostic.ts";
import { mlops } from "../samples/mlops.ts";

const SPEC = `mlops 1

dataset flats: csv {
  path = "flats.csv"
  schema {
    area: float min 0
    rooms: int
    price: float label
  }
  split(seed = 1) { train = 70%, test = 30% }
}

model scorer: linear_regression {
  data = flats.train
  target = price
}

evaluation scored {
  model = scorer
  data = flats.test
  metrics = [r2]
  plots = false
}

gate ready {
  require scored.r2 >= -1000
  require scored.r2 >= 100% "better than anything can be"
}

release flat_prices {
  model = scorer
  gate = ready
}
`;

const folder = mkdtempSync(join(tmpdir(), "mlops-findings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => writeFileSync(join(folder, "flats.mlops"), SPEC));

const rows = Array.from({ length: 60 }, (_, i) => [
  20 + ((i * 37) % 90),
  1 + (i % 5),
  1000 + ((i * 7919) % 500),
]);
const data = (change: (line: number, row: readonly number[]) => readonly (number | string)[]) =>
  writeFileSync(
    join(folder, "flats.csv"),
    `area,rooms,price\n${rows.map((row, i) => change(i, row).join(",")).join("\n")}\n`,
  );

async function failed(): Promise<{
  status: number | null;
  err: string;
  roots: readonly Diagnostic[];
  followers: readonly Diagnostic[];
}> {
  const { status, err } = await mlops(["run", "flats.mlops"], folder);
  const { out } = await mlops(["run", "flats.mlops", "--json"], folder);
  const { diagnostics } = JSON.parse(out) as { diagnostics: readonly Diagnostic[] };
  return {
    status,
    err,
    roots: diagnostics.filter(({ because }) => because === undefined),
    followers: diagnostics.filter(({ because }) => because !== undefined),
  };
}

const lineOf = (text: string) => SPEC.split("\n").findIndex((line) => line.includes(text)) + 1;
const rootOf = ({ because }: { readonly because?: Cause }): string | undefined => {
  let cause = because;
  while (cause?.because !== undefined) cause = cause.because;
  return cause?.code;
};

describe("a run that fails", () => {
  it("on a bad row points at the column, and lists what does not run", async () => {
    data((i, row) => (i === 6 ? ["many", ...row.slice(1)] : row));
    const { status, err, roots, followers } = await failed();
    expect(status).toBe(1);
    expect(roots.map(({ code, range }) => [code, range.line])).toEqual([["ML4004", lineOf("area: float")]]);
    expect(roots[0]?.message).toContain('flats.csv:8:1: area "many" is not a finite number');
    expect(roots[0]?.stops).toEqual([
      "model scorer",
      "evaluation scored",
      "gate ready",
      "release flat_prices",
    ]);
    expect(followers.map(({ code, severity }) => `${code} ${severity}`)).toEqual(
      Array(4).fill("ML8050 info"),
    );
    expect(new Set(followers.map(rootOf))).toEqual(new Set(["ML4004"]));
    expect(err).toMatch(
      /error\[ML4004\]: Mend the rows.*\n +--> flats\.mlops:6:5\n[\s\S]*area: float min 0\n[\s\S]*\^{5}[\s\S]*flats\.csv:8:1[\s\S]*stops: model scorer, evaluation scored, gate ready, release flat_prices/,
    );
    expect(err).not.toContain("ML8050");
  }, 60_000);

  it("on numbers that overflow points at the target", async () => {
    data((i, row) => (i % 2 === 0 ? [...row.slice(0, 2), "1.7e308"] : row));
    const { status, err, roots } = await failed();
    expect(status).toBe(1);
    expect(roots.map(({ code, range }) => [code, range.line])).toEqual([
      ["ML5010", lineOf("target = price")],
    ]);
    expect(err).toMatch(
      /error\[ML5010\]: Divide price or its features down to a usual range: [\s\S]*target = price/,
    );
    expect(err).toContain("stops: evaluation scored, gate ready, release flat_prices");
  }, 60_000);

  it("on a gate that says no points at its rule", async () => {
    data((_, row) => row);
    const { status, err, roots, followers } = await failed();
    expect(status).toBe(2);
    expect(roots.map(({ code, range }) => [code, range.line])).toEqual([["ML6020", lineOf("better than")]]);
    expect(roots[0]?.stops).toEqual(["release flat_prices"]);
    expect(followers.map(({ message }) => message)).toEqual([
      "The release `flat_prices` did not run, because gate ready said no",
    ]);
    expect(err).toMatch(/error\[ML6020\][\s\S]*better than anything can be[\s\S]*flats\.mlops:\d+:\d+/);
  }, 60_000);
});

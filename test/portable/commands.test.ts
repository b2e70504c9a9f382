import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandModule, Invocation } from "../../cli/command.ts";
import { command as doctor } from "../../cli/commands/doctor.ts";
import { command as predict } from "../../cli/commands/predict.ts";
import { chosenEngine, detectEngines } from "../../runtime/engine/engines.ts";
import { exportModel } from "../../runtime/portable/export.ts";
import { compileRow, predictTable } from "../../runtime/portable/predict.ts";
import { openRegistry } from "../../runtime/registry/registry.ts";
import { openStore } from "../../runtime/store/store.ts";
import { everyKind } from "./models.ts";
import { INPUTS, input, table } from "./rows.ts";

const project = mkdtempSync(join(tmpdir(), "commands-"));
const kinds = everyKind(4);
const boosting = kinds.get("boosting, native categories")!;
const linear = {
  ...kinds.get("linear regression")!,
  inputs: INPUTS.map((column) => (column.name === "age" ? input("age", "int", { nullable: false }) : column)),
};
const row = { age: 40, area: "rural", income: 4200.5, size: 2, city: "city 07" };

beforeAll(async () => {
  const state = join(project, ".mlops");
  const store = openStore(state);
  using registry = openRegistry(state);
  const rows = table(20, 1);
  const context = { store, signal: new AbortController().signal, log: () => {} };
  for (const [name, model] of [
    ["risk.v2", boosting],
    ["price", linear],
  ] as const) {
    const files = await exportModel(model, { table: rows, raw: predictTable(model, rows).raw }, context);
    registry.release({ name, files, threshold: null, metrics: {}, by: "test" }, "champion");
  }
  store.close();
});
afterAll(() => rmSync(project, { recursive: true }));

async function call(
  module: CommandModule,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) {
  const out: string[] = [];
  const err: string[] = [];
  const invocation: Invocation = {
    terminal: {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      color: false,
      interactive: false,
      width: 100,
    },
    cwd: project,
    json: options["json"] === true,
    signal: new AbortController().signal,
    load: () => Promise.resolve(null),
  };
  const code = await module.run(invocation, args, options);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("mlops predict", () => {
  const given = JSON.stringify(row);

  it("predicts what the served model predicts, by name, version or alias", async () => {
    const expected = compileRow(boosting)(row);
    for (const name of ["risk.v2", "risk.v2@1", "risk.v2.champion"]) {
      const { code, out } = await call(predict, [name], { row: given, json: true });
      expect(code).toBe(0);
      expect(JSON.parse(out)).toEqual({
        model: "risk.v2",
        version: 1,
        label: expected.label,
        probabilities: { no: expected.probabilities![0], yes: expected.probabilities![1] },
        raw: [...expected.raw],
      });
    }
  });

  it("says why, with everything in the JSON", async () => {
    const { out } = await call(predict, ["risk.v2"], { row: given, json: true, explain: true });
    const { explanation, raw } = JSON.parse(out) as {
      explanation: { base: number[]; paths: { adds: number[] }[] };
      raw: number[];
    };
    expect(explanation.paths.reduce((sum, { adds }) => sum + adds[0]!, explanation.base[0]!)).toBe(raw[0]);
    const text = await call(predict, ["price"], { row: given, explain: true });
    expect(text.out).toContain("age is 40");
    expect(text.out).toMatch(/^y = .* \(price version 1\)/);
  });

  it("refuses what it cannot predict, naming the field", async () => {
    const refused = async (name: string, text: string) => {
      const { code, err } = await call(predict, [name], { row: text });
      expect(code).toBe(1);
      return err;
    };
    expect(await refused("price", '{"size": 1}')).toContain("error[ML5509]: Give age");
    expect(await refused("price", '{"age": "old"}')).toContain(
      'error[ML5504]: Mend the row: age must be a whole number, not "old"',
    );
    expect(await refused("price", "[1]")).toContain("error[ML5505]");
    expect(await refused("price", "{")).toContain("error[ML5505]");
    expect(await refused("rice", "{}")).toContain("error[ML5506]");
    expect(await refused("price@9", "{}")).toContain("error[ML5506]");
  });

  it("points at fields that the model does not read", async () => {
    const { code, err } = await call(predict, ["price"], { row: '{"age": 3, "Size": 2}' });
    expect([code, err]).toEqual([0, "warning[ML5508]: Check the field Size: the model does not read it"]);
  });
});

describe("the engines of this machine", () => {
  it("are tried by computing with them", async () => {
    const engines = await detectEngines();
    expect(engines.map((engine) => engine.name)).toEqual(["onnx", "wasm", "tensorflow"]);
    const wasm = engines.find((engine) => engine.name === "wasm");
    expect(wasm).toMatchObject({ package: "onnxruntime-web", works: true, why: "it loads and computes" });
    for (const engine of engines.filter((one) => !one.works))
      expect(engine.why).toMatch(/not installed|does not load|install step/);
    expect(["onnx", "wasm"]).toContain(chosenEngine(engines));
  });

  it("are what `mlops doctor` reports", async () => {
    const { code, out } = await call(doctor, [], { json: true });
    const report = JSON.parse(out) as Record<string, unknown>;
    expect(code).toBe(0);
    expect(report).toMatchObject({
      ok: true,
      node: { version: process.versions.node, ok: true },
      duckdb: { ok: true },
    });
    expect((await call(doctor, [], {})).out).toContain("wasm: onnxruntime-web");
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openSession } from "../../runtime/engine/onnx.ts";
import { StepFailure } from "../../runtime/execute/step.ts";
import { exportModel } from "../../runtime/portable/export.ts";
import { DamagedModel, readFastBin, writeFastBin } from "../../runtime/portable/fast-bin.ts";
import type { PortableModel } from "../../runtime/portable/form.ts";
import { checkGraph, isExact, openGraph } from "../../runtime/portable/gate.ts";
import { writeOnnx } from "../../runtime/portable/onnx/write.ts";
import { compileRow, predictTable } from "../../runtime/portable/predict.ts";
import { readModel } from "../../runtime/portable/read.ts";
import { openStore } from "../../runtime/store/store.ts";
import { everyKind } from "./models.ts";
import { table } from "./rows.ts";

const folder = mkdtempSync(join(tmpdir(), "portable-"));
const store = openStore(folder);
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const context = { store, signal: new AbortController().signal, log: () => {}, declaration: "model.scorer" };
const kinds = everyKind(9);
const kind = (name: string): PortableModel => {
  const found = kinds.get(name);
  if (found === undefined) throw new Error(name);
  return found;
};
const rows = table(40, 2);

describe("export", () => {
  it.each([...kinds])("writes %s, which reads back as itself", async (_, model) => {
    const { raw } = predictTable(model, rows);
    const files = await exportModel(model, { table: rows, raw }, context);
    expect(Object.keys(files)).toEqual(["model.onnx", "signature.json", "fast.bin"]);
    const read = await readModel(store, files);
    expect(read.model).toEqual(model);
    expect(read.signature.columns).toEqual(model.inputs);
    expect(await exportModel(read.model, { table: rows, raw }, context)).toEqual(files);
  });

  it("gives golden rows that any caller can send, edge rows last", async () => {
    const model = kind("boosting, native categories");
    const files = await exportModel(model, { table: rows, raw: predictTable(model, rows).raw }, context);
    const { signature } = await readModel(store, files);
    const predict = compileRow(model);
    for (const { row, raw, predicted } of signature.golden) {
      expect([...predict(row).raw]).toEqual(raw);
      expect(predict(row).label).toBe(predicted);
    }
    const [missing, unknown] = signature.golden.slice(-2);
    expect(new Set(Object.values(missing?.row ?? {}))).toEqual(new Set([null]));
    expect(unknown?.row["area"]).toBe("a value that training never saw");
  });

  it("says which steps run before the graph, and what is lower-cased", async () => {
    const model = kind("steps before the graph");
    const files = await exportModel(model, { table: rows, raw: predictTable(model, rows).raw }, context);
    const { signature } = await readModel(store, files);
    expect(signature.before.map((step) => step.op)).toEqual([
      "impute_string",
      "derive",
      "derive",
      "impute_string",
    ]);
    expect(signature.graph.num.map((input) => input.name)).toEqual(["age", "before:late"]);
    expect(signature.graph.str).toEqual([
      { name: "before:later", from: "before", column: "later", lower: false },
      { name: "lower:note", from: "before", column: "note", lower: true },
    ]);
    expect(signature.rules.text?.unicode).toMatch(/^\d+/);
  });

  it("refuses a model that does not predict what training said, by a single bit", async () => {
    const model = kind("boosting, encoded");
    const { raw } = predictTable(model, rows);
    const wrong = Float64Array.from(raw);
    wrong[7] = wrong[7]! + 2 ** -52;
    const failure = await exportModel(model, { table: rows, raw: wrong }, context).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(StepFailure);
    expect((failure as StepFailure).diagnostic).toMatchObject({
      code: "ML5501",
      declaration: "model.scorer",
      values: {
        runtime: "the direct evaluator",
        row: "7",
        output: "raw[0]",
        actual: String(raw[7]),
        expected: String(wrong[7]),
      },
    });
  });

  it("allows what sums in another order may differ by, and no more", async () => {
    const model = kind("logistic regression");
    const { raw } = predictTable(model, rows);
    await exportModel(model, { table: rows, raw: raw.map((x) => x * (1 + 1e-11)) }, context);
    await expect(exportModel(model, { table: rows, raw: raw.map((x) => x + 1e-7) }, context)).rejects.toThrow(
      /ML5501/,
    );
  });

  it("passes over rows that no caller could send", async () => {
    const model = kind("boosting, encoded");
    const income = {
      type: "number" as const,
      values: Float64Array.from({ length: 40 }, (_, i) => (i === 0 ? Number.POSITIVE_INFINITY : i)),
    };
    const odd = { rows: 40, columns: new Map(rows.columns).set("income", income) };
    const files = await exportModel(model, { table: odd, raw: predictTable(model, odd).raw }, context);
    const { signature } = await readModel(store, files);
    expect(signature.golden[0]?.row["income"]).toBe(1);
  });

  it("needs a runtime that can read the graph", async () => {
    const lines: string[] = [];
    const opened = await openGraph(Uint8Array.of(1, 2, 3), (line) => lines.push(line));
    expect(opened).toMatchObject({
      reasons: [expect.stringContaining("onnxruntime-node: "), expect.stringContaining("onnxruntime-web: ")],
    });
    expect(lines).toHaveLength(2);
  });
});

describe("the comparison with a graph", () => {
  it("finds a graph of another model", async () => {
    const model = kind("boosting, native categories");
    if (model.learner.is !== "trees") throw new Error("no trees");
    const value = Float64Array.from(model.learner.value, (x) => x * (1 + 2 ** -50));
    const { bytes, layout } = writeOnnx({ ...model, learner: { ...model.learner, value } });
    const session = await openSession("onnx", bytes);
    const found = await checkGraph(model, layout, session, rows, predictTable(model, rows));
    expect(found).toMatchObject({ runtime: "onnxruntime-node", output: "raw[0]" });
    await session.release();
  });

  it("finds a graph with another threshold", async () => {
    const model = kind("boosting, native categories");
    const { bytes, layout } = writeOnnx({ ...model, threshold: 0.9999 });
    const session = await openSession("onnx", bytes);
    const found = await checkGraph(model, layout, session, rows, predictTable(model, rows));
    expect(found).toMatchObject({ output: "label", expected: "yes", actual: "no" });
    await session.release();
  });

  it("is exact for trees on arithmetic only", () => {
    expect(isExact(kind("forest, binary"))).toBe(true);
    expect(isExact(kind("trees on text"))).toBe(false);
    expect(isExact(kind("linear regression"))).toBe(false);
  });
});

describe("fast.bin", () => {
  const model = kind("forest, three classes");
  const bytes = writeFastBin(model);

  it("is the same wherever in memory it stands", () => {
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(readFastBin(shifted)).toEqual(model);
  });

  it("is refused when any byte is another", () => {
    for (let at = 0; at < bytes.length; at += 97) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = damaged[at]! ^ 1;
      expect(() => readFastBin(damaged), `byte ${at}`).toThrow(DamagedModel);
    }
  });

  it("is refused when it ends early", () => {
    for (const length of [0, 7, 15, 200, bytes.length - 1]) {
      expect(() => readFastBin(bytes.subarray(0, length)), `${length} bytes`).toThrow(DamagedModel);
    }
  });
});

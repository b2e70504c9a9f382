import { describe, expect, it } from "vitest";
import { type OrtName, openSession } from "../../runtime/engine/onnx.ts";
import { readFastBin, writeFastBin } from "../../runtime/portable/fast-bin.ts";
import { checkGraph, checkRows, compareRaw } from "../../runtime/portable/gate.ts";
import { writeOnnx } from "../../runtime/portable/onnx/write.ts";
import { predictTable } from "../../runtime/portable/predict.ts";
import { withEdgeRows } from "../../runtime/portable/rows.ts";
import { everyKind } from "./models.ts";
import { INPUTS, table } from "./rows.ts";

const rows = withEdgeRows(INPUTS, table(300, 11));

describe.each([...everyKind(5)])("%s", (_, model) => {
  const expected = predictTable(model, rows);

  it("predicts something that depends on the row", () => {
    const distinct = new Set(expected.raw.filter((value) => !Number.isNaN(value)));
    expect(distinct.size).toBeGreaterThan(
      model.learner.is === "trees" && model.learner.feature.length === 1 ? 0 : 5,
    );
  });

  it("is the same row by row as over a table", () => {
    expect(checkRows(model, rows, expected)).toBeNull();
  });

  it("is the same after fast.bin", () => {
    expect(
      compareRaw(model, "fast.bin", expected.raw, predictTable(readFastBin(writeFastBin(model)), rows).raw),
    ).toBeNull();
  });

  it.each<OrtName>(["onnx", "wasm"])("is the same in ONNX Runtime (%s)", async (runtime) => {
    const { bytes, layout } = writeOnnx(model);
    const session = await openSession(runtime, bytes);
    expect(await checkGraph(model, layout, session, rows, expected)).toBeNull();
    await session.release();
  });
});

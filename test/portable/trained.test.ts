import { describe, expect, it } from "vitest";
import { openSession } from "../../runtime/engine/onnx.ts";
import { checkGraph, checkRows, compareRaw } from "../../runtime/portable/gate.ts";
import { writeOnnx } from "../../runtime/portable/onnx/write.ts";
import { predictTable } from "../../runtime/portable/predict.ts";
import { withEdgeRows } from "../../runtime/portable/rows.ts";
import { INPUTS, table } from "./rows.ts";
import { everyTrained } from "./trained.ts";

const rows = withEdgeRows(INPUTS, table(300, 17));

describe.each([...(await everyTrained())])("a trained %s", (_, { model, raw }) => {
  const expected = predictTable(model, rows);

  it("is served as it was trained", () => {
    expect(new Set(expected.raw).size).toBeGreaterThan(3);
    expect(compareRaw(model, "training", expected.raw, raw(rows))).toBeNull();
    expect(checkRows(model, rows, expected)).toBeNull();
  });

  it.each(["onnx", "wasm"] as const)("is the same in ONNX Runtime (%s)", async (runtime) => {
    const { bytes, layout } = writeOnnx(model);
    const session = await openSession(runtime, bytes);
    expect(await checkGraph(model, layout, session, rows, expected)).toBeNull();
    await session.release();
  });
});

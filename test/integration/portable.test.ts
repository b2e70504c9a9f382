/**
 * Python's ONNX Runtime on every kind of model: the same raw outputs on the same rows, missing and unknown values
 * included, and graphs that `onnx.checker` accepts. Needs `MLOPS_PYTHON`, a Python with numpy, onnx and onnxruntime.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { feedsOf } from "../../runtime/portable/feeds.ts";
import { compareRaw } from "../../runtime/portable/gate.ts";
import { writeOnnx } from "../../runtime/portable/onnx/write.ts";
import { predictTable } from "../../runtime/portable/predict.ts";
import { withEdgeRows } from "../../runtime/portable/rows.ts";
import { everyKind } from "../portable/models.ts";
import { INPUTS, table } from "../portable/rows.ts";
import { everyTrained } from "../portable/trained.ts";

const python = process.env["MLOPS_PYTHON"];

/** Reads feeds as JSON (NaN as null), checks the graph, writes labels as JSON and numbers as raw doubles. */
const SCRIPT = `
import json, sys
import numpy, onnx, onnxruntime
for folder in sys.argv[1:]:
    model = onnx.load(folder + "/model.onnx")
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder + "/model.onnx", options)
    feeds = json.load(open(folder + "/feeds.json"))
    given = {}
    if feeds["num"] is not None:
        values = numpy.array(feeds["num"]["values"], dtype=numpy.float64)
        given["num"] = values.reshape(feeds["rows"], feeds["num"]["columns"])
    if feeds["str"] is not None:
        values = numpy.array(feeds["str"]["values"], dtype=object)
        given["str"] = values.reshape(feeds["rows"], feeds["str"]["columns"])
    names = [output.name for output in session.get_outputs()]
    results = dict(zip(names, session.run(None, given)))
    results["raw"].astype("<f8").tofile(folder + "/raw.bin")
    if "probabilities" in results:
        results["probabilities"].astype("<f8").tofile(folder + "/probabilities.bin")
    json.dump(results["label"].tolist(), open(folder + "/label.json", "w"))
`;

const trained = [...(await everyTrained())].map(([name, { model }]) => [`a trained ${name}`, model] as const);
const kinds = [...everyKind(21), ...trained];
const rows = withEdgeRows(INPUTS, table(200, 8));

describe.skipIf(python === undefined)("Python's ONNX Runtime", () => {
  const root = mkdtempSync(join(tmpdir(), "portable-python-"));
  const folders = kinds.map(() => mkdtempSync(join(root, "kind-")));
  const doubles = (file: string) => new Float64Array(new Uint8Array(readFileSync(file)).buffer);

  beforeAll(() => {
    kinds.forEach(([, model], i) => {
      const { bytes, layout } = writeOnnx(model);
      const { num, str } = feedsOf(layout, rows);
      writeFileSync(join(folders[i]!, "model.onnx"), bytes);
      // JSON has no NaN; numpy reads null as NaN.
      const feeds = { rows: rows.rows, num: num === null ? null : { ...num, values: [...num.values] }, str };
      writeFileSync(join(folders[i]!, "feeds.json"), JSON.stringify(feeds));
    });
    const ran = spawnSync(python ?? "", ["-c", SCRIPT, ...folders], { encoding: "utf8" });
    expect(ran.stderr + String(ran.error ?? ""), "python").toBe("");
    expect(ran.status).toBe(0);
  }, 120_000);
  afterAll(() => rmSync(root, { recursive: true }));

  it.each(kinds.map(([name, model], i) => ({ name, model, folder: folders[i]! })))(
    "gives the same for $name",
    ({ model, folder }) => {
      const expected = predictTable(model, rows);
      expect(compareRaw(model, "Python", expected.raw, doubles(join(folder, "raw.bin")))).toBeNull();
      const labels: readonly (string | number)[] = JSON.parse(
        readFileSync(join(folder, "label.json"), "utf8").replaceAll("NaN", "null"),
      );
      const finite = Array.from({ length: rows.rows }, (_, i) => i).filter(
        (i) => !Number.isNaN(expected.raw[i * model.learner.outputs]),
      );
      expect(finite.length).toBeGreaterThan(50);
      if (expected.probabilities !== null) {
        const probabilities = doubles(join(folder, "probabilities.bin"));
        const classes = model.classes.length;
        for (const i of finite) {
          expect(labels[i]).toBe(model.classes[expected.predicted[i]!]);
          for (let k = 0; k < classes; k++) {
            expect(
              Math.abs(probabilities[i * classes + k]! - expected.probabilities[i * classes + k]!),
            ).toBeLessThanOrEqual(1e-9);
          }
        }
      } else if (model.learner.is === "trees") {
        for (const i of finite) expect(labels[i]).toBe(expected.predicted[i]);
      }
    },
  );
});

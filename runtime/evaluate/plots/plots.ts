/** The pictures that an evaluation keeps, by name. */
import type { Scored } from "../scored.ts";
import { calibrationPlot, precisionRecallPlot, rocPlot } from "./curves.ts";
import { confusionPlot, type Importance, importancePlot } from "./matrices.ts";
import { residualsPlot } from "./residuals.ts";

/** SVG documents: `roc`, `precision_recall`, `calibration`, `confusion` or `residuals`, and `importance`. */
export function drawPlots(scored: Scored, importances: readonly Importance[]): Record<string, string> {
  const importance: Record<string, string> =
    importances.length === 0 ? {} : { importance: importancePlot(importances) };
  if (scored.task === "regression") return { ...importance, residuals: residualsPlot(scored) };
  return {
    roc: rocPlot(scored),
    precision_recall: precisionRecallPlot(scored),
    calibration: calibrationPlot(scored),
    confusion: confusionPlot(scored),
    ...importance,
  };
}

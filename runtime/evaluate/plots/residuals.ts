/** Residuals of a regression by what was predicted. */
import type { Scored } from "../scored.ts";
import { axes, BOX, path, roundRange } from "./axes.ts";
import { element, picture } from "./svg.ts";

/** Cells of the grid that dots snap to, each way: a million rows stay a small picture. */
const CELLS = 90;

export function residualsPlot(scored: Scored): string {
  const { truth, predicted } = scored;
  const residuals = truth.map((value, i) => value - predicted[i]!);
  const across = roundRange(...ends(predicted));
  const up = roundRange(...ends(residuals));
  const frame = axes(
    { title: "Predicted", low: across[0], high: across[1] },
    { title: "Residual (true − predicted)", low: up[0], high: up[1] },
  );
  const cells = new Map<number, number>();
  for (let i = 0; i < scored.rows; i += 1) {
    const column = Math.round(((predicted[i]! - across[0]) / (across[1] - across[0])) * CELLS);
    const row = Math.round(((residuals[i]! - up[0]) / (up[1] - up[0])) * CELLS);
    const cell = column * (CELLS + 1) + row;
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  const most = Math.max(...cells.values());
  const dots = [...cells].map(([cell, rows]) => {
    const cx = BOX.left + (Math.floor(cell / (CELLS + 1)) / CELLS) * (BOX.right - BOX.left);
    const cy = BOX.bottom - ((cell % (CELLS + 1)) / CELLS) * (BOX.bottom - BOX.top);
    return element("circle", { class: "fa faint", cx, cy, r: 1.8 + 2.2 * Math.sqrt(rows / most) });
  });
  const zero = element("path", {
    class: "guide",
    d: path(frame, [
      [across[0], 0],
      [across[1], 0],
    ]),
  });
  return picture(
    "Residuals",
    "True minus predicted value by predicted value; larger dots stand for more rows",
    [...frame.body, ...dots, zero],
  );
}

function ends(values: Float64Array): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** Pictures of counts and weights: the confusion matrix and the features' importance. */
import { confusionOf } from "../metrics/confusion.ts";
import { everyRow, type Scored } from "../scored.ts";
import { BOX } from "./axes.ts";
import { clip, element, HEIGHT, label, picture, short, WIDTH } from "./svg.ts";

/** Rows by truth and prediction; the darker a cell, the larger its share of the true class. */
export function confusionPlot(scored: Scored): string {
  const classes = scored.classes.length;
  const counts = confusionOf(scored)(everyRow(scored.rows));
  const left = 112;
  const size = Math.min((WIDTH - left - 22) / classes, (HEIGHT - 62 - 62) / classes);
  const top = 44;
  const body: string[] = [];
  scored.classes.forEach((truth, t) => {
    const row = counts.subarray(t * classes, (t + 1) * classes);
    const rows = row.reduce((sum, n) => sum + n, 0);
    body.push(
      label(left - 8, top + (t + 0.5) * size + 4, clip(truth, 12), { "text-anchor": "end", class: "small" }),
    );
    row.forEach((n, p) => {
      const share = rows === 0 ? 0 : n / rows;
      const [x, y] = [left + p * size, top + t * size];
      body.push(
        element("rect", {
          class: "fa",
          "fill-opacity": 0.07 + 0.93 * share,
          x: x + 1,
          y: y + 1,
          width: size - 2,
          height: size - 2,
          rx: 3,
        }),
      );
      if (classes > 12) return;
      const tone = share > 0.55 ? { class: "on" } : {};
      body.push(
        label(x + size / 2, y + size / 2 + (size > 56 ? 0 : 4), String(n), {
          "text-anchor": "middle",
          ...tone,
        }),
      );
      if (size > 56) {
        const small = share > 0.55 ? "small on" : "small";
        body.push(
          label(x + size / 2, y + size / 2 + 16, `${(share * 100).toFixed(1)}%`, {
            "text-anchor": "middle",
            class: small,
          }),
        );
      }
    });
  });
  scored.classes.forEach((name, p) => {
    const x = left + (p + 0.5) * size;
    body.push(
      label(x, top + classes * size + 16, clip(name, Math.max(4, Math.floor(size / 7))), {
        "text-anchor": "middle",
        class: "small",
      }),
    );
  });
  const middle = top + (classes * size) / 2;
  body.push(
    label(left + (classes * size) / 2, top + classes * size + 38, "Predicted", { "text-anchor": "middle" }),
  );
  body.push(
    label(18, middle, "True", { "text-anchor": "middle", transform: `rotate(-90 18 ${short(middle)})` }),
  );
  return picture("Confusion matrix", "Rows by true and predicted class; shares of the true class", body);
}

/** What a feature saved of the loss, in the model's own unit. */
export interface Importance {
  readonly name: string;
  readonly gain: number;
}

/** Bars shown; the rest is little. */
const BARS = 15;

/** Share of the loss saved by splits on (or weight given to) each feature, largest first. */
export function importancePlot(importances: readonly Importance[]): string {
  const total = importances.reduce((sum, one) => sum + one.gain, 0);
  const shown = importances.toSorted((a, b) => b.gain - a.gain || (a.name < b.name ? -1 : 1)).slice(0, BARS);
  const left = 150;
  const bar = 19;
  const height = 44 + shown.length * bar + 44;
  const most = Math.max(...shown.map((one) => one.gain));
  const body = shown.flatMap(({ name, gain }, i) => {
    const y = 44 + i * bar;
    const width = most === 0 ? 0 : (gain / most) * (BOX.right - left - 48);
    const share = total === 0 ? 0 : gain / total;
    return [
      label(left - 8, y + 13, clip(name, 20), { "text-anchor": "end", class: "small" }),
      element("rect", { class: "fa", x: left, y: y + 3, width: Math.max(width, 1), height: bar - 6, rx: 2 }),
      label(left + Math.max(width, 1) + 6, y + 13, `${(share * 100).toFixed(1)}%`, { class: "small" }),
    ];
  });
  const rest =
    importances.length > shown.length ? `, ${importances.length - shown.length} smaller ones not shown` : "";
  body.push(
    label((left + BOX.right) / 2, height - 14, `Share of the total importance${rest}`, {
      "text-anchor": "middle",
    }),
  );
  return picture("Feature importance", "Importance of each feature", body, height);
}

/** The loss curves of a training, as an SVG. */
import { axes, BOX, path, roundRange } from "../../evaluate/plots/axes.ts";
import { element, label, picture } from "../../evaluate/plots/svg.ts";
import type { HistoryEntry } from "./training.ts";

type Point = readonly [number, number];

/** Training and validation loss by step; `unit` is what a loss is counted in. */
export function lossPlot(history: readonly HistoryEntry[], unit = "nats"): string {
  const train = history.map(({ step, loss }): Point => [step, loss]);
  const validation = history.flatMap(({ step, validation: loss }): Point[] =>
    loss === undefined ? [] : [[step, loss]],
  );
  const losses = [...train, ...validation].map(([, loss]) => loss);
  const [low, high] = roundRange(Math.min(...losses), Math.max(...losses));
  const last = Math.max(1, ...history.map(({ step }) => step));
  const frame = axes({ title: "Step", low: 0, high: last }, { title: `Loss (${unit})`, low, high });
  const curves = [
    { name: "training", series: "a", points: train },
    { name: "validation", series: "b", points: validation },
  ].filter(({ points }) => points.length > 0);
  const legend = curves.flatMap(({ name, series, points }, i) => {
    const y = BOX.top + 18 + 18 * i;
    return [
      element("rect", { class: `f${series}`, x: BOX.right - 168, y: y - 9, width: 10, height: 10, rx: 2 }),
      label(BOX.right - 152, y, `${name}  ${points.at(-1)![1].toPrecision(4)}`),
    ];
  });
  return picture("Loss", "Training and validation loss by step", [
    ...frame.body,
    ...curves.map(({ series, points }) =>
      element("path", { class: `line ${series}`, d: path(frame, points) }),
    ),
    ...legend,
  ]);
}

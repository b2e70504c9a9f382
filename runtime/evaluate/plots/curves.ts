/** ROC, precision-recall and calibration curves. */

import { binaryAuc, binaryAveragePrecision, descendingOrder } from "../metrics/ranking.ts";
import { classScores, everyRow, type Scored } from "../scored.ts";
import { axes, BOX, type Frame, path } from "./axes.ts";
import { clip, element, label, picture, SERIES } from "./svg.ts";

type Point = readonly [number, number];

/** More points than this cannot be seen. */
const POINTS = 400;

interface Counted {
  /** Cumulated hits and false alarms after each distinct score, best first. */
  readonly tp: number[];
  readonly fp: number[];
}

function count(scores: Float64Array, truth: Float64Array, of: number): Counted {
  const order = descendingOrder(scores);
  const counted: Counted = { tp: [], fp: [] };
  let tp = 0;
  let fp = 0;
  order.forEach((row, j) => {
    if (truth[row] === of) tp += 1;
    else fp += 1;
    if (j + 1 < order.length && scores[order[j + 1]!] === scores[row]) return;
    counted.tp.push(tp);
    counted.fp.push(fp);
  });
  return counted;
}

/** Classes that get a curve: the positive one of two, the first six of more. */
function curvesOf(scored: Scored): { readonly of: number; readonly name: string; readonly series: string }[] {
  const all = scored.task === "binary" ? [1] : scored.classes.map((_, k) => k);
  return all.slice(0, SERIES.length).map((of, i) => ({ of, name: scored.classes[of]!, series: SERIES[i]! }));
}

export function rocPlot(scored: Scored): string {
  const frame = axes(
    { title: "False positive rate", low: 0, high: 1 },
    { title: "True positive rate", low: 0, high: 1 },
  );
  const body = [
    ...frame.body,
    guide(frame, [
      [0, 0],
      [1, 1],
    ]),
  ];
  const legend: Entry[] = [];
  for (const { of, name, series } of curvesOf(scored)) {
    const scores = classScores(scored, of);
    const { tp, fp } = count(scores, scored.truth, of);
    const [positives, negatives] = [tp.at(-1)!, fp.at(-1)!];
    if (positives === 0 || negatives === 0) continue;
    const points: Point[] = [[0, 0], ...tp.map((hits, i): Point => [fp[i]! / negatives, hits / positives])];
    body.push(element("path", { class: `line ${series}`, d: path(frame, thin(points)) }));
    legend.push({
      series,
      text: `${clip(name, 18)}  AUC ${binaryAuc(scores, scored.truth, of)(everyRow(scored.rows))!.toFixed(3)}`,
    });
  }
  return picture("ROC curve", "True positive rate by false positive rate", [
    ...body,
    ...legendOf(legend, BOX.bottom),
  ]);
}

export function precisionRecallPlot(scored: Scored): string {
  const frame = axes({ title: "Recall", low: 0, high: 1 }, { title: "Precision", low: 0, high: 1 });
  const body = [...frame.body];
  const legend: Entry[] = [];
  for (const { of, name, series } of curvesOf(scored)) {
    const scores = classScores(scored, of);
    const { tp, fp } = count(scores, scored.truth, of);
    const positives = tp.at(-1)!;
    if (positives === 0) continue;
    const share = positives / scored.rows;
    body.push(
      guide(frame, [
        [0, share],
        [1, share],
      ]),
    );
    const points = tp.map((hits, i): Point => [hits / positives, hits / (hits + fp[i]!)]);
    body.push(
      element("path", { class: `line ${series}`, d: path(frame, thin([[0, points[0]![1]], ...points])) }),
    );
    const average = binaryAveragePrecision(scores, scored.truth, of)(everyRow(scored.rows))!;
    legend.push({ series, text: `${clip(name, 18)}  AP ${average.toFixed(3)}` });
  }
  return picture("Precision and recall", "Precision by recall; dashed: the share of positives", [
    ...body,
    ...legendOf(legend, BOX.bottom),
  ]);
}

/** Ten bins of equal width; a dot's area shows how many rows it stands for. */
export function calibrationPlot(scored: Scored): string {
  const frame = axes(
    { title: "Predicted probability (mean of bin)", low: 0, high: 1 },
    { title: "Observed share", low: 0, high: 1 },
  );
  const body = [
    ...frame.body,
    guide(frame, [
      [0, 0],
      [1, 1],
    ]),
  ];
  const legend: Entry[] = [];
  for (const { of, name, series } of curvesOf(scored)) {
    const bins = Array.from({ length: 10 }, () => ({ rows: 0, predicted: 0, observed: 0 }));
    classScores(scored, of).forEach((p, i) => {
      const bin = bins[Math.min(9, Math.floor(p * 10))]!;
      bin.rows += 1;
      bin.predicted += p;
      bin.observed += Number(scored.truth[i] === of);
    });
    const filled = bins.filter((bin) => bin.rows > 0);
    const points = filled.map((bin): Point => [bin.predicted / bin.rows, bin.observed / bin.rows]);
    body.push(element("path", { class: `line ${series}`, d: path(frame, points) }));
    filled.forEach((bin, i) => {
      const r = 2.5 + 7 * Math.sqrt(bin.rows / scored.rows);
      body.push(
        element("circle", { class: `f${series}`, cx: frame.x(points[i]![0]), cy: frame.y(points[i]![1]), r }),
      );
    });
    legend.push({ series, text: clip(name, 24) });
  }
  return picture("Calibration", "Observed share by predicted probability; dashed: perfectly calibrated", [
    ...body,
    ...legendOf(legend, BOX.bottom),
  ]);
}

function guide(frame: Frame, points: readonly Point[]): string {
  return element("path", { class: "guide", d: path(frame, points) });
}

/** Leaves out points that would fall on the same pixels; the first and last stay. */
function thin(points: readonly Point[]): Point[] {
  const step = 1 / POINTS;
  const kept: Point[] = [];
  points.forEach((point, i) => {
    const last = kept.at(-1);
    const far =
      last === undefined || Math.abs(point[0] - last[0]) >= step || Math.abs(point[1] - last[1]) >= step;
    if (far || i === points.length - 1) kept.push(point);
  });
  return kept;
}

interface Entry {
  readonly series: string;
  readonly text: string;
}

/** In the lower right corner, where good curves do not go. */
function legendOf(entries: readonly Entry[], bottom: number): string[] {
  return entries.flatMap(({ series, text }, i) => {
    const y = bottom - 14 - (entries.length - 1 - i) * 18;
    return [
      element("path", { class: `line ${series}`, d: `M${BOX.right - 190} ${y - 4}h18` }),
      label(BOX.right - 166, y, text, { class: "small" }),
    ];
  });
}
